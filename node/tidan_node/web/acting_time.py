"""The time that an act is held against before the chain is asked."""

from __future__ import annotations

from tidan_node.ledger.blocks import BlockRef
from tidan_node.records.records import Records
from tidan_node.web.state import NodeState


async def acting_time(records: Records, node: NodeState) -> int:
    """The time of the next block at the earliest, in seconds."""
    return acting_time_after(await records.as_of(), node)


def acting_time_after(last: BlockRef, node: NodeState) -> int:
    """The next block is not older than the last one, nor than this moment."""
    return max(last.timestamp, int(node.clock().timestamp()))
