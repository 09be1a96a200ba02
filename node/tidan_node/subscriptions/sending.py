"""One event sent to one receiver, signed as Standard Webhooks says; what came of it is one word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import httpx
from standardwebhooks import Webhook as Signing

from tidan_node.public_roots import public_roots
from tidan_node.subscriptions.cloud_events import MEDIA_TYPE
from tidan_node.subscriptions.webhook import Webhook

GONE: Final = "http-410"
"""By this status a receiver says that it wants nothing any more."""

PATIENCE: Final = 10.0


def receivers() -> httpx.AsyncClient:
    """The client that deliveries go out by: no redirect is followed, no proxy is asked."""
    return httpx.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(PATIENCE),
        verify=public_roots(),
        headers={"User-Agent": "tidan-webhooks"},
    )


class Sender:
    """Sends events; each attempt is over after some seconds, whatever the receiver does."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        clock: Callable[[], datetime],
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._client = client
        self._clock = clock
        self._patience = patience

    async def send(self, webhook: Webhook, event: Mapping[str, object]) -> str | None:
        """None once the receiver has taken the event, else why it has not."""
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        now, name = self._clock().replace(microsecond=0), str(event["id"])
        headers = {
            "Content-Type": MEDIA_TYPE,
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signing(webhook.secret).sign(name, now, body),
        }
        try:
            async with (
                asyncio.timeout(self._patience),
                self._client.stream(
                    "POST", webhook.url, content=body.encode(), headers=headers
                ) as response,
            ):
                status = response.status_code  # what it says beyond that is not read
        except (TimeoutError, httpx.TimeoutException):
            return "timeout"
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return "unreachable"
        if 200 <= status < 300:
            return None
        return "redirect" if 300 <= status < 400 else f"http-{status}"
