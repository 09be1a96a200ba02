"""The audit of the blocks that a node has read: each must be the chain's own."""

from __future__ import annotations

from collections.abc import Callable

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import Audit, Difference
from tidan_node.audit.node import Answer, AuditedNode, listed

_BATCH = 200


async def audit_blocks(
    chain: AuditedChain, node: AuditedNode, *, counted: Callable[[int, int | None], None]
) -> tuple[Audit, int]:
    """The first block of the node that this chain does not have, if there is one: there the node,
    or somebody in its database, has left the chain. And how many blocks were looked at."""
    checked = 0
    before: int | None = None
    waiting: list[Answer] = []
    differences: list[Difference] = []
    failure: str | None = None
    head = await chain.head()

    async def looked_at() -> None:
        nonlocal before, checked
        numbers = [_number(item) for item in waiting]
        there = await chain.blocks(numbers)
        for item, number, block in zip(waiting, numbers, there, strict=True):
            expected = None if block is None else block.hash
            if before is not None and number != before + 1:
                missing = f"block {before + 1}"
                differences.append(Difference(missing, "a block of the chain", None))
                return
            if item.get("hash") != expected:
                differences.append(Difference(f"block {number}", expected, item.get("hash")))
                return
            before = number
            checked += 1
        waiting.clear()
        counted(checked, head.number)

    async for each in listed(node, "/v1/audit/blocks", key="number"):
        if each.item is None:
            failure = each.failure
            break
        waiting.append(each.item)
        if len(waiting) == _BATCH:
            await looked_at()
        if differences:
            break
    if waiting and not differences:
        await looked_at()
    as_of = await chain.head()
    audit = Audit(
        kind="blocks",
        record=str(before if before is not None else 0),
        as_of=as_of,
        differences=tuple(differences),
        forked=bool(differences),
        unanswered=failure,
    )
    return audit, checked


def _number(item: Answer) -> int:
    number = item.get("number")
    return number if isinstance(number, int) and number >= 0 else 0
