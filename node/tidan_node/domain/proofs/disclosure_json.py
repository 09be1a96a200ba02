"""A disclosure as RFC 8785 JSON; whatever is spelled in another way is refused, to the byte."""

from __future__ import annotations

import re
from typing import Final

from tidan_node.domain.proofs.canonical import JsonValue, Scalar, canonical_bytes, read_json
from tidan_node.domain.proofs.disclosure import DisclosedField, Disclosure, Proof
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.problems import FigureMalformed, JsonMalformed, ProofRefused

FORMAT: Final = "tidan/disclosure/v1"
_HASH: Final = re.compile(r"0x[0-9a-f]{64}")
_AMOUNT: Final = re.compile(r"0|-?[1-9][0-9]{0,19}")


def disclosure_json(disclosure: Disclosure) -> bytes:
    """The one JSON form of a disclosure."""
    return canonical_bytes(
        {
            "format": FORMAT,
            "schema": disclosure.schema,
            "fields": [_proof(field.proof) | _value(field.value) for field in disclosure.fields],
            "absences": [_proof(absence) for absence in disclosure.absences],
        }
    )


def read_disclosure(raw: bytes) -> Disclosure:
    """The disclosure in `raw`, yet to be verified."""
    try:
        document = read_json(raw)
    except JsonMalformed as problem:
        raise ProofRefused(problem.detail, rule="json") from problem
    match document:
        case {
            "format": str(known),
            "schema": int(schema),
            "fields": list(fields),
            "absences": list(absences),
        } if known == FORMAT and not isinstance(schema, bool):
            disclosure = Disclosure(
                schema,
                tuple(_read_field(field, f"/fields/{at}") for at, field in enumerate(fields)),
                tuple(_read_proof(proof, f"/absences/{at}") for at, proof in enumerate(absences)),
            )
        case _:
            raise ProofRefused(f"is not a disclosure of the format {FORMAT}", rule="json")
    # This finds foreign members, other orders, other numbers and other escapes at once.
    if disclosure_json(disclosure) != raw:
        raise ProofRefused("is not spelled as RFC 8785 says, or says more", rule="json")
    return disclosure


def _proof(proof: Proof) -> dict[str, JsonValue]:
    return {
        "path": proof.path,
        "index": f"0x{proof.index:064x}",
        "salt": f"0x{proof.salt.hex()}",
        "siblings": [f"0x{sibling.hex()}" for sibling in proof.siblings],
    }


def _value(value: Scalar | Figure) -> dict[str, JsonValue]:
    if isinstance(value, Figure):
        # The amount has up to 64 bits, more than a JSON number holds.
        return {"figure": {"amount": str(value.amount), "unit": value.unit, "scale": value.scale}}
    return {"value": value}


def _read_field(member: JsonValue, where: str) -> DisclosedField:
    proof = _read_proof(member, where)
    match member:
        case {"figure": {"amount": str(amount), "unit": str(unit), "scale": int(scale)}}:
            if not _AMOUNT.fullmatch(amount) or isinstance(scale, bool):
                raise ProofRefused(
                    "has an amount or a scale that is no integer", field=where, rule="json"
                )
            try:
                return DisclosedField(proof, Figure(int(amount), unit, scale))
            except FigureMalformed as problem:
                raise ProofRefused(problem.detail, field=where, rule="kind") from problem
        case {"value": str() | int() | float() | None as value}:
            return DisclosedField(proof, value)
        case _:
            raise ProofRefused("has neither a value nor a figure", field=where, rule="json")


def _read_proof(member: JsonValue, where: str) -> Proof:
    match member:
        case {
            "path": str(path),
            "index": str(index),
            "salt": str(salt),
            "siblings": list(siblings),
        }:
            return Proof(
                path,
                int.from_bytes(_read_hash(index, f"{where}/index"), "big"),
                _read_hash(salt, f"{where}/salt"),
                tuple(
                    _read_hash(sibling, f"{where}/siblings/{at}")
                    for at, sibling in enumerate(siblings)
                ),
            )
        case _:
            raise ProofRefused("is not a proof", field=where, rule="json")


def _read_hash(value: JsonValue, where: str) -> bytes:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise ProofRefused("must be 0x and 64 hexadecimal digits", field=where, rule="json")
    return bytes.fromhex(value[2:])
