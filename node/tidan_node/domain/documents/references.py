"""What a document is asked for by: its numbers, and those of what it names, each with its scheme.

The documents were checked when they came in. One that cannot be read here has no references: it is
kept all the same, and found by its id.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.documents.invoice import SCHEMA as INVOICE_SCHEMA
from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.documents.ubl import TEXT, read_ubl
from tidan_node.domain.proofs.canonical import read_json
from tidan_node.domain.proofs.numbering import normalised
from tidan_node.domain.proofs.problems import JsonMalformed, NumberMalformed
from tidan_node.domain.proofs.schema import schema_by_number

LONGEST: Final = 200
"""What a number can have of characters, and what is kept of how it is written."""

MOST: Final = 10_000
"""References of one document; those beyond are not kept."""

BILL_OF_LADING: Final = "bill-of-lading"
INVOICE: Final = "invoice"
POLICY: Final = "policy"
_BOOKING, _INSTRUCTIONS = "booking", "shipping-instructions"
_CONTAINER, _SEAL = "container", "seal"
_ORDER, _CONTRACT = "order", "contract"
_CUSTOMS = "customs-declaration"
_VESSEL, _VOYAGE = "vessel-imo", "voyage"
_OPEN_COVER, _LICENCE, _OTHER = "open-cover", "licence", "document"

SCHEMES: Final = (
    *(BILL_OF_LADING, _BOOKING, _INSTRUCTIONS, _CONTAINER, _SEAL, INVOICE, _ORDER, _CONTRACT),
    *(POLICY, _OPEN_COVER, _CUSTOMS, _LICENCE, _VESSEL, _VOYAGE, _OTHER),
)

Paths = tuple[tuple[str, str], ...]

_OF_TRANSPORT_DOCUMENT: Final[Paths] = (
    (BILL_OF_LADING, "transportDocumentReference"),
    (_INSTRUCTIONS, "shippingInstructionsReference"),
    (_CONTRACT, "serviceContractReference"),
    (_CONTRACT, "contractQuotationReference"),
    (_BOOKING, "consignmentItems.carrierBookingReference"),
    (_CONTAINER, "consignmentItems.cargoItems.equipmentReference"),
    (_CONTAINER, "utilizedTransportEquipments.equipment.equipmentReference"),
    (_SEAL, "utilizedTransportEquipments.seals.number"),
    (_VESSEL, "transports.vesselVoyages.vesselIMONumber"),
    (_VOYAGE, "transports.vesselVoyages.carrierExportVoyageNumber"),
    (_VOYAGE, "transports.vesselVoyages.universalExportVoyageReference"),
    (_ORDER, "documentParties.shipper.purchaseOrderReferences"),
    (_ORDER, "documentParties.consignee.purchaseOrderReferences"),
    (_CUSTOMS, "customsReferences.values"),
    (_CUSTOMS, "consignmentItems.customsReferences.values"),
    (_CUSTOMS, "consignmentItems.cargoItems.customsReferences.values"),
    (_CUSTOMS, "utilizedTransportEquipments.customsReferences.values"),
    *(
        (_LICENCE, f"{place}{licence}License.reference")
        for place in ("", "consignmentItems.", "consignmentItems.cargoItems.")
        for licence in ("export", "import")
    ),
    (_OTHER, "references.value"),
    (_OTHER, "consignmentItems.references.values"),
    (_OTHER, "utilizedTransportEquipments.references.value"),
)
_OF_INVOICE: Final[Paths] = (
    (INVOICE, "ID"),
    (INVOICE, "BillingReference.InvoiceDocumentReference.ID"),
    (_ORDER, "OrderReference.ID"),
    (_ORDER, "OrderReference.SalesOrderID"),
    (_ORDER, "InvoiceLine.OrderLineReference.OrderReference.ID"),
    (_CONTRACT, "ContractDocumentReference.ID"),
    (_OTHER, "DespatchDocumentReference.ID"),
    (_OTHER, "ReceiptDocumentReference.ID"),
)
_OF_POLICY: Final[Paths] = (
    (POLICY, "policyNumber"),
    (_OPEN_COVER, "openCoverReference"),
    (BILL_OF_LADING, "transportDocuments.number"),
    (INVOICE, "invoices.number"),
    (_CONTAINER, "equipmentReferences"),
    (_VESSEL, "voyage.vesselIMONumber"),
    (_VOYAGE, "voyage.voyageNumber"),
)
_BY_DOCUMENT_CODE: Final = {
    **dict.fromkeys(("704", "705", "706", "707", "710", "714"), BILL_OF_LADING),
    **dict.fromkeys(("830", "929", "952", "960"), _CUSTOMS),
    "380": INVOICE,
    "220": _ORDER,
    "315": _CONTRACT,
}
"""UNTDID 1001, as UBL writes it into DocumentTypeCode of a document that an invoice refers to."""

_REFERRED: Final = ("AdditionalDocumentReference", "InvoiceLine.DocumentReference")


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """What a document can be asked for by: normalised, beside how it is written there."""

    scheme: str
    value: str
    written: str


def references_of(kind: str, document: bytes) -> list[Reference]:
    """Every reference of a document of this kind (title, invoice, policy), each once."""
    try:
        fields = _fields(kind, document)
    except (DocumentMalformed, JsonMalformed):
        return []
    paths = {"title": _OF_TRANSPORT_DOCUMENT, "invoice": _OF_INVOICE}.get(kind, _OF_POLICY)
    written = [(scheme, text) for scheme, path in paths for text in _texts(fields, path)]
    if kind == "invoice":
        written += _referred(fields)
    found: dict[tuple[str, str], Reference] = {}
    for scheme, text in written:
        value = normalised_reference(text)
        if value is not None and len(found) < MOST:
            found.setdefault(
                (scheme, value), Reference(scheme, value, " ".join(text.split())[:LONGEST])
            )
    return sorted(found.values())


def scheme_of_code(code: str) -> str:
    """What a document is that an invoice refers to, by its code of UNTDID 1001."""
    return _BY_DOCUMENT_CODE.get(code, _OTHER)


def normalised_reference(text: str) -> str | None:
    """As numbers are normalised, and without dashes; None where nothing of it can be asked for."""
    try:
        number = normalised(text, "text")
    except NumberMalformed:
        return None
    return "".join(each for each in number if unicodedata.category(each) != "Pd") or None


def _fields(kind: str, document: bytes) -> object:
    if kind == "invoice":
        return read_ubl(document, "Invoice", schema_by_number(INVOICE_SCHEMA).shape)
    return read_json(document)


def _referred(fields: object) -> Iterator[tuple[str, str]]:
    """The documents that an invoice names beside those that have an element of their own."""
    for path in _REFERRED:
        for each in _values(fields, path.split(".")):
            codes = list(_texts(each, "DocumentTypeCode"))
            scheme = scheme_of_code(codes[0] if codes else "")
            for text in _texts(each, "ID"):
                yield scheme, text


def _texts(fields: object, path: str) -> Iterator[str]:
    for value in _values(fields, path.split(".")):
        text = value.get(TEXT) if isinstance(value, Mapping) else value
        if isinstance(text, str):
            yield text


def _values(value: object, names: list[str]) -> Iterator[object]:
    """What stands at this path; where there is a list on the way, in each of its items."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, names)
    elif not names:
        yield value
    elif isinstance(value, Mapping) and names[0] in value:
        yield from _values(value[names[0]], names[1:])
