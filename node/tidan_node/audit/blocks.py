"""The audit of the blocks that a node has read: from the consortium's first to the one that the
node stands at, each must be the chain's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Audit, Difference
from tidan_node.audit.node import Answer, AuditedNode, listed
from tidan_node.audit.stands import stand_of
from tidan_node.ledger.blocks import BlockRef

_BATCH = 200
Counted = Callable[[int, int | None], None]


class _Walk:
    """Goes along the node's blocks up to the first that is not as it should be."""

    def __init__(self, chain: AuditedChain, counted: Counted, head: BlockRef) -> None:
        self._chain = chain
        self._counted = counted
        self._head = head
        self.expected = chain.first_block
        self.difference: Difference | None = None
        self.forked = False

    async def take(self, items: Sequence[Answer]) -> None:
        there = await self._chain.blocks([_number(item) for item in items])
        for item, block in zip(items, there, strict=True):
            self._look_at(item, block)
            if self.difference is not None:
                return
            self.expected += 1
        self._counted(self.expected - self._chain.first_block, self._head.number)

    def end(self, page: Answer | None) -> None:
        """The last block is the one that the node says it stands at."""
        stand = stand_of(page)
        if self.expected == self._chain.first_block:
            self.difference = _missing(self.expected)
        elif stand is None:
            self.difference = Difference("asOf", self._head.number, None)
        elif stand.block >= self.expected:
            self.difference = _missing(self.expected)
        elif stand.block != self.expected - 1:
            self.difference = Difference("asOf", self.expected - 1, stand.block)

    def _look_at(self, item: Answer, block: BlockRef | None) -> None:
        number = item.get("number")
        if number != self.expected:
            early = isinstance(number, int) and number < self.expected
            self.difference = (
                Difference(f"block {number}", None, item.get("hash"))
                if early
                else _missing(self.expected)
            )
            return
        values = {
            "hash": None if block is None else block.hash,
            "parentHash": None if block is None else block.parent_hash,
            "timestamp": None if block is None else block.timestamp,
        }
        for name, value in values.items():
            if value is None or item.get(name) != value:
                place = f"block {number}" + ("" if name == "hash" else f".{name}")
                self.difference = Difference(place, value, item.get(name))
                self.forked = name == "hash"
                return


async def audit_blocks(
    chain: AuditedChain, node: AuditedNode, *, counted: Counted
) -> tuple[Audit, int]:
    """The first block of the node that is not this chain's, or that is missing, if there is one:
    there the node, or somebody in its database, has left the chain. And how many blocks agree."""
    walk = _Walk(chain, counted, await chain.head())
    waiting: list[Answer] = []
    page: Answer | None = None
    failure: str | None = None
    async for each in listed(node, "/v1/audit/blocks", key="number"):
        page = each.page
        if each.item is None:
            failure = each.failure
            break
        waiting.append(each.item)
        if len(waiting) == _BATCH:
            await walk.take(waiting)
            waiting = []
        if walk.difference is not None:
            break
    if waiting and walk.difference is None:
        await walk.take(waiting)
    if walk.difference is None and failure is None:
        walk.end(page)
    audit = Audit(
        kind="blocks",
        record=str(max(walk.expected - 1, 0)),
        as_of=await chain.head(),
        differences=() if walk.difference is None else (walk.difference,),
        forked=walk.forked,
        unanswered=failure,
    )
    return audit, walk.expected - chain.first_block


def _missing(number: int) -> Difference:
    return Difference(f"block {number}", "a block of the chain", None)


def _number(item: Answer) -> int:
    number = item.get("number")
    return number if isinstance(number, int) and number >= 0 else 0
