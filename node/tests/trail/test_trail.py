"""The trail is appended to, says little, and is read in pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.storage.database import Database
from tidan_node.trail.trail import Trail, TrailEntryRefused


class TestAppend:
    async def test_says_who_did_what_to_what_and_when(
        self, database: Database, clock: Callable[[], datetime]
    ) -> None:
        async with database.writing() as connection:
            await Trail(connection, clock).append(
                "key-1",
                "title.offer",
                "0xaa",
                {"recipient": 3, "note": "提单"},
                party=PartyIndex(7),
            )
        async with database.reading() as connection:
            (entry,) = await Trail(connection).entries(limit=5)
        assert (entry.actor, entry.act, entry.subject) == ("key-1", "title.offer", "0xaa")
        assert (entry.at, entry.party) == (clock(), 7)
        assert entry.detail == {"recipient": 3, "note": "提单"}
        assert (entry.seq, entry.previous, entry.hash) == (None, None, None)

    async def test_what_is_not_committed_is_not_in_the_trail(self, database: Database) -> None:
        async def append_and_fail() -> None:
            async with database.writing() as connection:
                await Trail(connection).append("key-1", "title.offer", "0xaa")
                raise InterruptedError

        with pytest.raises(InterruptedError):
            await append_and_fail()
        async with database.reading() as connection:
            assert await Trail(connection).entries(limit=5) == []

    async def test_a_long_text_is_cut(self, database: Database) -> None:
        async with database.writing() as connection:
            await Trail(connection).append(
                "k", "a", "s", {"text": "x" * 100_000, "short": "y" * 200}
            )
        async with database.reading() as connection:
            (entry,) = await Trail(connection).entries(limit=5)
        assert entry.detail == {"text": "x" * 199 + "…", "short": "y" * 200}

    async def test_what_no_hash_can_take_is_replaced(self, database: Database) -> None:
        async with database.writing() as connection:
            await Trail(connection).append("k", "a", "s\ud800", {"text": "a\x00b\udfff"})
        async with database.reading() as connection:
            (entry,) = await Trail(connection).entries(limit=5)
        assert (entry.subject, entry.detail) == ("s?", {"text": "a\ufffdb?"})

    @pytest.mark.parametrize(
        "detail",
        [
            {"document": {"a": 1}},
            {"list": [1]},
            {"bytes": b"x"},
            {"real": 0.5},
            {"large": 2**53},
            {"": 1},
            {"k" * 65: 1},
            {str(number): number for number in range(21)},
        ],
    )
    async def test_an_entry_that_is_no_short_statement_is_refused(
        self, database: Database, detail: dict[str, object]
    ) -> None:
        async with database.writing() as connection:
            with pytest.raises(TrailEntryRefused):
                await Trail(connection).append("k", "a", "s", detail)

    @pytest.mark.parametrize(("actor", "act"), [("", "a"), ("k", ""), ("k" * 65, "a")])
    async def test_actor_and_act_have_names(self, database: Database, actor: str, act: str) -> None:
        async with database.writing() as connection:
            with pytest.raises(TrailEntryRefused):
                await Trail(connection).append(actor, act, "s")


class TestEntries:
    async def test_come_newest_first_and_page_by_page(self, database: Database) -> None:
        async with database.writing() as connection:
            for number in range(7):
                await Trail(connection).append("k", "a", str(number))
        seen: list[str] = []
        before: int | None = None
        async with database.reading() as connection:
            while page := await Trail(connection).entries(limit=3, before=before):
                seen += [entry.subject for entry in page]
                before = page[-1].entry_id
        assert seen == ["6", "5", "4", "3", "2", "1", "0"]
