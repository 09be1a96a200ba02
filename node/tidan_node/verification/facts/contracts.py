"""Facts of a contract of sale (a UBL 2.1 Order)."""

from __future__ import annotations

from tidan_node.verification.facts.papers import Contract
from tidan_node.verification.facts.places import VALUE, Place
from tidan_node.verification.facts.problems import PaperUnreadable
from tidan_node.verification.facts.said import Said
from tidan_node.verification.facts.ubl import line_of, locodes, party_of


def read_contract(root: Place) -> Contract:
    number = root.text("ID")
    if number is None:
        raise PaperUnreadable(VALUE, "is missing", path="/ID")
    terms = root.text("DeliveryTerms", "ID")
    places = list(root.every("DeliveryTerms", "DeliveryLocation"))
    named = locodes(places)
    stages = list(root.every("Delivery", "Shipment", "ShipmentStage"))
    for item in root.every("OrderLine", "LineItem"):
        item.quantity("Quantity")  # an order of less than nothing is refused
    return Contract(
        paper=root.paper,
        number=number,
        concluded=root.date("IssueDate"),
        currency=root.text("DocumentCurrencyCode"),
        seller=party_of(root.member("SellerSupplierParty", "Party")),
        buyer=party_of(root.member("BuyerCustomerParty", "Party")),
        latest_shipment=root.date("Delivery", "LatestDeliveryDate"),
        terms=None if terms is None else Said(terms.value.upper(), terms.paper, terms.path),
        named_place=named[0] if named else None,
        loading=locodes(place for stage in stages for place in stage.items("LoadingPortLocation")),
        discharge=locodes(
            place for stage in stages for place in stage.items("UnloadingPortLocation")
        ),
        lines=tuple(line_of(item, "Quantity") for item in root.every("OrderLine", "LineItem")),
        total=root.money("AnticipatedMonetaryTotal", "PayableAmount"),
    )
