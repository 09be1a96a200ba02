"""Alarms on streams and at webhooks: beside the chain's events, and none that is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.overdue import LATE, look
from tests.story import CHAIN, Story
from tests.subscriptions.test_deliveries import added, delivering, until
from tests.watched_chain import INVOICE, WatchedChain, accepted
from tests.webhook_receiver import receiving
from tidan_node.domain.identifiers import PartyIndex, TitleId
from tidan_node.domain.parties import Role

ALARM = "tidan.title.surrender-unanswered"


@dataclass
class Desk:
    """The carrier of `office`, to whom a trader surrenders."""

    office: Any
    story: Story
    trader: PartyIndex
    titles: list[TitleId] = field(default_factory=list)

    async def surrendered(self) -> TitleId:
        title = self.story.issue(self.office.party, self.trader)
        self.story.surrender(title)
        await self.read()
        return title

    async def overdue(self) -> TitleId:
        """A title whose alarm is raised."""
        title = await self.surrendered()
        assert await look(self.office) == (True, True)
        return title

    async def answered(self, title: TitleId) -> None:
        self.story.accept_surrender(title)
        await self.read()

    async def read(self) -> None:
        await self.office.consortium.publish()
        self.office.app.state.node.news.tell()


@pytest.fixture
async def desk(office: Any) -> Desk:
    consortium = office.consortium
    trader = consortium.enrol(Role.TRADER)
    return Desk(office, consortium.story, trader)


class TestStreams:
    async def test_an_alarm_is_told_as_a_cloud_event(self, node: Any, desk: Desk) -> None:
        title = await desk.surrendered()
        asked = desk.office.consortium.clock()
        async with node.stream() as reader:
            await look(desk.office, asked + LATE)
            event = await reader.event()

        assert (event["type"], event["subject"]) == (ALARM, title)
        assert event["id"] == f"{CHAIN}-{title}-2-unanswered"
        assert event["data"].keys() == {
            *("id", "seq", "status", "possessor", "awaited", "since", "due"),
        }
        assert (event["data"]["possessor"], event["data"]["awaited"]) == (2, 1)

    async def test_its_reader_stays_where_the_chain_is(self, node: Any, desk: Desk) -> None:
        await desk.overdue()
        async with node.stream() as reader:
            alarm = await reader.event()
            (happened,) = await node.chain.mine(accepted(2))
            event = await reader.event()
        async with node.stream(last=event["place"], type="tidan.invoice") as reader:
            await node.chain.mine(accepted(3))
            following = await reader.event()

        assert alarm["type"] == ALARM
        assert alarm["place"] != event["place"] == f"101-0-{happened.origin.block_hash}"
        assert following["data"]["seq"] == 3

    async def test_who_comes_later_is_told_of_those_that_stand(self, node: Any, desk: Desk) -> None:
        over, stands = await desk.overdue(), await desk.overdue()
        await desk.answered(over)

        async with node.stream() as reader:
            event = await reader.event()
            await node.chain.mine(accepted(3))
            following = await reader.event()

        assert (event["type"], event["subject"]) == (ALARM, stands)
        assert following["data"]["seq"] == 3

    @pytest.mark.parametrize("query", [{"type": "tidan.invoice"}, {"record": INVOICE}])
    async def test_who_has_not_asked_for_it_is_not_told(
        self, node: Any, desk: Desk, query: dict[str, str]
    ) -> None:
        await desk.overdue()

        async with node.stream(**query) as reader:
            await node.chain.mine(accepted(3))
            assert (await reader.event())["type"] == "tidan.invoice.accepted"

    @pytest.mark.parametrize("asked", ["tidan.title", ALARM])
    async def test_it_can_be_asked_for_by_its_type(self, node: Any, desk: Desk, asked: str) -> None:
        title = await desk.overdue()

        async with node.stream(type=asked, record=title) as reader:
            assert (await reader.event())["type"] == ALARM


class TestWebhooks:
    async def test_an_alarm_is_delivered_once_also_over_restarts(
        self, office: Any, chain: WatchedChain, desk: Desk, receiver: Any
    ) -> None:
        made = await added(office, receiver.url, types=[ALARM])
        title = await desk.overdue()
        async with delivering(office):
            (event,) = await receiver.events(1)
            await until(office, made, lambda it: it["delivered"] == 1)
        second = await desk.overdue()
        async with delivering(office):
            (another,) = await receiver.events(1)
            await until(office, made, lambda it: it["delivered"] == 2)

        assert (event["subject"], another["subject"]) == (title, second)
        assert receiver.came.empty()

    async def test_it_comes_after_what_the_chain_has_told(
        self, office: Any, desk: Desk, receiver: Any
    ) -> None:
        await added(office, receiver.url, types=["tidan.title"])
        await desk.overdue()
        async with delivering(office):
            events = await receiver.events(3)

        kinds = [each["type"].rpartition(".")[2] for each in events]
        assert kinds == ["issued", "surrender-requested", "surrender-unanswered"]

    async def test_one_that_is_refused_comes_again(self, office: Any, desk: Desk) -> None:
        async with receiving(statuses=[500, 204]) as receiver:
            made = await added(office, receiver.url, types=[ALARM])
            await desk.overdue()
            async with delivering(office):
                first, again = await receiver.events(2)
                ended = await until(office, made, lambda it: it["delivered"] == 1)

        assert first["id"] == again["id"]
        assert ended["problem"] is None

    async def test_one_that_is_over_is_not_delivered(
        self, office: Any, desk: Desk, receiver: Any
    ) -> None:
        await added(office, receiver.url, types=[ALARM])
        over = await desk.overdue()
        await desk.answered(over)
        stands = await desk.overdue()
        async with delivering(office):
            (event,) = await receiver.events(1)

        assert event["subject"] == stands

    async def test_a_new_webhook_is_delivered_what_is_raised_from_now_on(
        self, office: Any, desk: Desk, receiver: Any
    ) -> None:
        await desk.overdue()
        await added(office, receiver.url, types=[ALARM])
        later = await desk.overdue()
        async with delivering(office):
            (event,) = await receiver.events(1)

        assert event["subject"] == later

    async def test_who_has_not_asked_for_it_is_delivered_none(
        self, office: Any, chain: WatchedChain, desk: Desk, receiver: Any
    ) -> None:
        await added(office, receiver.url, types=["tidan.invoice"])
        await desk.overdue()
        async with delivering(office):
            await chain.mine(accepted(2))
            (event,) = await receiver.events(1)

        assert event["type"] == "tidan.invoice.accepted"
