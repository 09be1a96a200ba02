"""What the rest of the node asks of operations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.operations.conftest import Desk
from tidan_node.domain.identifiers import OperationId
from tidan_node.operations.operation import NOBODY, OperationStatus
from tidan_node.problems import NotFound


class TestEnqueue:
    async def test_an_operation_is_as_it_was_asked_for(self, desk: Desk) -> None:
        deadline = desk.clock.now + timedelta(hours=1)
        async with desk.database.writing() as connection:
            asked = await desk.operations.enqueue(
                connection,
                kind="title.offer",
                target="0x1d",
                intent={"recipient": 2, "what": ["possession"], "text": "提单"},
                deadline=deadline,
            )
        kept = await desk.operation(asked.id)
        assert kept == asked
        assert (kept.status, kept.is_ended) == (OperationStatus.INITIALIZED, False)
        assert kept.intent == {"recipient": 2, "what": ["possession"], "text": "提单"}
        assert (kept.deadline, kept.created_at) == (deadline, desk.clock.now)
        assert kept.account == NOBODY

    async def test_a_transaction_that_fails_leaves_no_operation(self, desk: Desk) -> None:
        async def ask_and_fail() -> None:
            async with desk.database.writing() as connection:
                await desk.operations.enqueue(connection, kind="k", target="t", intent={})
                raise RuntimeError("half way")

        with pytest.raises(RuntimeError, match="half way"):
            await ask_and_fail()
        assert await desk.statuses() == []


class TestById:
    async def test_an_operation_that_is_not_there_is_not_found(self, desk: Desk) -> None:
        async with desk.database.reading() as connection:
            with pytest.raises(NotFound):
                await desk.operations.by_id(connection, OperationId("none"))


class TestPage:
    async def test_the_newest_come_first_page_by_page(self, desk: Desk) -> None:
        asked = [await desk.ask(up_to) for up_to in range(1, 6)]
        async with desk.database.reading() as connection:
            first = await desk.operations.page(connection, limit=2)
            rest = await desk.operations.page(connection, limit=9, before=first[-1].id)
        assert [each.id for each in first + rest] == asked[::-1]

    async def test_it_can_be_narrowed_by_status_and_by_target(self, desk: Desk) -> None:
        done = await desk.ask(1)
        await desk.round()
        waiting = await desk.ask(2, target="other")
        async with desk.database.reading() as connection:
            page = desk.operations.page
            succeeded = await page(connection, limit=9, status=OperationStatus.SUCCEEDED)
            of_other = await page(connection, limit=9, target="other")
        assert [each.id for each in succeeded] == [done]
        assert [each.id for each in of_other] == [waiting]


class TestUnfinished:
    async def test_what_is_under_way_for_a_target_comes_in_its_order(self, desk: Desk) -> None:
        desk.chain.mining = False
        pending = await desk.ask(1, target="same")
        await desk.round()
        waiting = await desk.ask(2, target="same")
        await desk.ask(3, target="other")
        async with desk.database.reading() as connection:
            found = await desk.operations.unfinished(connection, target="same")
            none = await desk.operations.unfinished(connection, target="same", kind="title.issue")
        assert [each.id for each in found] == [pending, waiting]
        assert none == []

    async def test_what_has_ended_is_not_under_way(self, desk: Desk) -> None:
        await desk.ask(1, target="same")
        await desk.round()
        async with desk.database.reading() as connection:
            assert await desk.operations.unfinished(connection, target="same") == []
