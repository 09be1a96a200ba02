"""A record's history held against the chain: the rows, the events and the contract's own head.

Each event is read again from the block that its row names. That is enough: the head is a hash over
all acts, so that no act can be left out, added or changed without ending in another head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Generic, Protocol, TypeVar

import structlog

from tidan_node.domain.events import ChainEvent
from tidan_node.domain.history import FIRST_HEAD, next_head
from tidan_node.domain.identifiers import Head
from tidan_node.domain.steps import HistoryBroken, Step
from tidan_node.ledger.abi import Value
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import ChainMoved
from tidan_node.ledger.rpc import RpcError
from tidan_node.problems import Problem
from tidan_node.records.registers import Register

State = TypeVar("State")
_log = structlog.get_logger(__name__)


class HistoryDiffers(Problem):
    """What this node keeps of the record is not what the chain has, from the act of this `seq` on.
    `tidan audit title` says what differs; `tidan node reindex` reads the chain anew."""

    status, slug, title = 500, "history-differs", "The node's history is not the chain's"


class HistoryUnproven(Problem):
    """The chain's node has forgotten the state that the answer is about, and there are newer acts.
    Nothing is known to be wrong: ask again once this node has read on."""

    status, slug, title = 503, "history-unproven", "The history cannot be proven at present"


class RecordChain(Protocol):
    """The chain as records are read from it."""

    async def head(self) -> BlockRef: ...

    async def blocks(self, numbers: Sequence[int]) -> list[BlockRef | None]:
        """The blocks of these numbers; None for one that the chain has not got."""
        ...

    async def events_in(
        self, numbers: Sequence[int], contract: str, record: str
    ) -> Sequence[ChainEvent]:
        """Every event of one contract about a record in these blocks, oldest first."""
        ...

    async def views(self, calls: Sequence[Call], block: int) -> list[tuple[Value, ...]]:
        """What views answer as of a block, in the order of the calls; RpcError where the chain's
        node no longer has its state."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """What a node keeps of a record: its events, None for one that cannot be read, and the block
    that this is true at."""

    record: str
    events: Sequence[ChainEvent | None]
    as_of: BlockRef


@dataclass(frozen=True, slots=True)
class Proven(Generic[State]):
    """A history that the contract's head confirms."""

    as_of: BlockRef
    """The block that the node's answer is true at."""
    held_against: BlockRef
    """The block whose head it was: a newer one where the chain's node has forgotten that state."""
    steps: tuple[Step[State], ...]
    heads: tuple[Head, ...]
    """Before the first act, and after each."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the contract keeps of a record at a block; seq 0 where it has none."""

    seq: int
    head: Head
    at: BlockRef


async def prove(chain: RecordChain, register: Register[State], rows: Rows) -> Proven[State]:
    """The history, proven; without acts where neither the node nor the contract has the record."""
    blocks = {row.origin.block_number for row in rows.events if row is not None}
    events = await chain.events_in(
        # a row of a block that the node has not read cannot be right
        sorted(number for number in blocks if 0 <= number <= rows.as_of.number),
        register.contract,
        rows.record,
    )
    kept = await _kept(chain, register, rows)
    asked = [rows.as_of, kept.at]
    if await chain.blocks([each.number for each in asked]) != asked:
        raise ChainMoved(f"block {rows.as_of.number} is not on the chain that was asked")
    if kept.at != rows.as_of and kept.seq > len(rows.events):
        raise HistoryUnproven(
            f"the chain's node has not the state of block {rows.as_of.number} any more; at block"
            f" {kept.at.number} the record has {kept.seq} acts, of which this node has read"
            f" {len(rows.events)}"
        )
    steps = _followed(register, rows, events)
    heads = [FIRST_HEAD]
    for step in steps:
        heads.append(next_head(heads[-1], step.act))
    if kept.seq != len(steps):
        raise _differs(rows, min(kept.seq, len(steps)) + 1)
    if kept.head != heads[-1]:
        raise _differs(rows, kept.seq)
    return Proven(rows.as_of, kept.at, steps, tuple(heads))


def _followed(
    register: Register[State], rows: Rows, events: Sequence[ChainEvent]
) -> tuple[Step[State], ...]:
    """The acts that rows and events have alike, each following from those before it."""
    steps: list[Step[State]] = []
    state: State | None = None
    for seq, (row, event) in enumerate(zip_longest(rows.events, events), start=1):
        if row is None or row != event:
            raise _differs(rows, seq)
        try:
            step = register.advance(state, row)
        except HistoryBroken as broken:
            raise _differs(rows, seq) from broken
        steps.append(step)
        state = step.after
    return tuple(steps)


async def _kept(chain: RecordChain, register: Register[State], rows: Rows) -> _Kept:
    calls = [Call(register.contract, view, (rows.record,)) for view in (register.view, "headOf")]
    at = rows.as_of
    try:
        answers = await chain.views(calls, at.number)
    except RpcError:
        at = await chain.head()
        answers = await chain.views(calls, at.number)
    members: Any  # Any: a struct is a tuple inside the outputs
    (members,), (head,) = answers
    return _Kept(members[register.members.index("seq")], head, at)


def _differs(rows: Rows, seq: int) -> HistoryDiffers:
    _log.error("record.history-differs", record=rows.record, seq=seq)
    return HistoryDiffers(
        f"from act {seq} on, what this node keeps is not what the chain has", seq=seq
    )
