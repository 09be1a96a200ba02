"""What signing in leaves behind in SQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.certificates.client import CertificateRefused, UsedList
from tidan_node.domain.platforms import AnchorId
from tidan_node.domain.sign_in_tokens import PlatformSignInRefused
from tidan_node.recognition.repository import MOST_KEPT, RevocationLists, UsedTokens
from tidan_node.storage.database import Database
from tidan_node.storage.metadata import metadata

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ANCHOR, OTHER = AnchorId("0x" + "11" * 32), AnchorId("0x" + "22" * 32)


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/node.db")
    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
    async with database.writing() as connection:
        yield connection
    await database.close()


def made(series: str, minutes: int, der: bytes | None = None) -> UsedList:
    """A list made so many minutes after the hour."""
    at = NOW + timedelta(minutes=minutes)
    return UsedList(
        series, minutes, at, at + timedelta(days=1), der or f"{series}{minutes}".encode()
    )


class TestLists:
    async def test_the_newest_list_of_a_series_is_kept(self, connection: AsyncConnection) -> None:
        lists = RevocationLists(connection)

        for minutes in (1, 2, 2):
            await lists.keep(ANCHOR, made("a", minutes))

        assert await lists.below([ANCHOR]) == [b"a2"]

    async def test_an_older_one_that_came_meanwhile_is_refused(
        self, connection: AsyncConnection
    ) -> None:
        lists = RevocationLists(connection)
        await lists.keep(ANCHOR, made("a", 2))

        with pytest.raises(CertificateRefused) as caught:
            await lists.keep(ANCHOR, made("a", 1))

        assert caught.value.extra["rule"] == "crl-older"
        assert await lists.below([ANCHOR]) == [b"a2"]

    async def test_each_anchor_has_lists_of_its_own(self, connection: AsyncConnection) -> None:
        lists = RevocationLists(connection)
        await lists.keep(ANCHOR, made("a", 1))
        await lists.keep(OTHER, made("a", 2))

        assert await lists.below([ANCHOR]) == [b"a1"]
        assert sorted(await lists.below([ANCHOR, OTHER])) == [b"a1", b"a2"]
        assert await lists.below([]) == []

    async def test_of_very_many_series_the_newest_stay(self, connection: AsyncConnection) -> None:
        lists = RevocationLists(connection)
        await lists.keep(OTHER, made("other", 0))

        for minutes in range(MOST_KEPT + 3):
            await lists.keep(ANCHOR, made(f"part-{minutes:02}-", minutes))

        kept = sorted(await lists.below([ANCHOR]))
        assert len(kept) == MOST_KEPT
        assert kept[0] == b"part-03-3"
        assert await lists.below([OTHER]) == [b"other0"]


class TestTokens:
    async def test_a_token_is_used_up_once(self, connection: AsyncConnection) -> None:
        tokens = UsedTokens(connection)
        ends = NOW + timedelta(minutes=6)
        await tokens.use_up("a" * 64, ends_at=ends, now=NOW)

        with pytest.raises(PlatformSignInRefused) as caught:
            await tokens.use_up("a" * 64, ends_at=ends, now=NOW)
        await tokens.use_up("b" * 64, ends_at=ends, now=NOW)

        assert caught.value.extra["rule"] == "replayed"

    async def test_it_is_remembered_until_it_has_ended(self, connection: AsyncConnection) -> None:
        tokens = UsedTokens(connection)
        ends = NOW + timedelta(minutes=6)
        await tokens.use_up("a" * 64, ends_at=ends, now=NOW)

        with pytest.raises(PlatformSignInRefused):
            await tokens.use_up("a" * 64, ends_at=ends, now=ends - timedelta(microseconds=1))
        await tokens.use_up("a" * 64, ends_at=ends, now=ends)
