"""Whom an API key or a session stands for, found by one query; refused in one voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.caller import NEVER_AN_AGENTS, Caller, scopes_named
from tidan_node.people.problems import NotAuthenticated
from tidan_node.people.roles import scopes_of, user_roles_named
from tidan_node.people.secrets import NO_DIGEST, BearerText, KeyText, SessionText
from tidan_node.people.tables import api_keys, sessions, users

_OWNER: Final = (users.c.roles.label("owner_roles"), users.c.disabled_at.label("owner_disabled_at"))
KEY_COLUMNS: Final = (
    api_keys.c.digest,
    api_keys.c.name,
    api_keys.c.scopes,
    api_keys.c.expires_at,
    api_keys.c.revoked_at.label("ended_at"),
    api_keys.c.user_id,
    api_keys.c.made_by,
    api_keys.c.agent,
    *_OWNER,
)
KEYS: Final = api_keys.outerjoin(users, users.c.id == api_keys.c.user_id)
IS_SHOWN: Final = api_keys.c.id == bindparam("shown")
_NAMES: Final = tuple(column.name for column in KEY_COLUMNS)
_KEYS: Final = select(*KEY_COLUMNS).select_from(KEYS).where(IS_SHOWN)
_SESSIONS: Final = (
    select(
        sessions.c.digest,
        users.c.name,
        sessions.c.scopes,
        sessions.c.expires_at,
        sessions.c.ended_at,
        sessions.c.user_id,
        sessions.c.anchor_id,
        *_OWNER,
    )
    .select_from(sessions.join(users, users.c.id == sessions.c.user_id))
    .where(sessions.c.id == bindparam("shown"))
)


Row = Mapping[Any, Any]
"""A row by its columns' names; Any: as SQLAlchemy's mappings are."""


async def authenticate(connection: AsyncConnection, text: str, now: datetime) -> Caller:
    """Who shows this text. Unknown, false, expired, revoked and ended ones are refused alike, and
    so are those of a person who is disabled."""
    if (key := KeyText.parse(text)) is not None:
        found = await _row(connection, _KEYS, key.key_id)
        return _holder(key.key_id, _good(key, found, now))
    if (token := SessionText.parse(text)) is not None:
        found = await _row(connection, _SESSIONS, token.key_id)
        return _signed_in(token.key_id, _good(token, found, now))
    raise not_authenticated()


def holder_of(key: KeyText, values: Sequence[Any] | None, now: datetime) -> Caller:
    """Whom a key stands for, by the values of `KEY_COLUMNS` that were found for its id."""
    row = None if values is None else dict(zip(_NAMES, values, strict=True))
    return _holder(key.key_id, _good(key, row, now))


async def key_holder(connection: AsyncConnection, key_id: str, now: datetime) -> Caller:
    """Whom the key of this id stands for, by the same rules, without its secret: for what was asked
    with it before."""
    row = await _row(connection, _KEYS, key_id)
    return _holder(key_id, _standing(row, now))


def not_authenticated() -> NotAuthenticated:
    return NotAuthenticated(
        "show an API key or a session of this node: Authorization: Bearer tidan_… or tidans_…"
    )


async def _row(
    connection: AsyncConnection, wanted: Select[*tuple[object, ...]], shown: str
) -> RowMapping | None:
    return (await connection.execute(wanted, {"shown": shown})).mappings().one_or_none()


def _holder(key_id: str, row: Row) -> Caller:
    """Whom a good key stands for."""
    scopes = scopes_named(row["scopes"])
    if row["user_id"] is not None:
        if row["owner_roles"] is None:  # a key whose owner is in no directory is nobody's
            raise not_authenticated()
        scopes &= scopes_of(user_roles_named(row["owner_roles"]))
    if row["agent"]:
        scopes -= NEVER_AN_AGENTS
    return Caller(
        key_id,
        row["name"],
        scopes,
        user=row["user_id"],
        agent=bool(row["agent"]),
        made_by=row["made_by"],
        expires_at=row["expires_at"],
    )


def _signed_in(session_id: str, row: Row) -> Caller:
    """Whose good session this is."""
    return Caller(
        session_id,
        row["name"],
        scopes_named(row["scopes"]) & scopes_of(user_roles_named(row["owner_roles"])),
        user=row["user_id"],
        session=True,
        anchor_id=row["anchor_id"],
        expires_at=row["expires_at"],
    )


def _good(shown: BearerText, row: Row | None, now: datetime) -> Row:
    """The row, if it is what was shown and still good."""
    # a secret is hashed and compared for an unknown id too, so that both take the same time
    matches = shown.matches(row["digest"] if row else NO_DIGEST)
    return _standing(row if matches else None, now)


def _standing(row: Row | None, now: datetime) -> Row:
    if row is None:
        raise not_authenticated()
    expired = row["expires_at"] is not None and now >= row["expires_at"]
    if expired or row["ended_at"] is not None or row["owner_disabled_at"] is not None:
        raise not_authenticated()
    return row
