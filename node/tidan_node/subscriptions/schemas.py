"""Webhooks as callers send and see them."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from tidan_node.subscriptions.webhook import Webhook
from tidan_node.web.shapes import VISIBLE, Moment, Shape

MOST_NAMED: Final = 20
RecordName = Annotated[str, Field(min_length=1, max_length=66, pattern=r"^[0-9A-Za-z:]+$")]
TypeName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z.-]*$")]


class WebhookRequest(Shape):
    """Where to deliver, and what; left out: all events."""

    url: Annotated[str, Field(min_length=8, max_length=2048, pattern=VISIBLE)]
    types: Annotated[list[TypeName], Field(min_length=1, max_length=MOST_NAMED)] | None = None
    records: Annotated[list[RecordName], Field(min_length=1, max_length=MOST_NAMED)] | None = None


class WebhookAnswer(Shape):
    """A webhook, and how its deliveries go. The secret is never shown again."""

    id: str
    url: str
    types: list[str] | None
    records: list[str] | None
    created_at: Moment
    delivered: int
    delivered_at: Moment | None
    failures: int
    """Attempts of the event that is due, since one was taken."""
    next_attempt_at: Moment | None
    problem: str | None
    """Why the last attempt failed: `http-500`, `timeout`, `redirect`, `unreachable` …"""
    disabled_at: Moment | None
    disabled_reason: str | None

    @classmethod
    def of(cls, webhook: Webhook) -> WebhookAnswer:
        return cls(
            id=webhook.id,
            url=webhook.url,
            types=None if webhook.types is None else list(webhook.types),
            records=None if webhook.records is None else list(webhook.records),
            created_at=webhook.created_at,
            delivered=webhook.delivered,
            delivered_at=webhook.delivered_at,
            failures=webhook.failures,
            next_attempt_at=webhook.next_attempt_at,
            problem=webhook.problem,
            disabled_at=webhook.disabled_at,
            disabled_reason=webhook.disabled_reason,
        )


class WebhookMade(WebhookAnswer):
    """A new webhook with its secret, which is shown this once: null where the request is
    repeated."""

    secret: str | None


class WebhookList(Shape):
    """All webhooks, the oldest first."""

    items: list[WebhookAnswer]


class TrialAnswer(Shape):
    """What came of one delivery that was tried at once."""

    delivered: bool
    problem: str | None
    milliseconds: int
