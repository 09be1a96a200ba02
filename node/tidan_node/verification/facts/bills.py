"""Facts of a transport document (DCSA EBL 3.0.4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tidan_node.domain.documents.transport_document import read_transport_document
from tidan_node.domain.titles import TitleKind
from tidan_node.verification.facts.papers import Bill, Container, Vessel
from tidan_node.verification.facts.places import Place
from tidan_node.verification.facts.said import PaperParty, Quantity, Said, SaidParty


def read_bill(paper: str, raw: bytes) -> Bill:
    """The facts, of a document that can be a title."""
    document = read_transport_document(raw)
    root = Place(paper, "", dict(document.fields))
    made_out = "consignee" if document.kind is TitleKind.STRAIGHT else "endorsee"
    number = root.text("transportDocumentReference")
    assert number is not None  # noqa: S101  the schema requires it
    cargo = list(root.every("consignmentItems", "cargoItems"))
    transports = root.member("transports") or Place(paper, "/transports", {})
    parties = root.member("documentParties") or Place(paper, "/documentParties", {})
    return Bill(
        paper=paper,
        number=number,
        status=root.text("transportDocumentStatus"),
        bookings=_texts(root, "consignmentItems", "carrierBookingReference"),
        shipper=_party(parties.member("shipper")),
        consignee=_party(parties.member("consignee")),
        made_out_to=_party(parties.member(made_out)),
        loading=transports.text("portOfLoading", "UNLocationCode"),
        discharge=transports.text("portOfDischarge", "UNLocationCode"),
        delivery=transports.text("placeOfDelivery", "UNLocationCode"),
        on_board=root.date("shippedOnBoardDate") or root.date("receivedForShipmentDate"),
        issued=root.date("issueDate"),
        departs=transports.date("plannedDepartureDate"),
        arrives=transports.date("plannedArrivalDate"),
        vessels=tuple(
            Vessel(each.text("vesselName"), None, each.text("carrierExportVoyageNumber"))
            for each in transports.items("vesselVoyages")
        ),
        containers=tuple(_containers(root)),
        packages=tuple(found for item in cargo if (found := _packages(item)) is not None),
        gross=_weights(cargo, "cargoGrossWeight"),
        net=_weights(cargo, "cargoNetWeight"),
        commodities=_texts(root, "consignmentItems", "HSCodes"),
    )


def _containers(root: Place) -> Iterator[Container]:
    """Each container once, with the packages of all cargo that is in it."""
    packed: dict[str, Said[Quantity]] = {}
    for item in root.every("consignmentItems", "cargoItems"):
        reference, packages = item.text("equipmentReference"), _packages(item)
        if reference is None or packages is None:
            continue
        before = packed.get(reference.value)
        more = packages.value.value + (before.value.value if before else Decimal(0))
        packed[reference.value] = Said(
            Quantity(more, packages.value.unit), packages.paper, packages.path
        )
    named: dict[str, tuple[Said[str], tuple[Said[str], ...]]] = {}
    for used in root.items("utilizedTransportEquipments"):
        reference = used.text("equipment", "equipmentReference") or used.text("equipmentReference")
        if reference is not None:
            named[reference.value] = reference, _texts(used, "seals", "number")
    for item in root.every("consignmentItems", "cargoItems"):
        reference = item.text("equipmentReference")
        if reference is not None:
            named.setdefault(reference.value, (reference, ()))
    for key, (reference, seals) in named.items():
        yield Container(reference, seals, packed.get(key))


def _packages(item: Place) -> Said[Quantity] | None:
    number = item.number("outerPackaging", "numberOfPackages")
    if number is None:
        return None
    code = item.text("outerPackaging", "packageCode")
    unit = "" if code is None else code.value
    return Said(Quantity(number.value, unit), number.paper, number.path)


def _weights(cargo: list[Place], name: str) -> tuple[Said[Quantity], ...]:
    """Only where every item states one: the sum of some weights is no weight of the whole."""
    found = []
    for item in cargo:
        weight = item.member(name)
        number = None if weight is None else weight.number("value")
        unit = None if weight is None else weight.text("unit")
        if number is None or unit is None:
            return ()
        found.append(Said(Quantity(number.value, unit.value), number.paper, number.path))
    return tuple(found)


def _party(place: Place | None) -> SaidParty | None:
    if place is None:
        return None
    name = place.text("partyName")
    identifiers = set()
    for code in place.items("identifyingCodes"):
        scheme, value = code.text("codeListName") or code.text("codeListProvider"), None
        value = code.text("partyCode")
        if scheme is not None and value is not None:
            identifiers.add(f"{scheme.value}:{value.value}")
    found = PaperParty(None if name is None else name.value, frozenset(identifiers))
    return Said(found, place.paper, place.path)


def _texts(place: Place, *names: str) -> tuple[Said[str], ...]:
    return tuple(text for each in place.every(*names) if (text := each.text()) is not None)
