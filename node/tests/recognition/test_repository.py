"""What signing in leaves behind in SQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.domain.authorities import Authority
from tests.empty_database import database_in
from tidan_node.domain.certificates.client import CertificateRefused, UsedList
from tidan_node.domain.platforms import AnchorId
from tidan_node.domain.sign_in_tokens import PlatformSignInRefused
from tidan_node.recognition.repository import (
    MOST_KEPT,
    RevocationLists,
    SessionCertificates,
    UsedTokens,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANCHOR, OTHER = AnchorId("0x" + "11" * 32), AnchorId("0x" + "22" * 32)


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    database = database_in(tmp_path / "node.db")
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

    async def test_none_that_is_older_comes_in_the_place_of_one_that_was_let_go(
        self, connection: AsyncConnection
    ) -> None:
        lists = RevocationLists(connection)
        await lists.keep(ANCHOR, made("first-", 5))
        for minutes in range(10, 10 + MOST_KEPT):
            await lists.keep(ANCHOR, made(f"part-{minutes}-", minutes))
        assert b"first-5" not in await lists.below([ANCHOR])

        with pytest.raises(CertificateRefused) as caught:
            await lists.keep(ANCHOR, made("first-", 4))

        assert caught.value.extra["rule"] == "crl-older"
        assert await lists.keep(ANCHOR, made("first-", 99))
        assert b"first-99" in await lists.below([ANCHOR])

    async def test_it_is_told_whether_a_list_is_another_than_before(
        self, connection: AsyncConnection
    ) -> None:
        lists = RevocationLists(connection)

        told = [await lists.keep(ANCHOR, made("a", minutes)) for minutes in (1, 1, 2)]

        assert told == [True, False, True]


class TestCertificates:
    ISSUING = Authority.root()

    def listing(self, *revoked: x509.Certificate, issuer: str = "k" * 64) -> UsedList:
        return UsedList(f"{issuer}:whole", 1, NOW, NOW, self.ISSUING.crl(*revoked))

    async def test_a_list_ends_the_sessions_that_stand_on_what_it_names(
        self, connection: AsyncConnection
    ) -> None:
        known, first, second = (
            SessionCertificates(connection),
            *(self.ISSUING.client() for _ in "ab"),
        )
        for name, certificate in (("1" * 16, first), ("2" * 16, first), ("3" * 16, second)):
            await known.remember(
                name, [("k" * 64, certificate.serial_number)], ends_at=NOW + HOUR, now=NOW
            )

        assert await known.revoked_by(self.listing(first)) == ["1" * 16, "2" * 16]
        assert await known.revoked_by(self.listing(first, issuer="x" * 64)) == []
        assert await known.revoked_by(self.listing()) == []

    async def test_they_are_forgotten_once_the_session_has_ended(
        self, connection: AsyncConnection
    ) -> None:
        known, certificate = SessionCertificates(connection), self.ISSUING.client()
        stands_on = [("k" * 64, certificate.serial_number)]
        await known.remember("1" * 16, stands_on, ends_at=NOW + HOUR, now=NOW)

        await known.remember("2" * 16, stands_on, ends_at=NOW + 2 * HOUR, now=NOW + HOUR)

        assert await known.revoked_by(self.listing(certificate)) == ["2" * 16]


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
