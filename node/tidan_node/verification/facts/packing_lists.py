"""Facts of a packing list (UBL 2.1)."""

from __future__ import annotations

from tidan_node.verification.facts.papers import Container, PackingList
from tidan_node.verification.facts.places import VALUE, Place
from tidan_node.verification.facts.problems import PaperUnreadable
from tidan_node.verification.facts.said import Quantity, Said
from tidan_node.verification.facts.ubl import locodes, party_of, texts


def read_packing_list(root: Place) -> PackingList:
    number = root.text("ID")
    if number is None:
        raise PaperUnreadable(VALUE, "is missing", path="/ID")
    shipment = root.member("Shipment") or Place(root.paper, "/Shipment", {})
    total = shipment.quantity("TotalGoodsItemQuantity")
    items = list(shipment.items("GoodsItem"))
    stages = list(shipment.items("ShipmentStage"))
    return PackingList(
        paper=root.paper,
        number=number,
        issued=root.date("IssueDate"),
        consignor=party_of(root.member("ConsignorParty")),
        goods=_quantities(items, "Quantity") or (() if total is None else (total,)),
        packages=shipment.quantity("TotalTransportHandlingUnitQuantity"),
        gross=shipment.quantity("GrossWeightMeasure"),
        net=shipment.quantity("NetWeightMeasure"),
        items_gross=_quantities(items, "GrossWeightMeasure"),
        items_net=_quantities(items, "NetWeightMeasure"),
        loading=locodes(place for stage in stages for place in stage.items("LoadingPortLocation")),
        discharge=locodes(
            place for stage in stages for place in stage.items("UnloadingPortLocation")
        ),
        containers=tuple(
            Container(
                reference,
                texts(unit, "TransportEquipment", "TransportEquipmentSeal", "ID"),
                unit.quantity("TotalPackageQuantity"),
            )
            for unit in shipment.items("TransportHandlingUnit")
            if (reference := unit.text("TransportEquipment", "ID")) is not None
        ),
    )


def _quantities(items: list[Place], name: str) -> tuple[Said[Quantity], ...]:
    """Only where every item states one."""
    found = [each for item in items if (each := item.quantity(name)) is not None]
    return tuple(found) if len(found) == len(items) else ()
