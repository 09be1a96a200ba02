"""An operation that makes a new record: its claim, its content and its trail are one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.operations.claims import Claims
from tidan_node.operations.operation import Operation
from tidan_node.operations.service import Operations
from tidan_node.problems import Problem
from tidan_node.storage.contents import ContentRepository, StoredContent
from tidan_node.trail.trail import Trail


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What is wanted: the kind of operation, the name that it uses up, the content it is about."""

    kind: str
    claim: str
    intent: Mapping[str, object]
    content: StoredContent


async def enqueue_new_record(
    connection: AsyncConnection,
    operations: Operations,
    wanted: NewRecord,
    *,
    actor: str,
    party: PartyIndex,
    taken: Callable[[Operation | None], Problem],
) -> Operation:
    """The operation, or what `taken` makes of the one that has the name.

    Where an earlier operation with the name has failed, this one follows it. The earlier content
    stays: a reorganisation of the chain may yet bring the earlier operation back.
    """
    claims, record = Claims(connection), wanted.content.record_id
    holder = await claims.holder(wanted.claim)
    operation = await operations.enqueue(
        connection, kind=wanted.kind, target=record, intent=wanted.intent
    )
    await claims.take(wanted.claim, operation, after=holder, taken=taken(holder))
    await ContentRepository(connection).add(wanted.content)
    detail = {"operation": operation.id, "contentRoot": wanted.content.content_root}
    await Trail(connection).append(actor, wanted.kind, record, detail, party=party)
    return operation
