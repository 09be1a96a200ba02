"""Papers that are there twice: each is counted once, and a contradiction of two is told."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Final, Protocol, TypeVar

from tidan_node.verification.facts.papers import Papers, Payment, TrackedEvent
from tidan_node.verification.facts.said import Said, SaidParty, is_party, normal_number

NO_REFERENCE: Final = "NOTPROVIDED"
"""What ISO 20022 has where the payer gave a payment no reference of its own."""

_WHERE: Final = frozenset({"paper", "path"})


class Numbered(Protocol):
    """What every paper has that somebody numbers."""

    @property
    def number(self) -> Said[str]: ...


Paper = TypeVar("Paper", bound=Numbered)
Differing = tuple[Said[str], Said[str]]


def papers_once(papers: Papers) -> tuple[Papers, tuple[Differing, ...]]:
    """The first paper of each number and issuer, and the numbers of those that say otherwise."""
    differing: list[Differing] = []
    once = replace(
        papers,
        bills=_once(papers.bills, _nobody, differing),
        invoices=_once(papers.invoices, lambda each: each.seller, differing),
        credit_notes=_once(papers.credit_notes, lambda each: each.seller, differing),
        contracts=_once(papers.contracts, lambda each: each.buyer, differing),
        packing_lists=_once(papers.packing_lists, lambda each: each.consignor, differing),
        policies=_once(papers.policies, _nobody, differing),
        events=_events(papers.events),
    )
    return once, tuple(differing)


def payments_once(
    payments: Iterable[Payment],
) -> tuple[tuple[Payment, ...], tuple[tuple[Payment, Payment], ...]]:
    """Payments of one reference and amount are one, where all that both of them say agrees."""
    found: dict[object, list[Payment]] = {}
    contradicting = []
    for payment in payments:
        name = None if payment.end_to_end is None else payment.end_to_end.value
        is_named = name not in (None, NO_REFERENCE)
        key: object = (name, payment.amount.value) if is_named else id(payment)
        before = found.setdefault(key, [])
        same = next((at for at, each in enumerate(before) if _agree(each, payment)), None)
        if same is not None:
            before[same] = _joined(before[same], payment)
            continue
        if before:
            contradicting.append((before[0], payment))
        before.append(payment)
    return tuple(each for group in found.values() for each in group), tuple(contradicting)


def _once(
    papers: Sequence[Paper],
    issuer: Callable[[Paper], SaidParty | None],
    differing: list[Differing],
) -> tuple[Paper, ...]:
    found: dict[str, list[Paper]] = {}
    for paper in papers:
        before = found.setdefault(normal_number(paper.number.value), [])
        mine = issuer(paper)
        same = next((each for each in before if _may_be_one(issuer(each), mine)), None)
        if same is None:
            before.append(paper)
        elif _bare(same) != _bare(paper):
            differing.append((same.number, paper.number))
    kept = {id(paper) for group in found.values() for paper in group}
    return tuple(paper for paper in papers if id(paper) in kept)


def _nobody(_: object) -> SaidParty | None:
    """Bills and policies go by their number alone, as those on the chain do."""
    return None


def _may_be_one(one: SaidParty | None, other: SaidParty | None) -> bool:
    return one is None or other is None or is_party(one, other)


def _events(events: Sequence[TrackedEvent]) -> tuple[TrackedEvent, ...]:
    return tuple({_bare(event): event for event in reversed(events)}.values())[::-1]


def _agree(one: Payment, other: Payment) -> bool:
    """What only one of the two says does not contradict the other."""
    mine, theirs = _numbers(one), _numbers(other)
    return (
        _may_be_one(one.payer, other.payer)
        and _may_be_one(one.payee, other.payee)
        and (not mine or not theirs or mine == theirs)
        and (not one.words or not other.words or _bare(one.words) == _bare(other.words))
    )


def _numbers(payment: Payment) -> set[str]:
    return {normal_number(each.value) for each in payment.pays}


def _joined(one: Payment, other: Payment) -> Payment:
    return replace(
        one,
        payer=one.payer or other.payer,
        payee=one.payee or other.payee,
        pays=one.pays or other.pays,
        words=one.words or other.words,
    )


def _bare(value: object) -> Hashable:
    """The facts alone, without the paper and the place in it."""
    if isinstance(value, Said):
        return _bare(value.value)
    if isinstance(value, tuple):
        return tuple(_bare(each) for each in value)
    if is_dataclass(value):
        names = (each.name for each in fields(value) if each.name not in _WHERE)
        return tuple(_bare(getattr(value, name)) for name in names)
    assert isinstance(value, Hashable)  # noqa: S101  facts are frozen
    return value
