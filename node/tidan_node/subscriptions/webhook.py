"""A webhook: where events are delivered to, which of them, and how far it has come."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import httpx

from tidan_node.domain.loopback import is_loopback
from tidan_node.indexer.places import EventPlace
from tidan_node.subscriptions.cloud_events import events_of_types
from tidan_node.subscriptions.feed import Wanted
from tidan_node.subscriptions.problems import WebhookUrlRefused

SECRET_BYTES: Final = 32
_SECRET_PREFIX: Final = "whsec_"  # noqa: S105  what each secret begins with
_LARGEST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver. Neither its URL, which may hold a token, nor its secret shows in the repr."""

    id: str
    url: str = field(repr=False)
    types: tuple[str, ...] | None
    records: tuple[str, ...] | None
    secret: bytes = field(repr=False)
    created_at: datetime
    place: EventPlace
    alarm: int = 0
    delivered: int = 0
    delivered_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    next_attempt_at: datetime | None = None
    problem: str | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None

    def wanted(self) -> Wanted:
        """The events that it is delivered."""
        events = None if self.types is None else events_of_types(self.types, "types")
        return Wanted(events, self.records)


def secret_text(secret: bytes) -> str:
    """The secret as Standard Webhooks writes it."""
    return _SECRET_PREFIX + base64.b64encode(secret).decode()


def checked_host(url: str) -> str:
    """The host of a URL that can be delivered to, or why nothing can be."""
    try:
        parsed = httpx.URL(url)
        port = parsed.port
    except (httpx.InvalidURL, ValueError) as error:
        raise _refused("it is no URL") from error
    if not parsed.host or (port is not None and not 0 < port <= _LARGEST_PORT):
        raise _refused("it names no host, or no port of one")
    if parsed.userinfo:
        raise _refused("it holds a name or a password, which lists would show")
    if parsed.fragment:
        raise _refused("it has a fragment, which no request carries")
    if parsed.scheme != "https" and not (parsed.scheme == "http" and is_loopback(parsed.host)):
        raise _refused("it must be https, or http to a loopback address")
    return parsed.host


def _refused(why: str) -> WebhookUrlRefused:
    return WebhookUrlRefused(why, field="url")
