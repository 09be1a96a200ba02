"""Audits of more than one record: of a whole chain, of a party, of a period."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from tidan_node.audit.anchors import anchors_of
from tidan_node.audit.blocks import audit_blocks
from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.council import audit_council
from tidan_node.audit.findings import Audit, Difference
from tidan_node.audit.held import audit_documents
from tidan_node.audit.kinds import KINDS, Kind
from tidan_node.audit.members import parties_named
from tidan_node.audit.node import AuditedNode, is_id, listed
from tidan_node.audit.parties import audit_parties, party_count
from tidan_node.audit.platforms import audit_gateways, audit_platforms
from tidan_node.audit.records import audit_records
from tidan_node.audit.survey import Survey, survey
from tidan_node.audit.trails import TrailAudit, audit_trail
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.ledger.blocks import BlockRef

_BATCH: Final = 40
_HIGHEST_INDEX: Final = 2**32 - 1
Item = TypeVar("Item")


class Listener(Protocol):
    """Hears of each audit as it is done, and how far the work has come."""

    def audited(self, audit: Audit) -> None: ...

    def counted(self, what: str, done: int, of: int | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Audited:
    """What was gone through; the audits themselves went to the listener."""

    as_of: BlockRef
    events: int
    blocks: int | None = None
    trail: TrailAudit | None = None


async def audit_chain(
    chain: AuditedChain, node: AuditedNode, listener: Listener, *, account: str | None = None
) -> Audited:
    """Every record, party and anchor of the chain, the Council and the platforms and gateways that
    it has recognised; then the node's blocks, documents and trail.
    `account` is the node's, where who audits knows it otherwise than by asking."""
    found = await survey(chain, counted=_counting(listener, "blocks of the chain"))
    for kind in KINDS:
        known = found.records[kind.name]
        await _audit_records(chain, node, kind, list(known), listener)
        strangers = [each async for each in _strangers(chain, node, kind, known, listener)]
        await _audit_records(chain, node, kind, strangers, listener)
    await _audit_parties(chain, node, found, listener)
    for audit in await audit_council(chain, node):
        listener.audited(audit)
    for audit in await audit_platforms(chain, node):
        listener.audited(audit)
    for audit in await audit_gateways(chain, node):
        listener.audited(audit)
    blocks, count = await audit_blocks(
        chain, node, counted=_counting(listener, "blocks of the node")
    )
    listener.audited(blocks)
    documents = audit_documents(chain, node, counted=_counting(listener, "documents"))
    async for audit in documents:
        listener.audited(audit)
    entries = _counting(listener, "entries of the trail")
    trail = await audit_trail(chain, node, counted=entries, account=account)
    listener.audited(trail.audit)
    return Audited(found.as_of, found.events, count, trail)


async def audit_party(
    chain: AuditedChain, node: AuditedNode, party: PartyIndex, listener: Listener
) -> Audited:
    """The party, its anchors, and every record that it ever had a part in."""
    return await _audit_concerned(
        chain,
        node,
        lambda happened: party in parties_named(happened.event),
        [party],
        listener,
    )


async def audit_period(
    chain: AuditedChain, node: AuditedNode, period: tuple[int, int], listener: Listener
) -> Audited:
    """Every record that something happened to in these seconds, replayed whole."""
    first, last = period

    def within(happened: ChainEvent) -> bool:
        return first <= happened.origin.block_time <= last

    return await _audit_concerned(chain, node, within, [], listener)


async def _audit_concerned(
    chain: AuditedChain,
    node: AuditedNode,
    concerns: Any,  # Any: a predicate of events, as `survey` takes it
    parties: Sequence[PartyIndex],
    listener: Listener,
) -> Audited:
    counted = _counting(listener, "blocks of the chain")
    found = await survey(chain, counted=counted, concerns=concerns)
    for kind in KINDS:
        await _audit_records(chain, node, kind, list(found.records[kind.name]), listener)
    for audit in await audit_parties(chain, node, parties) if parties else ():
        listener.audited(audit)
    for anchors in (await anchors_of(chain, parties)).values():
        listener.audited(anchors.audit())
    return Audited(found.as_of, found.events)


async def _audit_records(
    chain: AuditedChain,
    node: AuditedNode,
    kind: Kind[Any],  # Any: each kind has a state of its own
    records: Sequence[str],
    listener: Listener,
) -> None:
    done = 0
    for some in _batches(records):
        for audit in await audit_records(chain, node, kind, some):
            listener.audited(audit)
        done += len(some)
        listener.counted(kind.collection, done, len(records))


async def _strangers(
    chain: AuditedChain,
    node: AuditedNode,
    kind: Kind[Any],  # Any: as above
    known: dict[str, None],
    listener: Listener,
) -> AsyncIterator[str]:
    """What the node lists and the survey has not found: invented, or newer than the survey."""
    async for each in listed(node, f"/v1/{kind.collection}"):
        if each.item is None:
            place = "the first" if each.after is None else f"the one after {each.after}"
            listener.audited(
                Audit(kind.collection, place, await chain.head(), unanswered=each.failure)
            )
        elif not is_id(record := str(each.item.get("id"))):
            never = Difference(kind.name, None, record)
            listener.audited(Audit(kind.name, record, await chain.head(), differences=(never,)))
        elif record not in known:
            yield record


async def _audit_parties(
    chain: AuditedChain, node: AuditedNode, found: Survey, listener: Listener
) -> None:
    count = await party_count(chain, found.as_of)
    indices = [PartyIndex(number) for number in range(1, count + 1)]
    async for each in listed(node, "/v1/parties", key="index"):
        index = None if each.item is None else each.item.get("index")
        if each.item is None:
            place = "the first" if each.after is None else f"the one after {each.after}"
            listener.audited(Audit("parties", place, found.as_of, unanswered=each.failure))
        elif not isinstance(index, int) or not 0 < index <= _HIGHEST_INDEX:
            never = Difference("party", None, index)
            listener.audited(Audit("party", str(index), found.as_of, differences=(never,)))
        elif index > count:
            indices.append(PartyIndex(index))
    for some in _batches(indices):
        for audit in await audit_parties(chain, node, some):
            listener.audited(audit)
        for anchors in (await anchors_of(chain, some)).values():
            listener.audited(anchors.audit())


def _counting(listener: Listener, what: str) -> Any:  # Any: a callback of two numbers
    return lambda done, of: listener.counted(what, done, of)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, _BATCH)):
        yield some
