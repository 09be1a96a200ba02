"""The time that an act is held against before the chain is asked."""

from __future__ import annotations

from tidan_node.records.records import Records
from tidan_node.web.state import NodeState


async def acting_time(records: Records, node: NodeState) -> int:
    """The next block is not older than the last one, nor than this moment; in seconds."""
    return max(await records.chain_time(), int(node.clock().timestamp()))
