"""API keys: made, listed, revoked, and recognised when a caller shows one.

When a key was last used is not kept: a write for every read would make the one writer of SQLite
the bound of all reading, and the trail says what a key did.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.caller import Caller, Scope, scopes_named
from tidan_node.people.problems import ApiKeyUnknown, NotAuthenticated
from tidan_node.people.secrets import KeyText
from tidan_node.people.tables import api_keys
from tidan_node.problems import InvalidInput

_LONGEST_NAME: Final = 100
_NO_KEY: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as the node lists it, without its secret."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def utc_now() -> datetime:
    return datetime.now(UTC)


class ApiKeys:
    """The node's API keys, in the caller's transaction."""

    def __init__(
        self, connection: AsyncConnection, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._connection = connection
        self._clock = clock

    async def create_key(
        self, name: str, scopes: Iterable[Scope], *, expires_at: datetime | None = None
    ) -> tuple[ApiKey, KeyText]:
        """A new key, and its text, which is nowhere else and cannot be had again."""
        now = self._clock()
        text = KeyText.fresh()
        key = ApiKey(
            key_id=text.key_id,
            name=_named(name),
            scopes=frozenset(scopes),
            created_at=now,
            expires_at=expires_at,
            revoked_at=None,
        )
        if not key.scopes:
            raise InvalidInput("a key without scopes opens nothing", field="scopes")
        if not key.is_good(now):
            raise InvalidInput("the key would have expired already", field="expiresAt")
        await self._connection.execute(
            insert(api_keys).values(
                id=key.key_id,
                digest=text.digest(),
                name=key.name,
                scopes=sorted(key.scopes),
                created_at=key.created_at,
                expires_at=key.expires_at,
            )
        )
        return key, text

    async def authenticate(self, text: str) -> Caller:
        """Who this key stands for. Unknown, false, expired and revoked keys are refused alike."""
        shown = KeyText.parse(text)
        if shown is None:
            raise _not_authenticated()
        row = await self._row(shown.key_id)
        # a secret is hashed and compared for an unknown id too, so that both take the same time
        matches = shown.matches(row["digest"] if row else _NO_KEY)
        if row is None or not matches:
            raise _not_authenticated()
        key = _key(row)
        if not key.is_good(self._clock()):
            raise _not_authenticated()
        return Caller(key.key_id, key.name, key.scopes)

    async def revoke(self, key_id: str) -> ApiKey:
        """From now on the key opens nothing; a key that was revoked before stays as it is."""
        await self._connection.execute(
            update(api_keys)
            .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=self._clock())
        )
        row = await self._row(key_id)
        if row is None:
            raise ApiKeyUnknown(f"no API key has the id {key_id!r}", field="key")
        return _key(row)

    async def keys(self) -> list[ApiKey]:
        """All keys that were ever made, oldest first."""
        found = await self._connection.execute(
            select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)
        )
        return [_key(row) for row in found.mappings()]

    async def _row(self, key_id: str) -> RowMapping | None:
        found = await self._connection.execute(select(api_keys).where(api_keys.c.id == key_id))
        return found.mappings().one_or_none()


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(
        key_id=row["id"],
        name=row["name"],
        scopes=scopes_named(row["scopes"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )


def _named(name: str) -> str:
    stripped = name.strip()
    if not 0 < len(stripped) <= _LONGEST_NAME:
        raise InvalidInput(f"a key's name has 1 to {_LONGEST_NAME} characters", field="name")
    if any(unicodedata.category(letter).startswith("C") for letter in stripped):
        raise InvalidInput("a key's name has characters that cannot be seen", field="name")
    return stripped


def _not_authenticated() -> NotAuthenticated:
    return NotAuthenticated("show an API key of this node: Authorization: Bearer tidan_…")
