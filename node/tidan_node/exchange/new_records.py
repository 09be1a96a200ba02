"""A new record, and the parcel that carries its content to who is to have it: one commit."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.exchange.outbox import Outbox
from tidan_node.operations.new_records import NewRecord, enqueue_new_record
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.problems import Problem
from tidan_node.web.state import NodeState


async def undertake(
    connection: AsyncConnection,
    node: NodeState,
    wanted: NewRecord,
    *,
    caller: Caller,
    party: PartyIndex,
    recipient: PartyIndex,
    taken: Callable[[Operation | None], Problem],
) -> Operation:
    """The operation that makes the record; once the chain has it, its content leaves."""
    operation = await enqueue_new_record(
        connection, node.operations, wanted, actor=caller.key_id, party=party, taken=taken
    )
    content = wanted.content
    await Outbox(connection, node).post(
        content.kind,
        content.record_id,
        content.content_root,
        recipient,
        caller.key_id,
        after=operation.id,
    )
    return operation
