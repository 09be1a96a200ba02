"""By which numbers the contents held here are found: written with them, asked by search."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.documents.references import references_of
from tidan_node.domain.identifiers import ContentRoot
from tidan_node.storage.content_tables import content_references

_AFTER_ALL: Final = "\U0010ffff"
"""Nothing that can be seen sorts after it: the end of whatever begins alike."""


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A reference of a content that is held here, and whose it is."""

    record_id: str
    content_root: ContentRoot
    kind: str
    scheme: str
    value: str
    written: str


class ContentReferences:
    """References, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, record_id: str, content_root: ContentRoot, *, kind: str, document: bytes
    ) -> None:
        """Write down by what this document is found. It must have none yet."""
        found = await asyncio.to_thread(references_of, kind, document)
        rows = [
            {
                "record_id": record_id,
                "content_root": content_root,
                "kind": kind,
                "scheme": each.scheme,
                "value": each.value,
                "written": each.written,
            }
            for each in found
        ]
        if rows:
            await self._connection.execute(insert(content_references), rows)

    async def found(
        self,
        value: str,
        *,
        limit: int,
        whole: bool = False,
        kind: str | None = None,
        scheme: str | None = None,
    ) -> list[FoundReference]:
        """Those that are this value and, unless it must be whole, those that begin with it."""
        column = content_references.c.value
        begins = (column > value) & (column < value + _AFTER_ALL)
        wanted = select(content_references).where(
            column == value if whole else or_(column == value, begins)
        )
        if kind is not None:
            wanted = wanted.where(content_references.c.kind == kind)
        if scheme is not None:
            wanted = wanted.where(content_references.c.scheme == scheme)
        # a whole match is the shortest of all that begin so: the order puts it first
        rows = await self._connection.execute(
            wanted.order_by(
                column,
                content_references.c.kind,
                content_references.c.record_id,
                content_references.c.scheme,
                content_references.c.content_root,
            ).limit(limit)
        )
        return [FoundReference(**row) for row in rows.mappings()]
