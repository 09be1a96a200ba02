"""Every SQL statement on webhooks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.indexer.places import BEFORE_ALL, EventPlace
from tidan_node.subscriptions.tables import webhooks
from tidan_node.subscriptions.webhook import Webhook


class WebhookRepository:
    """Webhooks, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, webhook: Webhook) -> None:
        await self._connection.execute(
            insert(webhooks).values(
                id=webhook.id,
                url=webhook.url,
                types=None if webhook.types is None else list(webhook.types),
                records=None if webhook.records is None else list(webhook.records),
                secret=webhook.secret,
                created_at=webhook.created_at,
                position=str(webhook.place),
                alarm=webhook.alarm,
                delivered=0,
                failures=0,
            )
        )

    async def all(self) -> list[Webhook]:
        """Every webhook, the oldest first."""
        rows = await self._connection.execute(
            select(webhooks).order_by(webhooks.c.created_at, webhooks.c.id)
        )
        return [_webhook(row) for row in rows.mappings()]

    async def enabled(self) -> list[str]:
        """The ids of those that are delivered to."""
        found = await self._connection.scalars(
            select(webhooks.c.id).where(webhooks.c.disabled_at.is_(None))
        )
        return list(found)

    async def count(self) -> int:
        return await self._connection.scalar(select(func.count()).select_from(webhooks)) or 0

    async def by_id(self, webhook_id: str) -> Webhook | None:
        rows = await self._connection.execute(select(webhooks).where(webhooks.c.id == webhook_id))
        row = rows.mappings().one_or_none()
        return None if row is None else _webhook(row)

    async def remove(self, webhook_id: str) -> bool:
        """Whether it was there."""
        gone = await self._connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))
        return bool(gone.rowcount)

    async def taken(self, webhook_id: str, now: datetime, *, place: EventPlace, alarm: int) -> None:
        """The receiver has taken the event, or the alarm, up to which this is: the next is due."""
        await self._connection.execute(
            update(webhooks)
            .where(webhooks.c.id == webhook_id)
            .values(
                position=str(place),
                alarm=alarm,
                delivered=webhooks.c.delivered + 1,
                delivered_at=now,
                failures=0,
                failing_since=None,
                next_attempt_at=None,
                problem=None,
            )
        )

    async def failed(
        self, webhook: Webhook, problem: str, *, now: datetime, next_attempt_at: datetime
    ) -> None:
        """The event stays due, and is tried again then."""
        await self._connection.execute(
            update(webhooks)
            .where(webhooks.c.id == webhook.id)
            .values(
                failures=webhook.failures + 1,
                failing_since=webhook.failing_since or now,
                next_attempt_at=next_attempt_at,
                problem=problem,
            )
        )

    async def disable(self, webhook_id: str, reason: str, now: datetime) -> None:
        """Nothing is delivered to it any more."""
        await self._connection.execute(
            update(webhooks)
            .where(webhooks.c.id == webhook_id)
            .values(disabled_at=now, disabled_reason=reason, next_attempt_at=None)
        )


def _webhook(row: RowMapping) -> Webhook:
    return Webhook(
        id=row["id"],
        url=row["url"],
        types=None if row["types"] is None else tuple(row["types"]),
        records=None if row["records"] is None else tuple(row["records"]),
        secret=row["secret"],
        created_at=row["created_at"],
        place=EventPlace.parse(row["position"]) or BEFORE_ALL,
        alarm=row["alarm"],
        delivered=row["delivered"],
        delivered_at=row["delivered_at"],
        failures=row["failures"],
        failing_since=row["failing_since"],
        next_attempt_at=row["next_attempt_at"],
        problem=row["problem"],
        disabled_at=row["disabled_at"],
        disabled_reason=row["disabled_reason"],
    )
