"""The checkpoints of a party's trail as the chain alone has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Audit, Fault
from tidan_node.domain.events import ChainEvent, TrailAnchored
from tidan_node.domain.identifiers import ZERO_32, PartyIndex
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call


@dataclass(frozen=True, slots=True)
class Anchors:
    """Every checkpoint of one party, by the number of entries that it reaches up to."""

    party: PartyIndex
    as_of: BlockRef
    checkpoints: dict[int, str]
    faults: tuple[Fault, ...]

    def audit(self) -> Audit:
        """The anchors as a record of their own."""
        return Audit("anchors", str(self.party), self.as_of, faults=self.faults)


async def anchors_of(
    chain: AuditedChain, parties: Sequence[PartyIndex]
) -> dict[PartyIndex, Anchors]:
    """The checkpoints of these parties. Were one left out, the next would not follow it, or the
    contract's last would be another."""
    as_of = await chain.head()
    events = await chain.events_about([str(index) for index in parties], as_of)
    calls = [Call("TrailAnchor", "anchorOf", (index,)) for index in parties]
    kept = await chain.views(calls, as_of.number)
    found = {}
    for index, (up_to, checkpoint) in zip(parties, kept, strict=True):
        told = list(_told(events, index))
        last = (told[-1].up_to, told[-1].checkpoint) if told else (0, ZERO_32)
        faults = list(_gaps(told))
        if (up_to, checkpoint) != last:
            detail = f"up to {last[0]} by the events, up to {up_to} in the contract"
            faults.append(Fault("unlike-the-contract", detail))
        checkpoints = {each.up_to: each.checkpoint for each in told}
        found[index] = Anchors(index, as_of, checkpoints, tuple(faults))
    return found


def _told(events: Iterable[ChainEvent], party: PartyIndex) -> Iterable[TrailAnchored]:
    for each in events:
        if isinstance(each.event, TrailAnchored) and each.event.party == party:
            yield each.event


def _gaps(told: Sequence[TrailAnchored]) -> Iterable[Fault]:
    before = 0
    for each in told:
        if each.previous_up_to != before:
            detail = f"an anchor follows that of {each.previous_up_to} entries, not of {before}"
            yield Fault("gap", detail, each.up_to)
        before = each.up_to
