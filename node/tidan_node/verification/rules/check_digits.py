"""Numbers that check themselves: containers (ISO 6346) and ships (IMO A.1117(30))."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Final

from tidan_node.verification.facts.said import Said
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing

_CONTAINER: Final = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
_IMO: Final = re.compile(r"[0-9]{7}")


def container_check_digit(ten: str) -> int:
    """The eleventh character that belongs to these ten (ISO 6346, annex A)."""
    total = sum(_VALUES[character] << place for place, character in enumerate(ten))
    return total % 11 % 10


def imo_check_digit(six: str) -> int:
    """The seventh digit that belongs to these six."""
    return sum(int(digit) * (7 - place) for place, digit in enumerate(six)) % 10


def containers(trade: Trade) -> Outcome:
    weighing = Weighing()
    for said in _container_numbers(trade):
        number = "".join(said.value.split()).upper()
        if not _CONTAINER.fullmatch(number):
            weighing.fault(f"{said.value} is no container number", said)
            continue
        wanted = container_check_digit(number[:10])
        holds = wanted == int(number[10])
        weighing.hold(holds, f"{number} would have to end in {wanted}", said)
    if not trade.papers.bills:
        weighing.miss("a transport document")
    return weighing.outcome("every container number has its check digit")


def ships(trade: Trade) -> Outcome:
    weighing = Weighing()
    for said in _imo_numbers(trade):
        number = said.value.upper().removeprefix("IMO").strip()
        if not _IMO.fullmatch(number):
            weighing.fault(f"{said.value} is no IMO number", said)
            continue
        wanted = imo_check_digit(number[:6])
        holds = wanted == int(number[6])
        weighing.hold(holds, f"{number} would have to end in {wanted}", said)
    return weighing.outcome("every ship's IMO number has its check digit")


def _values() -> dict[str, int]:
    """Digits are themselves; letters count on from 10, without the multiples of 11."""
    free = (number for number in range(10, 40) if number % 11)
    letters = dict(zip(string.ascii_uppercase, free, strict=False))
    return letters | {digit: int(digit) for digit in string.digits}


_VALUES: Final = _values()


def _container_numbers(trade: Trade) -> Iterator[Said[str]]:
    papers = trade.papers
    for bill in papers.bills:
        yield from (container.reference for container in bill.containers)
    for packing in papers.packing_lists:
        yield from (container.reference for container in packing.containers)
    for policy in papers.policies:
        yield from policy.containers
    seen: set[str] = set()
    for event in papers.events:
        if event.container is not None and event.container.reference.value not in seen:
            seen.add(event.container.reference.value)
            yield event.container.reference


def _imo_numbers(trade: Trade) -> Iterator[Said[str]]:
    papers = trade.papers
    yield from (policy.vessel.imo for policy in papers.policies if policy.vessel.imo is not None)
    seen: set[str] = set()
    for event in papers.events:
        if event.vessel.imo is not None and event.vessel.imo.value not in seen:
            seen.add(event.vessel.imo.value)
            yield event.vessel.imo


RULES = (
    Rule(
        "container-check-digit",
        "Container numbers have their check digit (ISO 6346)",
        "medium",
        containers,
    ),
    Rule("imo-check-digit", "Ships' IMO numbers have their check digit", "medium", ships),
)
