"""Surrenders that nobody answers: when an alarm is raised, of what, and when it is over."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.logs import captured
from tests.office import Office
from tests.overdue import (
    HOURS,
    LATE,
    act,
    alarmed,
    alarms,
    block_read,
    look,
    surrender,
    surrendered,
)
from tests.story import CHAIN
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.reorg import rewind
from tidan_node.ledger.blocks import BlockRef
from tidan_node.records.projections import record_projections
from tidan_node.records.surrender_alarms import SurrenderAlarms


async def due(office: Office, title: str) -> datetime:
    asked: str = (await office.get(f"/v1/titles/{title}")).json()["changedAt"]
    return datetime.fromisoformat(asked) + LATE


async def count(office: Office) -> int:
    async with office.database.reading() as connection:
        return await SurrenderAlarms(connection, office.app.state.node.account).count()


class Stopped(Exception):
    """The process ended here."""


class StopAt:
    def __init__(self, moment: str) -> None:
        self._moment = moment

    def reached(self, moment: str) -> None:
        if moment == self._moment:
            raise Stopped


class TestRaising:
    async def test_nothing_is_raised_before_the_time(self, trade: Any) -> None:
        title = await surrendered(trade)
        before = await due(trade.carrier, title) - timedelta(seconds=1)

        assert await look(trade.carrier, before) == (True, False)
        assert await alarmed(trade.carrier) == []

    async def test_it_is_raised_at_the_time_at_who_asked_and_who_should_answer(
        self, trade: Any
    ) -> None:
        title = await surrendered(trade)
        moment = await due(trade.carrier, title)

        for office in (trade.carrier, trade.seller):
            assert await look(office, moment) == (True, True)
            assert await alarmed(office) == [title]
            assert await count(office) == 1

    async def test_it_says_who_has_asked_who_should_answer_and_since_when(self, trade: Any) -> None:
        title = await surrendered(trade)
        moment = await due(trade.carrier, title)
        await look(trade.carrier, moment)

        (alarm,) = await alarms(trade.carrier)

        assert alarm == {
            "title": title,
            "number": "TDB-0417",
            "seq": 2,
            "status": "PENDING_DELIVERY",
            "possessor": {"index": 2, "name": "Party 2 Ltd"},
            "awaited": {"index": 1, "name": "Party 1 Ltd"},
            "since": (moment - LATE).isoformat().replace("+00:00", "Z"),
            "due": moment.isoformat().replace("+00:00", "Z"),
            "raisedAt": moment.isoformat().replace("+00:00", "Z"),
        }

    async def test_one_for_amendment_is_overdue_as_well(self, trade: Any) -> None:
        title = await trade.issued()
        await act(trade.seller, title, "surrenders/amendment", reason="SPLIT")
        await look(trade.seller)

        assert [each["status"] for each in await alarms(trade.seller)] == ["PENDING_AMENDMENT"]

    async def test_others_hear_nothing_of_it(self, trade: Any) -> None:
        await surrendered(trade)

        for office in (trade.buyer, trade.bank):
            assert await look(office) == (True, False)
            assert await alarmed(office) == []
            assert await count(office) == 0

    async def test_the_chains_time_counts_where_the_clock_is_slow(self, trade: Any) -> None:
        title = await surrendered(trade)
        slow = await due(trade.carrier, title) - LATE
        trade.consortium.story.next_block(HOURS * 3600 // 5)
        await trade.consortium.publish()

        assert await look(trade.carrier, slow) == (True, True)
        assert await alarmed(trade.carrier) == [title]

    async def test_a_node_without_a_party_raises_none(self, trade: Any) -> None:
        await surrendered(trade)
        node = trade.carrier.app.state.node
        trade.carrier.app.state.node = replace(node, account="0x" + "ef" * 20)

        assert await look(trade.carrier) == (True, False)

    async def test_the_log_names_the_title_and_nothing_else(self, trade: Any) -> None:
        title = await surrendered(trade)
        with captured() as log:
            await look(trade.carrier)
            await look(trade.carrier)
            (line,) = log.getvalue().splitlines()

        told = json.loads(line)
        assert (told["event"], told["level"]) == ("surrender unanswered", "warning")
        assert (told["title"], told["seq"]) == (title, 2)
        assert set(told) == {"event", "level", "logger", "timestamp", "title", "seq"}


class TestOnce:
    async def test_a_restart_repeats_none(self, trade: Any) -> None:
        title = await surrendered(trade)

        assert await look(trade.carrier) == (True, True)
        assert await look(trade.carrier) == (True, False)
        assert await alarmed(trade.carrier) == [title]

    async def test_what_is_ended_before_the_commit_is_raised_by_the_next(self, trade: Any) -> None:
        title = await surrendered(trade)
        with pytest.raises(Stopped):
            await look(trade.carrier, checkpoints=StopAt("alarms.before-commit"))
        assert await alarmed(trade.carrier) == []

        assert await look(trade.carrier) == (True, True)
        assert await alarmed(trade.carrier) == [title]

    async def test_what_is_ended_after_the_commit_is_raised_already(self, trade: Any) -> None:
        title = await surrendered(trade)
        with pytest.raises(Stopped):
            await look(trade.carrier, checkpoints=StopAt("alarms.after-commit"))

        assert await look(trade.carrier) == (True, False)
        assert await alarmed(trade.carrier) == [title]

    async def test_a_second_surrender_of_the_title_raises_another(self, trade: Any) -> None:
        title = await surrendered(trade)
        await look(trade.carrier)
        await act(trade.seller, title, "surrenders/cancel")
        await surrender(trade, title)
        assert await alarmed(trade.carrier) == []

        assert await look(trade.carrier) == (True, True)
        assert [(each["title"], each["seq"]) for each in await alarms(trade.carrier)] == [
            (title, 4)
        ]


class TestOver:
    @pytest.mark.parametrize(
        ("who", "path", "body"),
        [
            ("carrier", "surrenders/accept", {}),
            ("carrier", "surrenders/reject", {"reason": "FREIGHT_UNPAID"}),
            ("seller", "surrenders/cancel", {}),
        ],
        ids=["accepted", "rejected", "taken back"],
    )
    async def test_an_answer_or_a_cancellation_ends_it(
        self, trade: Any, who: str, path: str, body: dict[str, str]
    ) -> None:
        title = await surrendered(trade)
        await look(trade.carrier)

        await act(getattr(trade, who), title, path, **body)

        assert await alarmed(trade.carrier) == []
        assert await count(trade.carrier) == 0
        assert await look(trade.carrier) == (True, False)

    async def test_the_others_still_stand(self, trade: Any) -> None:
        first, second = await surrendered(trade), await surrendered(trade, "TDB-0418")
        await look(trade.carrier)
        await act(trade.carrier, first, "surrenders/accept")

        assert await alarmed(trade.carrier) == [second]


class TestViews:
    async def test_a_view_that_is_behind_raises_none(self, trade: Any) -> None:
        """The answer may stand in a block that is still to be read."""
        await surrendered(trade)
        read = await block_read(trade.carrier)
        assert read is not None
        ahead = replace(read, number=read.number + 1)

        assert await look(trade.carrier, complete_at=ahead) == (False, False)
        assert await look(trade.carrier) == (True, True)

    async def back_to(self, trade: Any, block: BlockRef) -> None:
        async with trade.carrier.database.writing() as connection:
            await rewind(
                connection,
                checkpoint=Checkpoint(CHAIN),
                ancestor=block,
                projections=record_projections(),
            )

    async def test_it_stands_again_where_the_chain_takes_the_answer_back(self, trade: Any) -> None:
        title = await surrendered(trade)
        asked = await block_read(trade.carrier)
        await look(trade.carrier)
        await act(trade.carrier, title, "surrenders/accept")
        assert asked is not None

        await self.back_to(trade, asked)

        assert await alarmed(trade.carrier) == [title]
        assert await look(trade.carrier) == (True, False)

    async def test_it_is_over_where_the_chain_takes_the_request_back(self, trade: Any) -> None:
        title = await trade.issued()
        issued = await block_read(trade.carrier)
        await surrender(trade, title)
        await look(trade.carrier)
        assert issued is not None

        await self.back_to(trade, issued)

        assert await alarmed(trade.carrier) == []
        assert await look(trade.carrier) == (True, False)


class TestEndpoint:
    async def test_pages_have_what_was_raised_last_first(self, trade: Any) -> None:
        titles = []
        for number in range(3):
            titles.append(await surrendered(trade, f"TDB-{number}"))
            await look(trade.carrier)

        first = (await trade.carrier.get("/v1/title-alarms", limit="2")).json()
        second = (
            await trade.carrier.get("/v1/title-alarms", limit="2", cursor=first["nextCursor"])
        ).json()

        shown = [each["title"] for each in (*first["items"], *second["items"])]
        assert shown == titles[::-1]
        assert (len(first["items"]), second["nextCursor"]) == (2, None)
