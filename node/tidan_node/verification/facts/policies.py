"""Facts of a cargo policy (our own JSON form)."""

from __future__ import annotations

from tidan_node.domain.documents.policy import read_policy as read_fields
from tidan_node.verification.facts.papers import Policy, Vessel
from tidan_node.verification.facts.places import VALUE, Place
from tidan_node.verification.facts.problems import PaperUnreadable
from tidan_node.verification.facts.said import Money, PaperParty, Quantity, Said, SaidParty


def read_policy(paper: str, raw: bytes) -> Policy:
    """The facts, of a policy that can be issued."""
    root = Place(paper, "", dict(read_fields(raw).fields))
    number, total = root.text("policyNumber"), _money(root.member("sumInsured"))
    begins, ends = root.date("coverFrom"), root.date("coverUntil")
    if number is None or total is None or begins is None or ends is None:
        raise PaperUnreadable(VALUE, "lacks its number, its sum or its dates")
    voyage = root.member("voyage") or Place(paper, "/voyage", {})
    goods = list(root.items("goods"))
    return Policy(
        paper=paper,
        number=number,
        issued=root.date("issueDate"),
        cover_from=begins,
        cover_until=ends,
        insured=_party(root.member("insured") or Place(paper, "/insured", {})),
        sum_insured=total,
        claims_in=root.text("claimsPayableIn"),
        goods_insured=tuple(
            value for item in goods if (value := _money(item.member("insuredValue"))) is not None
        ),
        vessel=Vessel(
            voyage.text("vesselName"), voyage.text("vesselIMONumber"), voyage.text("voyageNumber")
        ),
        loading=voyage.text("portOfLoading", "UNLocationCode"),
        discharge=voyage.text("portOfDischarge", "UNLocationCode"),
        commodities=tuple(code for item in goods if (code := item.text("HSCode")) is not None),
        packages=_quantities(goods, "packages"),
        gross=_quantities(goods, "grossWeight"),
        bills=tuple(
            number
            for each in root.items("transportDocuments")
            if (number := each.text("number")) is not None
        ),
        invoices=tuple(
            (number, _money(each.member("amount")))
            for each in root.items("invoices")
            if (number := each.text("number")) is not None
        ),
        containers=tuple(
            text for each in root.items("equipmentReferences") if (text := each.text()) is not None
        ),
    )


def _money(place: Place | None) -> Said[Money] | None:
    return None if place is None else place.money(amount="amount", currency="currency")


def _quantities(goods: list[Place], name: str) -> tuple[Said[Quantity], ...]:
    """Only where every item states one."""
    found = []
    for item in goods:
        number, unit = item.number(name, "value"), item.text(name, "unit")
        if number is None or unit is None:
            return ()
        found.append(Said(Quantity(number.value, unit.value), number.paper, number.path))
    return tuple(found)


def _party(place: Place) -> SaidParty:
    name = place.text("name")
    identifiers = {
        f"{scheme.value}:{value.value}"
        for each in place.items("identifiers")
        if (scheme := each.text("scheme")) is not None and (value := each.text("value")) is not None
    }
    found = PaperParty(None if name is None else name.value, frozenset(identifiers))
    return Said(found, place.paper, place.path)
