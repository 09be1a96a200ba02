"""Delivers events to webhooks: at least once, in order, and to each whatever the others do.

A receiver that has taken an event is noted in a commit of its own, after it has answered. Whatever
stops the node between the two, the event is delivered again, and none is ever passed over.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.domain.identifiers import Address
from tidan_node.indexer.places import BEFORE_ALL, EventPlace
from tidan_node.storage.database import Database
from tidan_node.subscriptions.alarms import alarm_page
from tidan_node.subscriptions.cloud_events import alarm_event, cloud_event
from tidan_node.subscriptions.feed import Feed, FeedPage
from tidan_node.subscriptions.problems import PositionUnknown
from tidan_node.subscriptions.repository import WebhookRepository
from tidan_node.subscriptions.sending import GONE, Sender, receivers
from tidan_node.subscriptions.webhook import Webhook
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.web.logging import what_failed
from tidan_node.web.newest import Newest
from tidan_node.web.news import News

DISABLED: Final = "webhook.disabled"
_PAGE: Final = 20
_LONG: Final = 60.0
_MOST_DOUBLINGS: Final = 30
_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How failed deliveries are repeated, and for how long."""

    first_pause: float = 1.0
    longest_pause: float = 900.0
    give_up: timedelta = timedelta(days=5)
    patience: float = 10.0


