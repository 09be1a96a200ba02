"""Who somebody is now that the node heard earlier: its rights of today, asked without a secret."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.authentication import key_holder
from tidan_node.people.caller import Caller, Scope
from tidan_node.people.problems import NotAuthenticated
from tidan_node.people.roles import scopes_of, user_roles_named
from tidan_node.people.tables import users


async def key_holder_now(connection: AsyncConnection, key_id: str, now: datetime) -> Caller | None:
    """Whom this API key stands for, where it is still good and so is its owner."""
    try:
        return await key_holder(connection, key_id, now)
    except NotAuthenticated:
        return None


async def users_covering(connection: AsyncConnection, scope: Scope) -> frozenset[str]:
    """The ids of all enabled users whose roles cover this."""
    found = await connection.execute(
        select(users.c.id, users.c.roles).where(users.c.disabled_at.is_(None))
    )
    return frozenset(row.id for row in found if scope in scopes_of(user_roles_named(row.roles)))


async def user_scopes(connection: AsyncConnection, user_id: str) -> frozenset[Scope]:
    """What the person's roles cover now; nothing, where it is disabled or unknown."""
    found = await connection.execute(
        select(users.c.roles).where(users.c.id == user_id, users.c.disabled_at.is_(None))
    )
    roles = found.scalar_one_or_none()
    return frozenset() if roles is None else scopes_of(user_roles_named(roles))


async def user_names(connection: AsyncConnection, user_ids: Iterable[str]) -> dict[str, str]:
    """What these people are called."""
    wanted = sorted(set(user_ids))
    if not wanted:
        return {}
    found = await connection.execute(select(users.c.id, users.c.name).where(users.c.id.in_(wanted)))
    return {row.id: row.name for row in found}
