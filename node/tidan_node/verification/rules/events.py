"""What was tracked, against what the bill of lading says: containers, seals, ship, places, days."""

from __future__ import annotations

from tidan_node.verification.facts.papers import Bill, Container, TrackedEvent
from tidan_node.verification.facts.said import Said, normal_number, normal_text
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing


def events_against_bill(trade: Trade) -> Outcome:
    weighing = Weighing()
    if not trade.papers.bills:
        weighing.miss("a transport document")
    for bill in trade.papers.bills:
        events = [event for event in trade.papers.events if _concerns(event, bill)]
        if not events:
            weighing.miss(f"events of {bill.number}")
            continue
        for box in bill.containers:
            _container(weighing, box, bill, events)
        _ship(weighing, bill, events)
        _in_turn(weighing, events)
    return weighing.outcome("what was tracked is what the bill of lading says")


def _concerns(event: TrackedEvent, bill: Bill) -> bool:
    """By the number of the bill or of its booking; else by a container of it."""
    numbers = {normal_number(each.value) for each in (bill.number, *bill.bookings)}
    named = [each for kind, each in event.documents if kind in ("TRD", "BKG")]
    if named:
        return any(normal_number(each.value) in numbers for each in named)
    box = event.container
    return box is not None and any(_is_same_box(box, each) for each in bill.containers)


def _container(weighing: Weighing, box: Container, bill: Bill, events: list[TrackedEvent]) -> None:
    mine = [each for each in events if each.container and _is_same_box(each.container, box)]
    loaded = [each for each in mine if each.code == "LOAD" and not each.transshipment]
    if not loaded:
        weighing.miss(f"the loading of {box.reference}")
    for event in loaded:
        _place(weighing, f"{box.reference} was loaded at", event, bill.loading)
        if bill.on_board is not None:
            late = event.at.value.date() > bill.on_board.value
            detail = (
                f"{box.reference} was loaded on {event.at.value:%Y-%m-%d}, after it was on board"
            )
            weighing.hold(not late, detail, event.at, bill.on_board)
    for event in mine:
        if event.code == "DISC" and not event.transshipment:
            _place(weighing, f"{box.reference} was discharged at", event, bill.discharge)
        seals = event.container.seals if event.container else ()
        if seals and box.seals and event.code in ("GTIN", "LOAD"):
            known = {normal_number(seal.value) for seal in box.seals}
            holds = all(normal_number(seal.value) in known for seal in seals)
            weighing.hold(
                holds, f"{box.reference} was loaded under another seal", *seals, *box.seals
            )


def _ship(weighing: Weighing, bill: Bill, events: list[TrackedEvent]) -> None:
    names = {normal_text(each.name.value) for each in bill.vessels if each.name is not None}
    for event in events:
        said = event.vessel.name
        if said is not None and names and _is_at_loading(event, bill):
            stated = [each.name for each in bill.vessels]
            detail = f"{said} was loaded, which the bill of lading does not name"
            weighing.hold(normal_text(said.value) in names, detail, said, *stated)


def _is_at_loading(event: TrackedEvent, bill: Bill) -> bool:
    """Loaded at first, or leaving the port of loading: on the way the goods may change ships."""
    if event.transshipment or event.code not in ("LOAD", "DEPA"):
        return False
    ports = event.place, bill.loading
    return event.code == "LOAD" or None in ports or str(ports[0]) == str(ports[1])


def _in_turn(weighing: Weighing, events: list[TrackedEvent]) -> None:
    """Nothing is loaded after the ship has left, and nothing discharged before it is there."""
    for first, then in (("LOAD", "DEPA"), ("DEPA", "ARRI"), ("ARRI", "DISC")):
        before = [each.at for each in events if each.code == first and not each.transshipment]
        after = [each.at for each in events if each.code == then and not each.transshipment]
        if before and after:
            earlier = (max if first == "LOAD" else min)(before, key=lambda said: said.value)
            later = (min if then == "DISC" else max)(after, key=lambda said: said.value)
            detail = f"{first} at {earlier} comes after {then} at {later}"
            weighing.hold(earlier.value <= later.value, detail, earlier, later)


def _place(weighing: Weighing, what: str, event: TrackedEvent, port: Said[str] | None) -> None:
    if event.place is not None and port is not None:
        holds = event.place.value.upper() == port.value.upper()
        weighing.hold(holds, f"{what} {event.place}, not {port}", event.place, port)


def _is_same_box(one: Container, other: Container) -> bool:
    return normal_number(one.reference.value) == normal_number(other.reference.value)


RULES = (
    Rule(
        "events-against-bill",
        "What was tracked is what the bill of lading says",
        "high",
        events_against_bill,
    ),
)
