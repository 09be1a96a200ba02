"""Webhooks made, listed, tried and removed; that they come and go is in the trail."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.caller import Caller
from tidan_node.problems import NotFound
from tidan_node.records.surrender_alarms import newest_alarm
from tidan_node.subscriptions.cloud_events import events_of_types
from tidan_node.subscriptions.feed import Feed
from tidan_node.subscriptions.problems import TooManyWebhooks
from tidan_node.subscriptions.repository import WebhookRepository
from tidan_node.subscriptions.schemas import TrialAnswer, WebhookRequest
from tidan_node.subscriptions.sending import Sender, receivers
from tidan_node.subscriptions.webhook import SECRET_BYTES, Webhook, checked_host
from tidan_node.trail.trail import Trail
from tidan_node.web.shapes import as_utc
from tidan_node.web.state import NodeState

ADDED: Final = "webhook.added"
REMOVED: Final = "webhook.removed"
TRIAL: Final = "tidan.webhook.test"
MOST_WEBHOOKS: Final = 100


class Webhooks:
    """The node's webhooks, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._connection = connection
        self._webhooks = WebhookRepository(connection)
        self._feed = Feed(connection, node.chain.chain_id)
        self._trail = Trail(connection)
        self._node = node
        self._caller = caller

    async def add(self, wanted: WebhookRequest) -> Webhook:
        """A webhook with a secret of its own, which is delivered what happens from now on."""
        host = checked_host(wanted.url)
        if wanted.types is not None:
            events_of_types(wanted.types, "types")
        if await self._webhooks.count() >= MOST_WEBHOOKS:
            raise TooManyWebhooks(f"there are {MOST_WEBHOOKS}")
        records = wanted.records
        webhook = Webhook(
            id=str(uuid.uuid4()),
            url=wanted.url,
            types=None if wanted.types is None else tuple(wanted.types),
            records=None if records is None else tuple(each.lower() for each in records),
            secret=secrets.token_bytes(SECRET_BYTES),
            created_at=self._node.clock(),
            place=await self._feed.newest(),
            alarm=await newest_alarm(self._connection),
        )
        await self._webhooks.add(webhook)
        await self._trail.append(self._caller.key_id, ADDED, webhook.id, {"host": host})
        return webhook

    async def remove(self, webhook_id: str) -> None:
        """Nothing more is delivered to it; what is on its way arrives."""
        if not await self._webhooks.remove(webhook_id):
            raise webhook_unknown()
        await self._trail.append(self._caller.key_id, REMOVED, webhook_id)


async def webhook_by_id(connection: AsyncConnection, webhook_id: str) -> Webhook:
    found = await WebhookRepository(connection).by_id(webhook_id)
    if found is None:
        raise webhook_unknown()
    return found


async def tried(node: NodeState, webhook_id: str) -> TrialAnswer:
    """Send an event that never happened, now, past all that is due; nothing of it is kept."""
    async with node.database.reading() as connection:
        webhook = await webhook_by_id(connection, webhook_id)
    now = node.clock()
    event = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": f"urn:tidan:chain:{node.chain.chain_id}",
        "type": TRIAL,
        "subject": webhook.id,
        "time": as_utc(now),
        "datacontenttype": "application/json",
        "data": {},
    }
    began = time.monotonic()
    async with receivers() as client:
        problem = await Sender(client, node.clock).send(webhook, event)
    milliseconds = round((time.monotonic() - began) * 1000)
    return TrialAnswer(delivered=problem is None, problem=problem, milliseconds=milliseconds)


def webhook_unknown() -> NotFound:
    return NotFound("there is no such webhook", field="webhook")
