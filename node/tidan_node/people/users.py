"""The directory of a party's people: who vouches for them, what they are, and whether they may."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import RowMapping, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.caller import Scope
from tidan_node.people.naming import shown_name
from tidan_node.people.problems import NotInDirectory, UserExists, UserUnknown
from tidan_node.people.roles import UserRole, scopes_of, user_roles_named
from tidan_node.people.tables import api_keys, sessions, users
from tidan_node.problems import InvalidInput

PLATFORM: Final = "platform:"
"""Begins the issuer of people who are known to another platform: `platform:CODE`."""

_ISSUER: Final = re.compile(r"https?://[!-~]{1,500}|platform:[A-Z][A-Z0-9-]{1,19}")
_SUBJECT: Final = re.compile(r"[ -~]{1,255}")
_ID_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class User:
    """A person in the directory."""

    user_id: str
    issuer: str
    subject: str = field(repr=False)
    name: str
    roles: frozenset[UserRole]
    created_at: datetime
    disabled_at: datetime | None

    @property
    def scopes(self) -> frozenset[Scope]:
        """All that the person's roles cover."""
        return scopes_of(self.roles)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Users:
    """The directory, in the caller's transaction."""

    def __init__(
        self, connection: AsyncConnection, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._connection = connection
        self._clock = clock

    async def add(self, *, issuer: str, subject: str, name: str, roles: Iterable[UserRole]) -> User:
        """A new person, whom this issuer knows by this subject."""
        if not _ISSUER.fullmatch(issuer):
            raise InvalidInput("an http(s) URL, or platform:CODE", field="issuer")
        if not _SUBJECT.fullmatch(subject):
            raise InvalidInput("1 to 255 characters of ASCII", field="subject")
        user = User(
            user_id=secrets.token_hex(_ID_BYTES),
            issuer=issuer,
            subject=subject,
            name=shown_name(name, "a user's"),
            roles=_some(roles),
            created_at=self._clock(),
            disabled_at=None,
        )
        row = insert(users).values(
            id=user.user_id,
            issuer=issuer,
            subject=subject,
            name=user.name,
            roles=sorted(user.roles),
            created_at=user.created_at,
        )
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(row)
        except IntegrityError as error:
            raise UserExists("its issuer and subject stand there", field="subject") from error
        return user

    async def signing_in(self, *, issuer: str, subject: str) -> User:
        """Whom this issuer knows so; unknown and disabled people are refused alike."""
        found = await self._connection.execute(
            select(users)
            .where(users.c.issuer == issuer, users.c.subject == subject)
            .with_for_update()  # no session begins while the person is being disabled
        )
        row = found.mappings().one_or_none()
        if row is None or row["disabled_at"] is not None:
            raise NotInDirectory("ask an administrator of your party to add or enable you")
        return _user(row)

    async def by_id(self, user_id: str) -> User:
        found = await self._connection.execute(select(users).where(users.c.id == user_id))
        row = found.mappings().one_or_none()
        if row is None:
            raise UserUnknown("nobody in the directory has this id", field="user")
        return _user(row)

    async def held(self, user_id: str) -> User:
        """The same, whom nobody disables until the commit: no key is made beside that."""
        await self._connection.execute(
            select(users.c.id).where(users.c.id == user_id).with_for_update()
        )
        return await self.by_id(user_id)

    async def listed(self, *, limit: int, after: tuple[datetime, str] | None = None) -> list[User]:
        """People in the order in which they were added, from just behind this one."""
        wanted = select(users).order_by(users.c.created_at, users.c.id).limit(limit)
        if after is not None:
            added, user_id = after
            wanted = wanted.where(
                or_(
                    users.c.created_at > added,
                    and_(users.c.created_at == added, users.c.id > user_id),
                )
            )
        return [_user(row) for row in (await self._connection.execute(wanted)).mappings()]

    async def change_roles(self, user_id: str, roles: Iterable[UserRole]) -> User:
        """From the next request on, sessions and keys of the person cover no more than these."""
        changed = update(users).where(users.c.id == user_id).values(roles=sorted(_some(roles)))
        await self._connection.execute(changed)
        return await self.by_id(user_id)

    async def disable(self, user_id: str) -> User:
        """At once and for good, the person's sessions end and its keys open nothing; once
        enabled again, it signs in anew. Who is disabled already keeps the first moment."""
        now = self._clock()
        for ending in (
            update(users)
            .where(users.c.id == user_id, users.c.disabled_at.is_(None))
            .values(disabled_at=now),
            update(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.ended_at.is_(None))
            .values(ended_at=now),
            update(api_keys)
            .where(api_keys.c.user_id == user_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=now),
        ):
            await self._connection.execute(ending)
        return await self.by_id(user_id)

    async def enable(self, user_id: str) -> User:
        """The person may sign in again."""
        await self._connection.execute(
            update(users).where(users.c.id == user_id).values(disabled_at=None)
        )
        return await self.by_id(user_id)


def _some(roles: Iterable[UserRole]) -> frozenset[UserRole]:
    given = frozenset(roles)
    if not given:
        raise InvalidInput("a user without roles may do nothing", field="roles")
    return given


def _user(row: RowMapping) -> User:
    return User(
        user_id=row["id"],
        issuer=row["issuer"],
        subject=row["subject"],
        name=row["name"],
        roles=user_roles_named(row["roles"]),
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
    )
