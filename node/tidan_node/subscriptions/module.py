"""What `app.py` plugs in, beside `Partings` for the follower and `Deliveries` as a worker."""

from __future__ import annotations

from typing import Final

from tidan_node.subscriptions.endpoints import router
from tidan_node.subscriptions.webhook_endpoints import router as webhooks

ROUTERS: Final = (router, webhooks)
