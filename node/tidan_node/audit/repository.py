"""What an audit asks of the tables below it: documents as they lie there, and the blocks read."""

from __future__ import annotations

from sqlalchemy import select, tuple_, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from tidan_node.audit.naming import KeptReference
from tidan_node.audit.recomputing import Kept
from tidan_node.indexer.tables import blocks
from tidan_node.ledger.blocks import BlockRef
from tidan_node.operations.operation import OperationStatus
from tidan_node.operations.tables import operations
from tidan_node.storage.content_tables import content_references, contents


class AuditRepository:
    """Pages, in the order of their keys."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def kept(self, *, limit: int, after: tuple[str, str] | None) -> list[Kept]:
        """Documents, by record and root. Only what an audit needs is read."""
        key = (contents.c.record_id, contents.c.content_root)
        wanted = (
            select(
                *key,
                contents.c.kind,
                contents.c.schema,
                contents.c.version,
                # as they lie there: a page must not fail over one value of another type
                type_coerce(contents.c.document, NullType()),
                type_coerce(contents.c.secret, NullType()),
                type_coerce(contents.c.numbering, NullType()),
            )
            .order_by(*key)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(tuple_(*key) > after)
        return [Kept(*row) for row in await self._connection.execute(wanted)]

    async def references(self, kept: Kept) -> frozenset[KeptReference]:
        """By what this document is found here."""
        wanted = select(
            content_references.c.kind,
            content_references.c.scheme,
            content_references.c.value,
            content_references.c.written,
        ).where(
            content_references.c.record_id == kept.record,
            content_references.c.content_root == kept.root,
        )
        return frozenset(KeptReference(*row) for row in await self._connection.execute(wanted))

    async def has_unissued(self, record: object) -> bool:
        """Whether an operation on this record is not one that succeeded."""
        found = await self._connection.scalar(
            select(operations.c.id)
            .where(operations.c.target == record)
            .where(operations.c.status != OperationStatus.SUCCEEDED)
            .limit(1)
        )
        return found is not None

    async def blocks(self, chain_id: int, *, limit: int, after: int | None) -> list[BlockRef]:
        """The blocks that the node has read, from the first on."""
        wanted = (
            select(blocks.c.number, blocks.c.hash, blocks.c.parent_hash, blocks.c.timestamp)
            .where(blocks.c.chain_id == chain_id)
            .order_by(blocks.c.number)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(blocks.c.number > after)
        return [BlockRef(*row) for row in await self._connection.execute(wanted)]
