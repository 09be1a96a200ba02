"""The package: what a record's next holder needs beside the chain, as a file.

The document, the secret that its salts come from, the proofs that its number has one id, and the
heads of the record's acts as far as the sender has read them. Who holds it can read the document
and prove any field of it. `package_checks` holds it against the chain.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from tidan_node.domain.identifiers import (
    Address,
    ContentRoot,
    Head,
    IssuerCode,
    RecordId,
    SeriesId,
    hex_20,
    hex_32,
    to_bytes,
    to_hex,
)
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.domain.proofs.salts import VERSION_LIMIT
from tidan_node.problems import InvalidInput

MEDIA_TYPE: Final = "application/vnd.tidan.package+json"
FORMAT: Final = "tidan/package"
VERSION: Final = 2

RecordKind = Literal["title", "invoice", "policy"]
KINDS: Final[tuple[RecordKind, ...]] = get_args(RecordKind)

_HEX: Final = re.compile(r"0x([0-9a-f]{2})*")


class PackageMalformed(InvalidInput):
    """A package is the one RFC 8785 form of its members, as `GET …/package` writes it."""

    status, slug, title = 422, "package-malformed", "This is not a package that can be read"


@dataclass(frozen=True, slots=True)
class TitleNumbering:
    """What a title has beside other records: its series, and the sub-reference in its id."""

    series: SeriesId
    sub_reference: str | None
    series_proof: bytes


@dataclass(frozen=True, slots=True)
class Package:
    """A record's content, as its holder hands it on."""

    kind: RecordKind
    chain_id: int
    registry: Address
    record_id: RecordId
    schema: int
    record_version: int
    content_root: ContentRoot
    code: IssuerCode
    number: str = field(repr=False)
    id_proof: bytes = field(repr=False)
    secret: bytes = field(repr=False)
    document: bytes = field(repr=False)
    history: tuple[Head, ...]
    """The head after each act, oldest first, as far as the sender's node has read the chain."""
    title: TitleNumbering | None = field(default=None, repr=False)

    def to_json(self) -> bytes:
        """The file."""
        members: dict[str, JsonValue] = {
            "format": FORMAT,
            "version": VERSION,
            "kind": self.kind,
            "chainId": self.chain_id,
            "registry": self.registry,
            "id": self.record_id,
            "schema": self.schema,
            "recordVersion": self.record_version,
            "contentRoot": self.content_root,
            "code": self.code,
            "number": self.number,
            "idProof": to_hex(self.id_proof),
            "secret": to_hex(self.secret),
            "document": base64.b64encode(self.document).decode(),
            "history": list(self.history),
        }
        if self.title is not None:
            members |= {
                "series": self.title.series,
                "subReference": self.title.sub_reference,
                "seriesProof": to_hex(self.title.series_proof),
            }
        return canonical_bytes(members)


def read_package(raw: bytes) -> Package:
    """The package in this file; every member must be there, in its form, and no other."""
    try:
        members = read_json(raw)
    except JsonMalformed as error:  # without its words, which quote what the file says
        raise PackageMalformed("is not JSON with one meaning", field="package") from error
    if not isinstance(members, dict):
        raise PackageMalformed("must be a JSON object", field="package")
    for name, known in (("format", FORMAT), ("version", VERSION)):
        if members.get(name) != known or isinstance(members[name], bool):
            raise PackageMalformed(f"must be {known!r}", field=name)
    package = _members(members)
    if package.to_json() != raw:  # a member too many, another order, another spelling
        raise PackageMalformed("is not the canonical form (RFC 8785) of a package", field="package")
    return package


def _members(members: dict[str, JsonValue]) -> Package:
    kind = _kind(members)
    try:
        return Package(
            kind=kind,
            chain_id=_number(members, "chainId", most=2**53 - 1),
            registry=Address(hex_20(_text(members, "registry"), "registry")),
            record_id=RecordId(_hex_32(members, "id")),
            schema=_number(members, "schema", most=2**16 - 1),
            record_version=_number(members, "recordVersion", most=VERSION_LIMIT),
            content_root=ContentRoot(_hex_32(members, "contentRoot")),
            code=IssuerCode(_text(members, "code")),
            number=_text(members, "number"),
            id_proof=_bytes(members, "idProof"),
            secret=to_bytes(_hex_32(members, "secret")),
            document=_base64(members, "document"),
            history=_history(members.get("history")),
            title=_title(members) if kind == "title" else None,
        )
    except PackageMalformed:
        raise
    except InvalidInput as error:
        raise PackageMalformed(error.detail, field=error.field) from error


def _kind(members: dict[str, JsonValue]) -> RecordKind:
    for kind in KINDS:
        if members.get("kind") == kind:
            return kind
    raise PackageMalformed(f"must be one of {', '.join(KINDS)}", field="kind")


def _title(members: dict[str, JsonValue]) -> TitleNumbering:
    sub_reference = members.get("subReference")
    return TitleNumbering(
        series=SeriesId(_hex_32(members, "series")),
        sub_reference=None if sub_reference is None else _text(members, "subReference"),
        series_proof=_bytes(members, "seriesProof"),
    )


def _history(value: JsonValue) -> tuple[Head, ...]:
    if not isinstance(value, list) or not value:
        raise PackageMalformed("is a list of one head or more", field="history")
    heads: list[Head] = []
    for head in value:
        if not isinstance(head, str):
            raise PackageMalformed("each head is text", field="history")
        heads.append(Head(hex_32(head, "history")))
    return tuple(heads)


def _text(members: dict[str, JsonValue], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise PackageMalformed("must be text", field=name)
    return value


def _hex_32(members: dict[str, JsonValue], name: str) -> str:
    return hex_32(_text(members, name), name)


def _number(members: dict[str, JsonValue], name: str, *, most: int) -> int:
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise PackageMalformed(f"must be a whole number from 1 to {most}", field=name)
    return value


def _bytes(members: dict[str, JsonValue], name: str) -> bytes:
    value = _text(members, name)
    if not _HEX.fullmatch(value):
        raise PackageMalformed("must be 0x and hexadecimal digits", field=name)
    return to_bytes(value)


def _base64(members: dict[str, JsonValue], name: str) -> bytes:
    try:
        return base64.b64decode(_text(members, name), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PackageMalformed("must be base64", field=name) from error
