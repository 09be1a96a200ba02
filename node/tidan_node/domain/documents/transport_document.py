"""A transport document (DCSA EBL 3.0.4), read as a carrier's statement that can become a title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.documents.problems import NotATitle
from tidan_node.domain.documents.validation import Fault, malformed, read_json_fields
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes
from tidan_node.domain.proofs.numbering import Name, Named, issuer_code, normalised
from tidan_node.domain.proofs.schema import schema_by_number
from tidan_node.domain.titles import TitleKind

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class TransportDocument:
    """The fields, their RFC 8785 form, and what the chain is told of them."""

    fields: Mapping[str, JsonValue]
    canonical: bytes
    code: IssuerCode
    number: str
    sub_reference: str | None
    kind: TitleKind

    def title_name(self) -> Name:
        """What the title's id is made of."""
        return Name(Named.TITLE, self.code, self.number, self.sub_reference)

    def series_name(self) -> Name:
        """What the series' id is made of: all titles of one number."""
        return Name(Named.SERIES, self.code, self.number)


def read_transport_document(raw: bytes) -> TransportDocument:
    """The document in `raw`, or why it cannot be a title."""
    fields = read_json_fields(raw, schema_by_number(SCHEMA))
    if fields["transportDocumentTypeCode"] == "SWB":
        raise NotATitle(
            "a sea waybill gives nobody a right to the goods", field="/transportDocumentTypeCode"
        )
    if fields["isElectronic"] is not True:
        raise NotATitle("it is issued on paper", field="/isElectronic")
    faults = sorted(_broken_conditions(fields))
    if faults:
        raise malformed(faults)
    code = issuer_code(str(fields["carrierCodeListProvider"]), str(fields["carrierCode"]))
    if code is None:
        raise malformed([Fault("/carrierCode", "must be ASCII letters and digits")])
    number = str(fields["transportDocumentReference"])
    normalised(number, "/transportDocumentReference")
    sub_reference = fields.get("transportDocumentSubReference")
    if sub_reference is not None:
        normalised(str(sub_reference), "/transportDocumentSubReference")
    return TransportDocument(
        fields=fields,
        canonical=canonical_bytes(dict(fields)),
        code=code,
        number=number,
        sub_reference=None if sub_reference is None else str(sub_reference),
        kind=_kind(fields),
    )


def _kind(fields: Mapping[str, JsonValue]) -> TitleKind:
    """DCSA EBL 3.0.4, `isToOrder`: true is negotiable, and blank endorsed where no endorsee is
    defined; false is non-negotiable, "also referred to as straight"."""
    if fields["isToOrder"] is not True:
        return TitleKind.STRAIGHT
    return TitleKind.ORDER if "endorsee" in _parties(fields) else TitleKind.BLANK


def _broken_conditions(fields: Mapping[str, JsonValue]) -> Iterator[Fault]:
    """The conditions that DCSA states in words beside the schema, as far as a title needs them."""
    parties = _parties(fields)
    if fields["isToOrder"] is True and "consignee" in parties and "endorsee" in parties:
        yield Fault("/documentParties/consignee", "and an endorsee exclude each other")
    if fields["isToOrder"] is not True:
        if "consignee" not in parties:
            yield Fault("/documentParties/consignee", "is missing; isToOrder is false")
        if "endorsee" in parties:
            yield Fault("/documentParties/endorsee", "must be absent; isToOrder is false")
    if ("declaredValue" in fields) != ("declaredValueCurrency" in fields):
        yield Fault("/declaredValueCurrency", "and declaredValue need each other")
    dates = [name for name in ("shippedOnBoardDate", "receivedForShipmentDate") if name in fields]
    if len(dates) > 1 or (not dates and fields["transportDocumentStatus"] == "ISSUED"):
        yield Fault("/shippedOnBoardDate", "or receivedForShipmentDate: exactly one must be there")
    originals = ("numberOfOriginalsWithCharges", "numberOfOriginalsWithoutCharges")
    if sum(number for name in originals if isinstance(number := fields.get(name), int)) > 1:
        yield Fault(f"/{originals[0]}", "and the one without charges are at most 1 together")


def _parties(fields: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    parties = fields["documentParties"]
    return parties if isinstance(parties, dict) else {}
