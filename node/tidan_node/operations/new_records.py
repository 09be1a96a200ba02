"""An operation that makes new records: claims, contents and trail are one commit."""

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

Taken = Callable[[str, Operation | None], Problem]
"""What a caller is told of a name that an operation has already."""


@dataclass(frozen=True, slots=True)
class NewRecords:
    """What is wanted: the kind of operation, what it changes, the names that it uses up, the
    contents that it is about."""

    kind: str
    target: str
    claims: tuple[str, ...]
    intent: Mapping[str, object]
    contents: tuple[StoredContent, ...]

    @classmethod
    def one(
        cls, *, kind: str, claim: str, intent: Mapping[str, object], content: StoredContent
    ) -> NewRecords:
        """A record by itself, under one name."""
        return cls(kind, content.record_id, (claim,), intent, (content,))


async def enqueue_new_records(
    connection: AsyncConnection,
    operations: Operations,
    wanted: NewRecords,
    *,
    actor: str,
    party: PartyIndex,
    taken: Taken,
) -> Operation:
    """The operation, or what `taken` makes of the one that has a name.

    Where an earlier operation with the name has failed, this one follows it. The earlier content
    stays: a reorganisation of the chain may yet bring the earlier operation back.
    """
    claims, trail, contents = Claims(connection), Trail(connection), ContentRepository(connection)
    operation = await operations.enqueue(
        connection, kind=wanted.kind, target=wanted.target, intent=wanted.intent
    )
    for name in wanted.claims:
        holder = await claims.holder(name)
        await claims.take(name, operation, after=holder, taken=taken(name, holder))
    for content in wanted.contents:
        await contents.add(content)
        detail = {"operation": operation.id, "contentRoot": content.content_root}
        await trail.append(actor, wanted.kind, content.record_id, detail, party=party)
    return operation
