"""Records from the chain alone: histories from the events, held against contract and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.circumstances import circumstances_of
from tidan_node.audit.findings import Fault
from tidan_node.audit.kinds import Kind
from tidan_node.audit.members import parties_named
from tidan_node.audit.told import Values
from tidan_node.audit.told_parties import terms_values
from tidan_node.domain.circumstances import Circumstances
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.history import FIRST_HEAD
from tidan_node.domain.identifiers import ZERO_20, ZERO_32, PartyIndex
from tidan_node.domain.steps import HistoryBroken, Step
from tidan_node.ledger.abi import Value
from tidan_node.ledger.blocks import BlockRef

State = TypeVar("State")

_NOTHING: Final = {
    "head": FIRST_HEAD,
    "contentRoot": ZERO_32,
    "pledgee": ZERO_32,
    "gateway": ZERO_20,
}
"""What a contract shows of a record that it does not have, beside the record's members."""


@dataclass(frozen=True, slots=True)
class Facts(Generic[State]):
    """A record as the chain has it up to a block, and what does not fit together there."""

    record: str
    as_of: BlockRef
    steps: tuple[Step[State], ...]
    faults: tuple[Fault, ...]
    names: Mapping[PartyIndex, str]
    terms: Values
    """What the record's issuer accepted when it was enrolled, as the node must say it."""

    @property
    def exists(self) -> bool:
        return bool(self.steps or self.faults)

    def steps_until(self, block: int) -> tuple[Step[State], ...]:
        """The history as it was at a block."""
        return tuple(step for step in self.steps if step.origin.block_number <= block)


async def facts_of(
    chain: AuditedChain, kind: Kind[State], records: Sequence[str]
) -> list[Facts[State]]:
    """Everything about these records that needs nobody's word but the chain's."""
    as_of = await chain.head()
    about = kind.about(await chain.events_about(records, as_of))
    told = [each for events in about.values() for each in events]
    members, circumstances = await circumstances_of(chain, told, as_of)
    folded = {record: _folded(kind, about.get(record, [])) for record in records}
    kept = await _kept(chain, kind, folded, as_of)
    found = []
    for record, (steps, broken) in folded.items():
        faults = broken or [
            *_against_the_contract(kind, steps, kept[record]),
            *_against_the_rules(kind, steps, circumstances),
        ]
        named = {p for each in about.get(record, ()) for p in parties_named(each.event)}
        names = {index: name for index, name in members.names.items() if index in named}
        terms = terms_values(members.states.get(kind.issuer(steps[-1].after)) if steps else None)
        found.append(Facts(record, as_of, steps, tuple(faults), names, terms))
    return found


def _folded(
    kind: Kind[State], events: Sequence[ChainEvent]
) -> tuple[tuple[Step[State], ...], list[Fault]]:
    try:
        return kind.fold(events), []
    except HistoryBroken as broken:
        return (), [fault_of(broken)]


def fault_of(broken: HistoryBroken) -> Fault:
    """A missing event is a gap, and is named by the seq that should have come."""
    seq, expected = broken.extra.get("seq"), broken.extra.get("expectedSeq")
    if isinstance(seq, int) and isinstance(expected, int) and seq > expected:
        return Fault("gap", broken.detail, expected)
    return Fault("history-broken", broken.detail)


async def _kept(
    chain: AuditedChain,
    kind: Kind[State],
    folded: Mapping[str, tuple[tuple[Step[State], ...], list[Fault]]],
    as_of: BlockRef,
) -> dict[str, dict[str, object]]:
    """What the contract keeps of each record whose events make a history."""
    asked = [
        (record, name, call)
        for record, (steps, faults) in folded.items()
        if not faults
        for name, call in kind.questions(record, steps[-1].after if steps else None).items()
    ]
    answers = await chain.views([call for _, _, call in asked], as_of.number)
    kept: dict[str, dict[str, object]] = {}
    for (record, name, _), answer in zip(asked, answers, strict=True):
        of_record = kept.setdefault(record, {})
        if name == "record":
            of_record |= dict(zip(kind.register.members, _members(answer), strict=True))
        else:
            (of_record[name],) = answer
    return kept


def _members(answer: tuple[Value, ...]) -> Any:  # Any: a struct is a tuple inside the outputs
    (record,) = answer
    return record


def _against_the_contract(
    kind: Kind[State], steps: Sequence[Step[State]], kept: Values
) -> list[Fault]:
    """Were an event left out, the contract's record, or at the least its head, would differ."""
    nothing = dict.fromkeys(kind.register.members, 0) | _NOTHING
    told = kind.kept(steps[-1].after) if steps else nothing
    return [
        Fault(
            "unlike-the-contract",
            f"{name}: {told[name]} by the events, {kept[name]} in the contract",
        )
        for name in kept
        if kept[name] != told[name]
    ]


def _against_the_rules(
    kind: Kind[State], steps: Sequence[Step[State]], circumstances: Circumstances
) -> list[Fault]:
    """Each act was allowed to who did it, as things were then."""
    illegal = kind.illegal(steps, circumstances)
    return [Fault(act.rule, act.detail, act.seq) for act in illegal]
