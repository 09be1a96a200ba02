"""The audit of the Council: its seats and proposals from the chain alone, the node against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eth_hash.auto import keccak

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.facts import fault_of
from tidan_node.audit.findings import UNREADABLE_EVENT, Audit, Difference, Fault
from tidan_node.audit.members import Members
from tidan_node.audit.node import UNREADABLE, Answer, AuditedNode, Listed, listed
from tidan_node.audit.stands import behind, elsewhere, stand_of
from tidan_node.audit.told import differences
from tidan_node.audit.told_council import (
    council_values,
    proposal_values,
    told_council,
    told_proposal,
)
from tidan_node.domain.council import CouncilState
from tidan_node.domain.council_fold import SeatEvent, advance_council
from tidan_node.domain.council_legality import council_events, council_illegal_acts
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import PartyIndex, to_hex
from tidan_node.domain.proposals import Proposal, ProposalStatus
from tidan_node.domain.steps import HistoryBroken
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call

_CONTRACT = "Council"


@dataclass(frozen=True, slots=True)
class _Facts:
    """The Council as the chain has it, and what does not fit together there."""

    events: Sequence[ChainEvent]
    members: Members
    faults: tuple[Fault, ...]
    as_of: BlockRef

    def state_at(self, block: int) -> CouncilState | None:
        """As it was at a block; None where it was not founded, or its events do not follow."""
        return _folded([each for each in self.events if each.origin.block_number <= block])[0]

    def of_seats(self) -> list[ChainEvent]:
        return [each for each in self.events if isinstance(each.event, SeatEvent)]

    def of_proposal(self, number: int) -> list[ChainEvent]:
        return [each for each in self.events if getattr(each.event, "proposal", None) == number]


async def audit_council(chain: AuditedChain, node: AuditedNode) -> list[Audit]:
    """The Council and each of its proposals. The node is asked first: what it then says can be
    older than what the chain says, never newer."""
    shown = await node.get("/v1/council")
    items = [each async for each in listed(node, "/v1/council/proposals", key="number")]
    facts = await _facts(chain)
    as_of, stand = facts.as_of, stand_of(shown.answer)
    forks = await elsewhere(chain, [stand] if stand else [], as_of)
    state = facts.state_at(stand.block if stand else as_of.number)
    said = () if shown.answer is None else _of_council(state, shown.answer)
    of_council = Audit(
        kind="council",
        record="council",
        as_of=as_of,
        faults=facts.faults,
        differences=tuple(said),
        behind=behind(facts.of_seats(), stand, as_of),
        forked=stand in forks,
        damage=() if shown.failure != UNREADABLE else (UNREADABLE_EVENT,),
        unanswered=shown.failure or (None if shown.answer is not None else "not-found"),
        names=facts.members.names,
    )
    due = () if state is None else tuple(state.proposals)
    return [of_council, *await _proposals(chain, items, facts, due)]


def _of_council(state: CouncilState | None, answer: Answer) -> Iterator[Difference]:
    if stand_of(answer) is None:
        yield Difference("asOf", "a block", None)
    yield from differences("", council_values(state), told_council(answer))


async def _proposals(
    chain: AuditedChain, items: Sequence[Listed], facts: _Facts, due: Sequence[int]
) -> list[Audit]:
    """Those that the node lists, and those that it should: it had read of them when it was asked
    about the Council."""
    found = facts.state_at(facts.as_of.number)
    known = {} if found is None else found.proposals
    told: dict[int, Listed] = {}
    audits: list[Audit] = []
    for each in items:
        if each.item is None:
            place = "the first" if each.after is None else f"the one before {each.after}"
            audits.append(Audit("proposals", place, facts.as_of, unanswered=each.failure))
            due = ()
            continue
        number = each.item.get("number")
        if type(number) is int and number in known and number not in told:
            told[number] = each
        else:
            never = Difference("proposal", None, number)
            audits.append(Audit("proposal", str(number), facts.as_of, differences=(never,)))
    for number in sorted({*told, *due}):
        audits.append(await _proposal(chain, number, told.get(number), facts))
    return audits


async def _proposal(chain: AuditedChain, number: int, said: Listed | None, facts: _Facts) -> Audit:
    as_of = facts.as_of
    stand = None if said is None else stand_of(said.page)
    there = None if stand is None else (await chain.blocks([stand.block]))[0]
    if said is None or said.item is None or stand is None or there is None:
        missing = Difference("proposal", f"proposal {number}", None)
        return Audit("proposal", str(number), as_of, differences=(missing,))
    state = facts.state_at(stand.block)
    if state is None or number not in state.proposals:
        early = Difference("proposal", None, number)
        return Audit("proposal", str(number), as_of, differences=(early,))
    values = proposal_values(state, number, there.timestamp)
    return Audit(
        kind="proposal",
        record=str(number),
        as_of=as_of,
        differences=tuple(differences("", values, told_proposal(said.item))),
        behind=behind(facts.of_proposal(number), stand, as_of),
        forked=there.hash != stand.hash,
        names=facts.members.names,
    )


async def _facts(chain: AuditedChain) -> _Facts:
    as_of = await chain.head()
    events = council_events(await chain.events_by(_CONTRACT, as_of))
    state, broken = _folded(events)
    touched = [str(index) for index in _parties_of(events)]
    members = Members(await chain.events_about(touched, as_of))
    if broken is not None:
        return _Facts(events, members, (broken,), as_of)
    kept = await _kept(chain, state, as_of)
    faults = [
        *(
            Fault("unlike-the-contract", f"{name}: {told} by the events, {there} in the contract")
            for name, (told, there) in kept.items()
            if told != there
        ),
        *_against_the_rules(events, members),
    ]
    return _Facts(events, members, tuple(faults), as_of)


def _parties_of(events: Sequence[ChainEvent]) -> list[PartyIndex]:
    """Every party that ever had a seat, or a part in a proposal."""
    found: dict[PartyIndex, None] = {}
    for each in events:
        for name in ("by", "party", "subject"):
            found.setdefault(getattr(each.event, name, PartyIndex(0)))
        found |= dict.fromkeys(getattr(each.event, "seats", ()))
    return [party for party in found if party]


def _against_the_rules(events: Sequence[ChainEvent], members: Members) -> Iterator[Fault]:
    of_parties = [each for told in members.events.values() for each in told]
    in_order = sorted(
        [*events, *of_parties], key=lambda each: (each.origin.block_number, each.origin.log_index)
    )
    for act in council_illegal_acts(in_order, members.standings.at):
        yield Fault(act.rule, act.detail, act.seq or None)


async def _kept(
    chain: AuditedChain, state: CouncilState | None, as_of: BlockRef
) -> Mapping[str, tuple[object, object]]:
    """By name, what the events say and what the contract says. Seats have no order there."""
    calls = [Call(_CONTRACT, "seats"), Call(_CONTRACT, "proposalCount")]
    if state is None:
        (seats,), (count,) = await chain.views(calls, as_of.number)
        return {"seats": ([], sorted(seats)), "proposals": (0, count)}
    numbers = sorted(state.proposals)
    calls.append(Call(_CONTRACT, "terms"))
    calls += [Call(_CONTRACT, "proposalOf", (number,)) for number in numbers]
    calls += [Call(_CONTRACT, "approvalsOf", (number,)) for number in numbers]
    (seats,), (count,), (terms,), *rest = await chain.views(calls, as_of.number)
    told = state.terms
    kept: dict[str, tuple[object, object]] = {
        "seats": (sorted(state.seats), sorted(seats)),
        "proposals": (len(numbers), count),
        "terms": ((told.threshold, told.delay, told.objection_window), tuple(terms)),
    }
    for number, (record,), (approvals,) in zip(
        numbers, rest[: len(numbers)], rest[len(numbers) :], strict=True
    ):
        kept[f"proposal {number}"] = (_told(state.proposals[number]), _compared(record))
        kept[f"approvals of proposal {number}"] = (
            state.proposals[number].approvals,
            tuple(approvals),
        )
    return kept


def _told(proposal: Proposal) -> tuple[object, ...]:
    motion = proposal.motion
    return (
        motion.target,
        to_hex(keccak(motion.call)),
        motion.subject,
        proposal.proposer,
        proposal.is_objected,
        proposal.executable_from,
        bool(proposal.executed_at),
    )


def _compared(record: tuple[object, ...]) -> tuple[object, ...]:
    """Those members of the contract's record that no time changes."""
    target, call_hash, subject, status, proposer, _, _, objected, executable_from, _ = record
    return (
        target,
        call_hash,
        subject,
        proposer,
        objected,
        executable_from,
        status == ProposalStatus.EXECUTED,
    )


def _folded(events: Sequence[ChainEvent]) -> tuple[CouncilState | None, Fault | None]:
    state: CouncilState | None = None
    try:
        for each in events:
            state = advance_council(state, each)
    except HistoryBroken as broken:
        return None, fault_of(broken)
    return state, None
