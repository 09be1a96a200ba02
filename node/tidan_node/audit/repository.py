"""What an audit asks of the tables below it: documents as they lie there, and the blocks read."""

from __future__ import annotations

from sqlalchemy import select, tuple_, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from tidan_node.audit.recomputing import Kept
from tidan_node.indexer.tables import blocks
from tidan_node.storage.content_tables import contents


class AuditRepository:
    """Pages, in the order of their keys."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def kept(self, *, limit: int, after: tuple[str, str] | None) -> list[Kept]:
        """Documents, by record and root. Only what a root is made of is read."""
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
            )
            .order_by(*key)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(tuple_(*key) > after)
        return [Kept(*row) for row in await self._connection.execute(wanted)]

    async def blocks(
        self, chain_id: int, *, limit: int, after: int | None
    ) -> list[tuple[int, str]]:
        """Numbers and hashes of the blocks that the node has read, from the first on."""
        wanted = (
            select(blocks.c.number, blocks.c.hash)
            .where(blocks.c.chain_id == chain_id)
            .order_by(blocks.c.number)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(blocks.c.number > after)
        return [(number, found) for number, found in await self._connection.execute(wanted)]
