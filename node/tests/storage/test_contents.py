"""Content is kept once, as it came, and shows itself to nobody who did not ask for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tests.databases import databases
from tidan_node.domain.identifiers import ContentRoot
from tidan_node.storage.content_tables import contents
from tidan_node.storage.contents import (
    ContentRepository,
    NumberingEvidence,
    StoredContent,
)
from tidan_node.storage.database import Database

ROOT, OTHER_ROOT = ContentRoot("0x" + "0a" * 32), ContentRoot("0x" + "0b" * 32)
CONTENT = StoredContent(
    record_id="0x" + "01" * 32,
    content_root=ROOT,
    kind="title",
    schema=1,
    version=1,
    document=b'{"transportDocumentReference":"TOP-SECRET-BL"}',
    media_type="application/json",
    secret=b"\x5a" * 32,
    numbering=NumberingEvidence("SMDG:MSC", "TOP-SECRET-BL", None, "0xaa", "0xbb"),
    origin="own",
)


@pytest.fixture
async def database(sql: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = databases.opened(tmp_path / "node.db")
    yield database
    await database.close()


async def kept(database: Database, content: StoredContent) -> StoredContent | None:
    async with database.reading() as connection:
        return await ContentRepository(connection).of(content.record_id, content.content_root)


class TestAdd:
    @pytest.mark.parametrize(
        "content",
        [
            CONTENT,
            replace(CONTENT, document=b"\x00\xff<Invoice/>", media_type="application/xml"),
            replace(
                CONTENT,
                numbering=NumberingEvidence("LEI:52", "1/2", "A", "0xaa"),
                origin="received",
            ),
        ],
    )
    async def test_what_is_kept_is_what_came(
        self, database: Database, content: StoredContent
    ) -> None:
        async with database.writing() as connection:
            await ContentRepository(connection).add(content)
        found = await kept(database, content)
        assert found is not None
        assert found.created_at is not None
        assert replace(found, created_at=None) == content

    async def test_the_same_once_more_changes_nothing(self, database: Database) -> None:
        async with database.writing() as connection:
            await ContentRepository(connection).add(CONTENT)
        before = await kept(database, CONTENT)
        async with database.writing() as connection:
            await ContentRepository(connection).add(replace(CONTENT, origin="received"))
        assert await kept(database, CONTENT) == before

    @pytest.mark.parametrize(
        "other",
        [
            replace(CONTENT, document=CONTENT.document + b" "),
            replace(CONTENT, secret=b"\x5b" * 32),
            replace(CONTENT, version=2),
            replace(CONTENT, numbering=replace(CONTENT.numbering, id_proof="0xab")),
        ],
        ids=["document", "secret", "version", "numbering"],
    )
    async def test_what_is_held_under_a_root_stays(
        self, database: Database, other: StoredContent
    ) -> None:
        async with database.writing() as connection:
            await ContentRepository(connection).add(CONTENT)
        before = await kept(database, CONTENT)
        async with database.writing() as connection:
            await ContentRepository(connection).add(other)
        assert await kept(database, CONTENT) == before

    async def test_another_root_of_the_record_stands_beside_it(self, database: Database) -> None:
        other = replace(CONTENT, content_root=OTHER_ROOT, secret=b"\x01" * 32)
        async with database.writing() as connection:
            for content in (CONTENT, other):
                await ContentRepository(connection).add(content)
        found = await kept(database, other)
        assert found is not None
        assert found.secret == other.secret


class TestHeld:
    async def test_counts_only_the_root_that_is_asked_for(self, database: Database) -> None:
        second = replace(CONTENT, record_id="0x" + "02" * 32)
        async with database.writing() as connection:
            for content in (CONTENT, second):
                await ContentRepository(connection).add(content)
        async with database.reading() as connection:
            repository = ContentRepository(connection)
            many = [(f"0x{number:064x}", ROOT) for number in range(1000)]
            wanted = [(CONTENT.record_id, ROOT), (second.record_id, OTHER_ROOT), *many]
            assert await repository.held(wanted) == {CONTENT.record_id}
            assert await repository.held([]) == set()
            assert await repository.holds(second.record_id, ROOT)
            assert not await repository.holds(second.record_id, OTHER_ROOT)


class TestSecrecy:
    def test_neither_document_nor_secret_shows_in_the_repr(self) -> None:
        shown = repr(CONTENT)
        assert "TOP-SECRET" not in shown
        assert repr(CONTENT.secret) not in shown
        assert CONTENT.record_id in shown

    async def test_an_error_of_the_database_quotes_none_of_it(self, database: Database) -> None:
        async with database.writing() as connection:
            await ContentRepository(connection).add(CONTENT)
        row = {"record_id": CONTENT.record_id, "content_root": ROOT, "secret": CONTENT.secret}
        with pytest.raises(IntegrityError) as failure:
            async with database.writing() as connection:
                await connection.execute(insert(contents).values(row))
        assert repr(CONTENT.secret)[2:-1] not in str(failure.value)
