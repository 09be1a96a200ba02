"""A commercial invoice (UBL 2.1, the elements of EN 16931), read as its seller's statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tidan_node.domain.documents.ubl import read_ubl
from tidan_node.domain.documents.validation import checked
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes
from tidan_node.domain.proofs.numbering import Name, Named, issuer_code, normalised
from tidan_node.domain.proofs.schema import schema_by_number

SCHEMA: Final = 2
_LIST_NAMES: Final = {"0199": "LEI"}
"""Lists of ISO 6523 that have a name of their own here; the others keep their number."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """The fields, their RFC 8785 form, and who invoices whom under which number."""

    fields: Mapping[str, JsonValue]
    canonical: bytes
    number: str
    issue_date: date
    seller_codes: tuple[IssuerCode, ...]
    buyer_codes: tuple[IssuerCode, ...]

    def name(self, code: IssuerCode) -> Name:
        """What the invoice's id is made of, under the code that its seller numbers with."""
        return Name(Named.INVOICE, code, self.number)


def read_invoice(raw: bytes) -> Invoice:
    """The invoice in `raw`, or why it is refused."""
    schema = schema_by_number(SCHEMA)
    fields = checked(read_ubl(raw, "Invoice", schema.shape), schema)
    number = str(fields["ID"])
    normalised(number, "/ID")
    return Invoice(
        fields=fields,
        canonical=canonical_bytes(dict(fields)),
        number=number,
        issue_date=date.fromisoformat(str(fields["IssueDate"])),
        seller_codes=_codes(fields["AccountingSupplierParty"]),
        buyer_codes=_codes(fields["AccountingCustomerParty"]),
    )


def _codes(role: Any) -> tuple[IssuerCode, ...]:  # checked by the schema: an object with a Party
    pairs = _identifiers(role["Party"])
    codes = (issuer_code(code_list, code) for code_list, code in pairs)
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def _identifiers(party: Any) -> Iterator[tuple[str, str]]:  # checked by the schema
    """Every identifier of a party whose list is named: legal, own, electronic address, tax."""
    identifiers = [
        party.get("PartyLegalEntity", {}).get("CompanyID"),
        *(identification["ID"] for identification in party.get("PartyIdentification", [])),
        party.get("EndpointID"),
    ]
    for identifier in identifiers:
        if identifier and "schemeID" in identifier:
            scheme = identifier["schemeID"]
            yield _LIST_NAMES.get(scheme, scheme), identifier["value"]
    for scheme in party.get("PartyTaxScheme", []):
        if "CompanyID" in scheme:
            yield scheme["TaxScheme"]["ID"], scheme["CompanyID"]["value"]
