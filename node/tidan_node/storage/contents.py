"""The private content behind records: documents and the secrets that their commitments stand on.

An entry is of one record and one content root: a record that was never issued leaves its content
behind, and a later one of the same number has a secret, and so a root, of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from sqlalchemy import ColumnElement, RowMapping, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import ContentRoot
from tidan_node.storage.content_references import ContentReferences
from tidan_node.storage.content_tables import contents
from tidan_node.storage.locks import hold

_CHUNK: Final = 250

Kind = Literal["title", "invoice", "policy"]
Origin = Literal["own", "received"]


@dataclass(frozen=True, slots=True)
class NumberingEvidence:
    """What a record's id was made of, and the proofs that its issuer's key made it."""

    code: str
    number: str
    sub_reference: str | None
    id_proof: str
    series_proof: str | None = None


@dataclass(frozen=True, slots=True)
class StoredContent:
    """The content of one record. Neither the document nor the secret shows in its repr."""

    record_id: str
    content_root: ContentRoot
    kind: Kind
    schema: int
    version: int
    document: bytes = field(repr=False)
    media_type: str
    secret: bytes = field(repr=False)
    numbering: NumberingEvidence = field(repr=False)
    origin: Origin
    created_at: datetime | None = None


class ContentRepository:
    """Contents, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, content: StoredContent) -> None:
        """Keep it, unless content of this record under this root is here: then that stays.

        Both say the same, field by field, or the root would not be theirs. Comments and spaces of
        an XML file are no field: whoever sends a variant must not shut out who sends the original.
        """
        await hold(self._connection, f"content {content.record_id}")
        if not await self._has(content.record_id, content.content_root):
            await self._connection.execute(insert(contents).values(_columns(content)))
            await ContentReferences(self._connection).add(
                content.record_id,
                content.content_root,
                kind=content.kind,
                document=content.document,
            )

    async def of(self, record_id: str, content_root: ContentRoot) -> StoredContent | None:
        """The content that this root commits the record to, if this node holds it."""
        found = await self._connection.execute(select(contents).where(_is(record_id, content_root)))
        row = found.mappings().one_or_none()
        return None if row is None else _content(row)

    async def _has(self, record_id: str, content_root: ContentRoot) -> bool:
        found = await self._connection.scalar(
            select(contents.c.record_id).where(_is(record_id, content_root))
        )
        return found is not None

    async def holds(self, record_id: str, content_root: ContentRoot) -> bool:
        """Whether the content is here, without reading it."""
        return record_id in await self.held([(record_id, content_root)])

    async def held(self, wanted: Iterable[tuple[str, ContentRoot]]) -> set[str]:
        """Of these records with their roots, the ids of those whose content is here."""
        return set(await self.numbers(wanted))

    async def numbers(self, wanted: Iterable[tuple[str, ContentRoot]]) -> dict[str, str]:
        """Of these records with their roots, the numbers of those whose content is here."""
        pairs = list(wanted)
        found: dict[str, str] = {}
        for start in range(0, len(pairs), _CHUNK):
            here = await self._connection.execute(
                select(contents.c.record_id, contents.c.numbering).where(
                    tuple_(contents.c.record_id, contents.c.content_root).in_(
                        pairs[start : start + _CHUNK]
                    )
                )
            )
            found |= {row.record_id: row.numbering["number"] for row in here}
        return found


def _is(record_id: str, content_root: ContentRoot) -> ColumnElement[bool]:
    return (contents.c.record_id == record_id) & (contents.c.content_root == content_root)


def _columns(content: StoredContent) -> dict[str, object]:
    numbering = content.numbering
    return {
        "record_id": content.record_id,
        "content_root": content.content_root,
        "kind": content.kind,
        "schema": content.schema,
        "version": content.version,
        "document": content.document,
        "media_type": content.media_type,
        "secret": content.secret,
        "numbering": {
            "code": numbering.code,
            "number": numbering.number,
            "subReference": numbering.sub_reference,
            "idProof": numbering.id_proof,
            "seriesProof": numbering.series_proof,
        },
        "origin": content.origin,
        "created_at": content.created_at or datetime.now(UTC),
    }


def _content(row: RowMapping) -> StoredContent:
    numbering = row["numbering"]
    return StoredContent(
        record_id=row["record_id"],
        content_root=row["content_root"],
        kind=row["kind"],
        schema=row["schema"],
        version=row["version"],
        document=row["document"],
        media_type=row["media_type"],
        secret=row["secret"],
        numbering=NumberingEvidence(
            code=numbering["code"],
            number=numbering["number"],
            sub_reference=numbering["subReference"],
            id_proof=numbering["idProof"],
            series_proof=numbering["seriesProof"],
        ),
        origin=row["origin"],
        created_at=row["created_at"],
    )
