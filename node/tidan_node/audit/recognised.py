"""The audit of what the Council recognises: the chain's word on each, and the node's against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.facts import fault_of
from tidan_node.audit.findings import Audit, Difference, Fault
from tidan_node.audit.node import Answer, AuditedNode, Listed, listed
from tidan_node.audit.stands import behind, stand_of
from tidan_node.audit.told import Values, differences
from tidan_node.domain.events import ChainEvent, Event
from tidan_node.domain.steps import HistoryBroken
from tidan_node.ledger.abi import Value
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call

State = TypeVar("State")
Shown = tuple[Call, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Recognised(Generic[State]):
    """One kind of what the Council recognises, by its own words."""

    name: str
    collection: str
    key: str
    """The member of the node's answer that names one."""
    contract: str
    event_types: tuple[type[Event], ...]
    key_of: Callable[[Event], str]
    """The one that an event is about."""
    advance: Callable[[State | None, ChainEvent], State]
    values: Callable[[State, int], Values]
    """What the node must say, standing at a block of this time."""
    told: Callable[[Answer], Values]
    views: Callable[[str, Sequence[ChainEvent]], Sequence[Call]]
    """What the contract is asked about one that these events tell of."""
    kept: Callable[[Sequence[Shown]], Values]
    """What the views show."""
    by_events: Callable[[State], Values]
    """The same, as the events have it."""

    def folded(self, events: Iterable[ChainEvent]) -> tuple[State | None, Fault | None]:
        """What the events of one make of it, or why they do not follow from one another."""
        state: State | None = None
        try:
            for each in events:
                state = self.advance(state, each)
        except HistoryBroken as broken:
            return None, fault_of(broken)
        return state, None


async def audit_recognised(
    chain: AuditedChain, node: AuditedNode, kind: Recognised[State]
) -> list[Audit]:
    """Each that was ever recognised. The node is asked first: what it then says can be older than
    what the chain says, never newer."""
    path = f"/v1/{kind.collection}"
    began = stand_of((await node.get(path, limit="1")).answer)
    told: dict[str, tuple[Answer, Answer]] = {}
    failed: list[Listed] = []
    async for each in listed(node, path, key=kind.key):
        if each.item is None or each.page is None:
            failed.append(each)
        else:
            told[str(each.item.get(kind.key))] = each.item, each.page
    as_of = await chain.head()
    about = _by_key(kind, await chain.events_by(kind.contract, as_of))
    audits = []
    for each in failed:
        place = "the first" if each.after is None else f"the one after {each.after}"
        audits.append(Audit(kind.collection, place, as_of, unanswered=each.failure))
    for key in told.keys() - about.keys():
        never = Difference(kind.name, None, key)
        audits.append(Audit(kind.name, key, as_of, differences=(never,)))
    calls = {key: kind.views(key, events) for key, events in about.items()}
    asked = [call for each in calls.values() for call in each]
    answers = iter(await chain.views(asked, as_of.number))
    for key, events in about.items():
        shown = [(call, next(answers)) for call in calls[key]]
        faults = _faults(kind, events, kind.kept(shown))
        said, first = told.get(key), events[0].origin.block_number
        due = not failed and (began is None or first <= began.block)
        if said is not None or due:
            audits.append(await _audit(chain, kind, (key, events, faults), said, as_of))
    return audits


async def _audit(
    chain: AuditedChain,
    kind: Recognised[State],
    known: tuple[str, Sequence[ChainEvent], tuple[Fault, ...]],
    said: tuple[Answer, Answer] | None,
    as_of: BlockRef,
) -> Audit:
    key, events, faults = known
    stand = None if said is None else stand_of(said[1])
    there = None if stand is None else (await chain.blocks([stand.block]))[0]
    if said is None or stand is None or there is None:
        missing = Difference(kind.name, key, None)
        return Audit(kind.name, key, as_of, differences=(missing,), faults=faults)
    then, _ = kind.folded(e for e in events if e.origin.block_number <= stand.block)
    values = {} if then is None else kind.values(then, there.timestamp)
    return Audit(
        kind=kind.name,
        record=key,
        as_of=as_of,
        faults=faults,
        differences=tuple(differences("", values, kind.told(said[0]))),
        behind=behind(events, stand, as_of),
        forked=there.hash != stand.hash,
    )


def _by_key(kind: Recognised[State], events: Sequence[ChainEvent]) -> dict[str, list[ChainEvent]]:
    found: dict[str, list[ChainEvent]] = {}
    for each in events:
        if isinstance(each.event, kind.event_types):
            found.setdefault(kind.key_of(each.event), []).append(each)
    return found


def _faults(
    kind: Recognised[State], events: Sequence[ChainEvent], kept: Mapping[str, object]
) -> tuple[Fault, ...]:
    now, broken = kind.folded(events)
    if broken is not None:
        return (broken,)
    if now is None:
        return ()
    told = kind.by_events(now)
    return tuple(
        Fault("unlike-the-contract", f"{name}: {told[name]} by the events, {there} in the contract")
        for name, there in kept.items()
        if told[name] != there
    )
