"""A cargo policy or certificate (our own JSON form), read as its insurer's statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tidan_node.domain.documents.validation import Fault, malformed, read_json_fields
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes
from tidan_node.domain.proofs.numbering import Name, Named, issuer_code, normalised
from tidan_node.domain.proofs.schema import schema_by_number

SCHEMA: Final = 3


@dataclass(frozen=True, slots=True)
class Policy:
    """The fields, their RFC 8785 form, and who insures whom, under which number, until when."""

    fields: Mapping[str, JsonValue]
    canonical: bytes
    number: str
    endorsement: str | None
    cover_from: date
    cover_until: date
    insurer_codes: tuple[IssuerCode, ...]
    insured_codes: tuple[IssuerCode, ...]

    def name(self, code: IssuerCode) -> Name:
        """What the policy's id is made of, under the code that its insurer numbers with. An
        endorsement is a new version of one policy, and keeps its id."""
        return Name(Named.POLICY, code, self.number)


def read_policy(raw: bytes) -> Policy:
    """The policy in `raw`, or why it is refused."""
    fields = read_json_fields(raw, schema_by_number(SCHEMA))
    number, endorsement = str(fields["policyNumber"]), fields.get("endorsementNumber")
    normalised(number, "/policyNumber")
    cover_from = date.fromisoformat(str(fields["coverFrom"]))
    cover_until = date.fromisoformat(str(fields["coverUntil"]))
    if cover_until < cover_from:
        raise malformed([Fault("/coverUntil", "is before coverFrom")])
    return Policy(
        fields=fields,
        canonical=canonical_bytes(dict(fields)),
        number=number,
        endorsement=None if endorsement is None else str(endorsement),
        cover_from=cover_from,
        cover_until=cover_until,
        insurer_codes=_codes(fields["insurer"]),
        insured_codes=_codes(fields["insured"]),
    )


def _codes(party: Any) -> tuple[IssuerCode, ...]:  # checked by the schema: a party
    codes = (issuer_code(known["scheme"], known["value"]) for known in party["identifiers"])
    return tuple(dict.fromkeys(code for code in codes if code is not None))