class Deliveries:
    """The worker: one task a webhook, each of which waits for news, for its receiver, or for the
    time of its next attempt."""

    def __init__(
        self,
        *,
        database: Database,
        chain_id: int,
        account: Address,
        news: News,
        newest: Newest,
        settings: DeliverySettings | None = None,
        checkpoints: Checkpoints | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._chain_id = chain_id
        self._account = account
        self._news = news
        self._newest = newest
        self._settings = settings or DeliverySettings()
        self._moments = checkpoints or NoCheckpoints()
        self._clock = clock
        self._read_up_to: dict[str, EventPlace] = {}
        self._alarms_up_to: dict[str, int] = {}

    async def run(self) -> None:
        """Deliver until cancelled. Since the last time another process may have told them more."""
        self._read_up_to.clear()
        self._alarms_up_to.clear()
        tasks: dict[str, asyncio.Task[None]] = {}
        async with receivers() as client:
            sender = Sender(client, self._clock, patience=self._settings.patience)
            try:
                while True:
                    count = self._news.count
                    async with self._database.reading() as connection:
                        enabled = await WebhookRepository(connection).enabled()
                    tasks = {each: task for each, task in tasks.items() if not task.done()}
                    for each in enabled:
                        if each not in tasks:
                            tasks[each] = asyncio.create_task(self._serve(each, sender))
                    await self._news.after(count, patience=_LONG)
                    if self._news.is_closed:
                        await asyncio.Event().wait()  # the end is near
            finally:
                for task in tasks.values():
                    task.cancel()
                await asyncio.gather(*tasks.values(), return_exceptions=True)

    async def _serve(self, webhook_id: str, sender: Sender) -> None:
        """Everything for one webhook, until it is removed or disabled."""
        while not self._news.is_closed:
            count = self._news.count
            try:
                pause = await self._deliver(webhook_id, sender, count)
            except _Ended:
                self._read_up_to.pop(webhook_id, None)
                self._alarms_up_to.pop(webhook_id, None)
                return
            except Exception as error:
                _log.error("webhook failed", webhook=webhook_id, **what_failed(error))
                pause = _LONG
            if pause is None:
                await self._news.after(count, patience=_LONG)
            else:
                await asyncio.sleep(pause)

    async def _deliver(self, webhook_id: str, sender: Sender, count: int) -> float | None:
        """Deliver what is due. None: all of it is; else how long the next attempt has to wait."""
        newest = await self._newest.seen(self._database, self._chain_id, count)
        told_all = self._alarms_up_to.get(webhook_id, -1) >= newest.alarm
        if self._read_up_to.get(webhook_id) == newest.place and told_all:
            return None
        async with self._database.reading() as connection:
            webhook = await WebhookRepository(connection).by_id(webhook_id)
            if webhook is None or webhook.disabled_at is not None:
                raise _Ended
            wait = self._until_due(webhook)
            page = None if wait > 0 else await self._due(Feed(connection, self._chain_id), webhook)
        if page is None:
            return wait or None
        for event in page.events:
            problem = await sender.send(webhook, cloud_event(event))
            if problem is not None:
                return await self._failed(webhook, problem)
            place = EventPlace.of(event.origin)
            webhook = await self._taken(replace(webhook, place=place))
            self._read_up_to[webhook_id] = place
            if self._news.count != count:
                return 0.0  # a rewind may have made the rest of the page untrue
        self._read_up_to[webhook_id] = page.up_to
        return 0.0 if page.more else await self._deliver_alarms(webhook, sender, newest.alarm)

    async def _deliver_alarms(self, webhook: Webhook, sender: Sender, newest: int) -> float | None:
        """As `_deliver`, for the alarms: they come once the chain's events have."""
        after = self._alarms_up_to.get(webhook.id, webhook.alarm)
        async with self._database.reading() as connection:
            page = await alarm_page(
                connection, self._account, webhook.wanted(), after=after, newest=newest
            )
        for alarm in page.alarms:
            problem = await sender.send(webhook, alarm_event(alarm, self._chain_id))
            if problem is not None:
                return await self._failed(webhook, problem)
            webhook = await self._taken(replace(webhook, alarm=alarm.number))
            self._alarms_up_to[webhook.id] = alarm.number
        self._alarms_up_to[webhook.id] = page.up_to
        return 0.0 if page.more else None

    async def _due(self, feed: Feed, webhook: Webhook) -> FeedPage | None:
        """The next events for it; None while the node reads the chain anew."""
        place = self._read_up_to.get(webhook.id, webhook.place)
        try:
            after = await feed.resolved(place)
        except PositionUnknown:
            _log.warning("webhook begins anew", webhook=webhook.id)
            after = BEFORE_ALL
        if after is None:
            return None
        return await feed.page(after, webhook.wanted(), limit=_PAGE)

    async def _taken(self, webhook: Webhook) -> Webhook:
        """Note it; the webhook is as far as it has now been told."""
        async with self._database.writing() as connection:
            await WebhookRepository(connection).taken(
                webhook.id, self._clock(), place=webhook.place, alarm=webhook.alarm
            )
            self._moments.reached("webhook.delivered.before-commit")
        self._moments.reached("webhook.delivered.committed")
        return replace(webhook, failures=0, failing_since=None)

    async def _failed(self, webhook: Webhook, problem: str) -> float:
        """Note it, and say how long to wait; a receiver that is lost is disabled."""
        settings, now = self._settings, self._clock()
        doubled = settings.first_pause * 2.0 ** min(webhook.failures, _MOST_DOUBLINGS)
        # all that failed at one time must not come back at one time
        pause = min(doubled, settings.longest_pause) * random.uniform(0.75, 1)  # noqa: S311
        since = webhook.failing_since or now
        _log.warning("webhook not delivered", webhook=webhook.id, problem=problem)
        async with self._database.writing() as connection:
            repository = WebhookRepository(connection)
            await repository.failed(
                webhook, problem, now=now, next_attempt_at=now + timedelta(seconds=pause)
            )
            if problem == GONE or now - since >= settings.give_up:
                await repository.disable(webhook.id, problem, now)
                detail = {"problem": problem}
                await Trail(connection).append(SYSTEM, DISABLED, webhook.id, detail)
        return pause

    def _until_due(self, webhook: Webhook) -> float:
        if webhook.next_attempt_at is None:
            return 0.0
        return max(0.0, (webhook.next_attempt_at - self._clock()).total_seconds())


class _Ended(Exception):
    """The webhook is there no more, or disabled."""
