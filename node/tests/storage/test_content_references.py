"""References are kept with their content; a migration brings those of older contents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from tests.databases import databases
from tidan_node.domain.identifiers import ContentRoot
from tidan_node.storage.content_references import ContentReferences
from tidan_node.storage.content_tables import content_references, contents
from tidan_node.storage.contents import ContentRepository, NumberingEvidence, StoredContent
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import downgrade, upgrade

ROOT = ContentRoot("0x" + "0a" * 32)


def _content(number: str, root: ContentRoot = ROOT) -> StoredContent:
    return StoredContent(
        record_id="0x" + "01" * 32,
        content_root=root,
        kind="title",
        schema=1,
        version=1,
        document=f'{{"transportDocumentReference":"{number}"}}'.encode(),
        media_type="application/json",
        secret=b"\x5a" * 32,
        numbering=NumberingEvidence("SMDG:P1", number, None, "0xaa", "0xbb"),
        origin="own",
    )


async def _values(database: Database) -> list[tuple[str, str]]:
    async with database.reading() as connection:
        rows = await connection.execute(
            select(content_references.c.content_root, content_references.c.value)
        )
        return [(row.content_root, row.value) for row in rows]


async def test_what_is_added_is_found_and_added_once(sql: str, tmp_path: Path) -> None:
    url = databases.url(tmp_path / "node.db")
    await upgrade(url)
    database = Database(url)
    other = ContentRoot("0x" + "0b" * 32)
    for content in (_content("TDB-1"), _content("TDB-1"), _content("TDB-2", other)):
        async with database.writing() as connection:
            await ContentRepository(connection).add(content)
    async with database.reading() as connection:
        found = await ContentReferences(connection).found("TDB", limit=10)
        whole = await ContentReferences(connection).found("TDB2", limit=10, whole=True)
    kept = await _values(database)
    await database.close()

    assert kept == [(ROOT, "TDB1"), (other, "TDB2")]
    assert [(each.value, each.written) for each in found] == [("TDB1", "TDB-1"), ("TDB2", "TDB-2")]
    assert [each.content_root for each in whole] == [other]


async def test_contents_of_before_are_found_after_the_migration(sql: str, tmp_path: Path) -> None:
    url = databases.url(tmp_path / "node.db")
    await upgrade(url)
    await downgrade(url, "0003")
    database = Database(url)
    async with database.writing() as connection:
        await connection.execute(
            insert(contents).values(
                record_id="0x" + "01" * 32,
                content_root=ROOT,
                kind="title",
                schema=1,
                version=1,
                document=_content("TDB-7").document,
                media_type="application/json",
                secret=b"\x5a" * 32,
                numbering={},
                origin="own",
                created_at=datetime(2026, 5, 1, tzinfo=UTC),
            )
        )
    await database.close()

    await upgrade(url)

    database = Database(url)
    kept = await _values(database)
    await database.close()
    assert kept == [(ROOT, "TDB7")]
