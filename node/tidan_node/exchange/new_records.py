"""New records, and the parcels that carry their contents to who is to have them: one commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.exchange.outbox import Outbox
from tidan_node.operations.new_records import NewRecords, Taken, enqueue_new_records
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.web.state import NodeState


async def undertake(
    connection: AsyncConnection,
    node: NodeState,
    wanted: NewRecords,
    *,
    caller: Caller,
    party: PartyIndex,
    recipients: Sequence[PartyIndex],
    taken: Taken,
) -> Operation:
    """The operation that makes the records; once the chain has them, each one's content leaves for
    its recipient."""
    operation = await enqueue_new_records(
        connection, node.operations, wanted, actor=caller.key_id, party=party, taken=taken
    )
    outbox = Outbox(connection, node)
    for content, recipient in zip(wanted.contents, recipients, strict=True):
        await outbox.post(
            content.kind,
            content.record_id,
            content.content_root,
            recipient,
            caller.key_id,
            after=operation.id,
        )
    return operation
