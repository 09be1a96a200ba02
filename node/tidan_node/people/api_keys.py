"""API keys: made, listed and revoked; of services, of people, and of the agents of people.

When a key was last used is not kept: a write for every read would make the one writer of SQLite
the bound of all reading, and the trail says what a key did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.caller import NEVER_AN_AGENTS, Scope, scopes_named
from tidan_node.people.naming import shown_name
from tidan_node.people.problems import ApiKeyUnknown, DelegationRefused
from tidan_node.people.secrets import KeyText
from tidan_node.people.tables import api_keys
from tidan_node.people.users import PLATFORM, User, utc_now
from tidan_node.problems import InvalidInput

LONGEST_LIFE: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as the node lists it, without its secret."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    user_id: str | None = None
    agent: bool = False
    made_by: str | None = None
    """Which person made it, where it is a service's."""

    def is_good(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class ApiKeys:
    """The node's API keys, in the caller's transaction."""

    def __init__(
        self, connection: AsyncConnection, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._connection = connection
        self._clock = clock

    async def create_key(
        self,
        name: str,
        scopes: Iterable[Scope],
        *,
        expires_at: datetime | None = None,
        made_by: str | None = None,
    ) -> tuple[ApiKey, KeyText]:
        """A new key of a service, and its text, which is nowhere else and cannot be had again.
        Where a person makes it, that one answers for what is asked with it."""
        return await self._create(name, frozenset(scopes), expires_at, made_by=made_by)

    async def create_users_key(
        self,
        owner: User,
        name: str,
        scopes: Iterable[Scope],
        *,
        expires_at: datetime,
        agent: bool = False,
    ) -> tuple[ApiKey, KeyText]:
        """A key by which a person calls, or an agent for the person, for at most 90 days. In each
        request it covers no more than the person's roles do then; and an agent's never what people
        answer for alone."""
        wanted = frozenset(scopes)
        _require_able(owner, wanted, agent=agent)
        if expires_at - self._clock() > LONGEST_LIFE:
            raise InvalidInput(
                f"a person's key, or its agent's, ends within {LONGEST_LIFE.days} days",
                field="expiresAt",
            )
        return await self._create(name, wanted, expires_at, owner=owner.user_id, agent=agent)

    async def revoke(self, key_id: str, *, of_user: str | None = None) -> ApiKey:
        """From now on the key opens nothing; a key that was revoked before stays as it is. With
        a user, only if it is one of that user's: another's is as unknown as none."""
        mine = [api_keys.c.id == key_id]
        if of_user is not None:
            mine.append(api_keys.c.user_id == of_user)
        await self._connection.execute(
            update(api_keys)
            .where(*mine, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=self._clock())
        )
        found = await self._connection.execute(select(api_keys).where(*mine))
        row = found.mappings().one_or_none()
        if row is None:
            raise ApiKeyUnknown("no API key has this id", field="key")
        return _key(row)

    async def keys(
        self,
        *,
        of_user: str | None = None,
        limit: int | None = None,
        after: tuple[datetime, str] | None = None,
    ) -> list[ApiKey]:
        """Keys that were ever made, oldest first: all, or those of one user; and from just behind
        this one, as many as that."""
        wanted = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id).limit(limit)
        if of_user is not None:
            wanted = wanted.where(api_keys.c.user_id == of_user)
        if after is not None:
            made, key_id = after
            wanted = wanted.where(
                or_(
                    api_keys.c.created_at > made,
                    and_(api_keys.c.created_at == made, api_keys.c.id > key_id),
                )
            )
        return [_key(row) for row in (await self._connection.execute(wanted)).mappings()]

    async def _create(
        self,
        name: str,
        scopes: frozenset[Scope],
        expires_at: datetime | None,
        *,
        owner: str | None = None,
        agent: bool = False,
        made_by: str | None = None,
    ) -> tuple[ApiKey, KeyText]:
        now = self._clock()
        text = KeyText.fresh()
        key = ApiKey(
            key_id=text.key_id,
            name=shown_name(name, "a key's"),
            scopes=scopes,
            created_at=now,
            expires_at=expires_at,
            revoked_at=None,
            user_id=owner,
            agent=agent,
            made_by=made_by,
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
                user_id=key.user_id,
                agent=key.agent,
                made_by=key.made_by,
            )
        )
        return key, text


def _require_able(owner: User, wanted: frozenset[Scope], *, agent: bool) -> None:
    if owner.disabled_at is not None:
        raise DelegationRefused("its owner is disabled", field="user")
    if owner.issuer.startswith(PLATFORM):
        # its rights end with the recognition of the platform, and a key knows nothing of that
        raise DelegationRefused("people of another platform act in sessions alone", field="user")
    if lacking := wanted - owner.scopes:
        raise DelegationRefused(
            f"its owner's roles do not cover {', '.join(sorted(lacking))}", field="scopes"
        )
    if agent and (kept := wanted & NEVER_AN_AGENTS):
        raise DelegationRefused(f"no agent is given {', '.join(sorted(kept))}", field="scopes")


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(
        key_id=row["id"],
        name=row["name"],
        scopes=scopes_named(row["scopes"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        user_id=row["user_id"],
        agent=bool(row["agent"]),
        made_by=row["made_by"],
    )
