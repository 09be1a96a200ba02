"""What an audit asks of the chain beside the records' own events, to judge their acts by."""

from __future__ import annotations

from collections.abc import Sequence

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.members import Members, gateways_named, parties_named
from tidan_node.domain.circumstances import Circumstances
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.membership_events import SuccessorNamed
from tidan_node.domain.title_events import PledgeEvent, TitleEndedAsPaper
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call


async def circumstances_of(
    chain: AuditedChain, events: Sequence[ChainEvent], up_to: BlockRef
) -> tuple[Members, Circumstances]:
    """The parties that these events name, and all else that the acts they tell of are judged by.

    Pledgees' acts name no account: their transactions are read. One that reaches the registry by
    another contract tells none, nor does one that the chain's node has not got any more: there the
    pledgee that the event names must do."""
    named = {str(party) for each in events for party in parties_named(each.event)}
    named |= {gateway for each in events for gateway in gateways_named(each.event)}
    beside = list(await chain.events_about(sorted(named), up_to))
    # for a revoked bank its successor acts, whom no event of a pledge names
    successors = {str(party) for party in _successors(beside)} - named
    beside += await chain.events_about(sorted(successors), up_to)
    acts = {each.origin.tx_hash for each in events if isinstance(each.event, PledgeEvent)}
    accounts = await chain.title_callers(sorted(acts)) if acts else {}
    circumstances = Circumstances.told_by(
        beside,
        account_at=lambda origin: accounts.get(origin.tx_hash),
        paper_delay=await _paper_delay(chain, events, up_to),
    )
    return Members(beside), circumstances


def _successors(events: Sequence[ChainEvent]) -> set[PartyIndex]:
    named = (each.event for each in events)
    return {each.successor for each in named if isinstance(each, SuccessorNamed)} - {NO_PARTY}


async def _paper_delay(chain: AuditedChain, events: Sequence[ChainEvent], up_to: BlockRef) -> int:
    """It never changes; it matters where a possessor has ended a title."""
    if not any(isinstance(each.event, TitleEndedAsPaper) for each in events):
        return 0
    ((delay,),) = await chain.views([Call("TitleRegistry", "paperDelay")], up_to.number)
    return int(str(delay))
