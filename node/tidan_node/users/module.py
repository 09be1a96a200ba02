"""What `app.py` plugs in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.sessions import Sessions
from tidan_node.people.sign_ins import SignIns
from tidan_node.users.endpoints import router
from tidan_node.users.key_endpoints import router as keys
from tidan_node.users.sign_in_endpoints import sessions, sign_ins

ROUTERS: Final = (router, keys, sign_ins, sessions)


async def forget_expired(connection: AsyncConnection) -> None:
    """Sign-ins and sessions that open nothing any more are let go; the trail has that they were."""
    await SignIns(connection).forget_expired()
    await Sessions(connection).forget_expired(datetime.now(UTC))
