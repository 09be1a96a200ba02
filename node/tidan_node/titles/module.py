"""What `app.py` plugs in, beside `Alarming` and `Adopting` as workers."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.records.problems import NothingIndexed
from tidan_node.records.records import Records
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
from tidan_node.web.shapes import moment_of

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


async def forget_expired(connection: AsyncConnection) -> None:
    """Documents of acts that nobody can send any more are let go."""
    try:
        read_to = await Records(connection).chain_time()
    except NothingIndexed:
        return  # they may stand in a block that is still to be read
    await PreparedActs(connection).forget_expired(moment_of(read_to))
