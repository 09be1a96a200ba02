"""What `app.py` plugs in, beside `Alarming` as a worker."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.titles import (
    alarm_endpoints,
    endpoints,
    offer_endpoints,
    pledge_endpoints,
    relay_endpoints,
    replacement_endpoints,
    surrender_endpoints,
)
from tidan_node.titles.operations import HANDLERS
from tidan_node.titles.repository import PreparedActs

ROUTERS: Final = (
    endpoints.router,
    endpoints.batches,
    offer_endpoints.router,
    pledge_endpoints.router,
    surrender_endpoints.router,
    replacement_endpoints.router,
    replacement_endpoints.combinations,
    relay_endpoints.router,
    alarm_endpoints.router,
)
OPERATIONS: Final = HANDLERS


async def forget_expired(connection: AsyncConnection, now: datetime) -> None:
    """Documents of acts that nobody can send any more are let go."""
    await PreparedActs(connection).forget_expired(now)
