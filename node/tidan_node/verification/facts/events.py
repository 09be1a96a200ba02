"""Facts of track-and-trace events (DCSA TNT 2.2; the later form with metadata and payload, too)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tidan_node.domain.proofs.canonical import JsonValue
from tidan_node.verification.facts.papers import Container, TrackedEvent, Vessel
from tidan_node.verification.facts.places import Place
from tidan_node.verification.facts.said import Said

EVENT_TYPES: Final = ("EQUIPMENT", "TRANSPORT", "SHIPMENT")
_HAPPENED: Final = "ACT"
_CODES: Final = ("equipmentEventTypeCode", "transportEventTypeCode", "shipmentEventTypeCode")
_REFERENCES: Final = (
    ("documentReferences", "documentReferenceType", "documentReferenceValue"),
    ("relatedDocumentReferences", "type", "value"),
)


def is_event(value: JsonValue) -> bool:
    """Whether this is one event, in either form."""
    if not isinstance(value, dict):
        return False
    metadata = value.get("metadata")
    head = metadata if isinstance(metadata, dict) else value
    return head.get("eventType") in EVENT_TYPES and "eventID" in head


def read_events(root: Place) -> Iterator[TrackedEvent]:
    """What has happened; plans, estimates and what was retracted are left out."""
    items = root.value if isinstance(root.value, list) else [root.value]
    places = [
        Place(root.paper, f"/{number}" if isinstance(root.value, list) else "", item)
        for number, item in enumerate(items)
    ]
    retracted = {
        gone.value
        for place in places
        for gone in (place.text("metadata", "retractedEventID"), place.text("retractedEventID"))
        if gone is not None
    }
    for place in places:
        named = place.text("metadata", "eventID") or place.text("eventID")
        body = place.member("payload") or place
        if named is not None and named.value in retracted:
            continue
        event = _event(body)
        if event is not None:
            yield event


def _event(body: Place) -> TrackedEvent | None:
    classifier, at = body.text("eventClassifierCode"), body.moment("eventDateTime")
    code = next((code for name in _CODES if (code := body.text(name)) is not None), None)
    if at is None or code is None or classifier is None or classifier.value != _HAPPENED:
        return None
    call = body.member("transportCall") or Place(body.paper, f"{body.path}/transportCall", {})
    ship = call.member("vessel") or Place(body.paper, f"{call.path}/vessel", {})
    return TrackedEvent(
        paper=body.paper,
        path=body.path,
        code=code.value,
        at=at,
        place=call.text("UNLocationCode")
        or call.text("location", "UNLocationCode")
        or body.text("eventLocation", "UNLocationCode")
        or body.text("location", "UNLocationCode"),
        vessel=Vessel(
            ship.text("vesselName") or ship.text("name"),
            ship.text("vesselIMONumber"),
            call.text("exportVoyageNumber")
            or call.text("carrierExportVoyageNumber")
            or call.text("carrierVoyageNumber"),
        ),
        container=_container(body),
        transshipment=_is_true(body.text("isTransshipmentMove")),
        documents=tuple(_documents(body)),
    )


def _container(body: Place) -> Container | None:
    reference = body.text("equipmentReference")
    if reference is None:
        return None
    seals = (each.text("sealNumber") or each.text("number") for each in body.items("seals"))
    return Container(reference, tuple(seal for seal in seals if seal is not None))


def _documents(body: Place) -> Iterator[tuple[str, Said[str]]]:
    for name, kind_name, value_name in _REFERENCES:
        for each in body.items(name):
            kind, value = each.text(kind_name), each.text(value_name)
            if kind is not None and value is not None:
                yield kind.value, value
    kind = body.text("documentTypeCode")
    value = body.text("documentID") or body.text("documentReference")
    if kind is not None and value is not None:
        yield kind.value, value


def _is_true(text: Said[str] | None) -> bool:
    return text is not None and text.value == "true"
