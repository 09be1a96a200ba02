"""A node that has enough to do takes no more, and says when to come again."""

from __future__ import annotations

import pytest

from tests.operations.conftest import Desk
from tidan_node.operations.backlog import Backlog
from tidan_node.operations.problems import QueueFull
from tidan_node.operations.service import Operations


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(desk: Desk) -> Seconds:
    """The clock of a backlog of three."""
    seconds = Seconds()
    desk.operations = Operations(
        chain_id=desk.chain.manifest.chain_id, clock=desk.clock, backlog=Backlog(3, seconds)
    )
    return seconds


async def test_beyond_the_limit_nothing_is_noted(desk: Desk, seconds: Seconds) -> None:
    for up_to in (1, 2, 3):
        await desk.ask(up_to)
    with pytest.raises(QueueFull) as full:
        await desk.ask(4)
    assert full.value.document()["rule"] == "queue_limit"
    assert full.value.document()["retryAfter"] == 5
    assert len(await desk.page()) == 3


async def test_what_has_ended_makes_room(desk: Desk, seconds: Seconds) -> None:
    for up_to in (1, 2, 3):
        await desk.ask(up_to)
    await desk.round()
    seconds.now += 1
    await desk.ask(4)
    assert len(await desk.page()) == 4


async def test_what_another_process_has_noted_counts(desk: Desk, seconds: Seconds) -> None:
    other = Operations(chain_id=desk.chain.manifest.chain_id, clock=desk.clock)
    async with desk.database.writing() as connection:
        for up_to in (1, 2, 3):
            await other.enqueue(
                connection, kind="test.anchor", target=f"trail:{up_to}", intent={"upTo": up_to}
            )
    with pytest.raises(QueueFull):
        await desk.ask(4)
