"""One reader's stream: what it missed, then what happens, until it goes or the node ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from time import monotonic

from tidan_node.indexer.places import EventPlace
from tidan_node.people.problems import NotAuthenticated, ScopeMissing
from tidan_node.subscriptions.alarms import alarm_page
from tidan_node.subscriptions.cloud_events import alarm_event, cloud_event
from tidan_node.subscriptions.feed import Feed, Wanted
from tidan_node.web.state import NodeState
from tidan_node.web.streaming import greeting, heartbeat, message

Admit = Callable[[], Awaitable[object]]
Event = tuple[EventPlace | None, dict[str, object]]
"""A CloudEvent and its place; an alarm has none, so that its reader's place stays where it is."""


class Watch:
    """Follows the events that are wanted, from a place on, and tells the alarms that stand and
    those that come. SQL is read only when there is news that changes where the chain or the alarms
    end, and nothing of it is held while the reader is slow."""

    def __init__(self, node: NodeState, wanted: Wanted, place: EventPlace, admit: Admit) -> None:
        self._node = node
        self._wanted = wanted
        self._place = place
        self._alarm = 0
        self._admit = admit

    async def messages(self) -> AsyncIterator[bytes]:
        """Server-sent events; each has the place that its reader can go on from."""
        news, streams, told = self._node.news, self._node.streams, self._place
        yield greeting(str(self._place))
        quiet_since = monotonic()
        while True:
            count = news.count
            try:
                events, more = await self._look(count)
            except (NotAuthenticated, ScopeMissing):
                return  # the key that the stream was opened with is no longer good
            for place, event in events:
                told = place or told
                data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
                yield message(position=None if place is None else str(place), data=data)
                quiet_since = monotonic()
            if more:
                continue
            if news.is_closed:
                return
            if monotonic() - quiet_since >= streams.heartbeat:
                yield heartbeat(str(self._place) if self._place != told else None)
                told, quiet_since = self._place, monotonic()
            patience = quiet_since + streams.heartbeat - monotonic()
            await news.after(count, patience=patience)

    async def _look(self, count: int) -> tuple[Sequence[Event], bool]:
        node = self._node
        newest = await node.newest.seen(node.database, node.chain.chain_id, count)
        if newest.place == self._place and newest.alarm <= self._alarm:
            return (), False
        await self._admit()
        async with node.database.reading() as connection:
            feed = Feed(connection, node.chain.chain_id)
            place = await feed.resolved(self._place)
            if place is None:
                return (), False
            page = await feed.page(place, self._wanted)
            events: list[Event] = [
                (EventPlace.of(each.origin), cloud_event(each)) for each in page.events
            ]
            self._place = page.up_to
            if page.more:
                return events, True
            raised = await alarm_page(
                connection, node.account, self._wanted, after=self._alarm, newest=newest.alarm
            )
        self._alarm = raised.up_to
        events += [(None, alarm_event(each, node.chain.chain_id)) for each in raised.alarms]
        return events, raised.more
