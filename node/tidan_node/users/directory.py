"""What an administrator can ask about people; each change is in the trail, by the person's id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.caller import Caller
from tidan_node.people.roles import user_roles_named
from tidan_node.people.users import User, Users
from tidan_node.problems import InvalidInput
from tidan_node.trail.trail import Trail
from tidan_node.users.schemas import UserAnswer, UserPage, UserRequest
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.state import NodeState

ADDED: Final = "user.added"
ROLES_CHANGED: Final = "user.roles_changed"
DISABLED: Final = "user.disabled"
ENABLED: Final = "user.enabled"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Directory:
    """The party's people, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._users = Users(connection, node.clock)
        self._trail = Trail(connection)
        self._node = node
        self._caller = caller

    async def add(self, wanted: UserRequest) -> User:
        """A new person, who may sign in from now on."""
        user = await self._users.add(
            issuer=wanted.issuer or self._issuer(),
            subject=wanted.subject,
            name=wanted.name,
            roles=user_roles_named(wanted.roles),
        )
        await self._note(ADDED, user, roles=" ".join(sorted(user.roles)))
        return user

    async def change_roles(self, user_id: str, names: list[str]) -> User:
        user = await self._users.change_roles(user_id, user_roles_named(names))
        await self._note(ROLES_CHANGED, user, roles=" ".join(sorted(user.roles)))
        return user

    async def disable(self, user_id: str) -> User:
        """The person's sessions and keys, those of its agents among them, end at once."""
        user = await self._users.disable(user_id)
        await self._note(DISABLED, user)
        return user

    async def enable(self, user_id: str) -> User:
        user = await self._users.enable(user_id)
        await self._note(ENABLED, user)
        return user

    def _issuer(self) -> str:
        offer = self._node.sign_in
        if offer is None:
            raise InvalidInput("name one: this node has no OpenID provider", field="issuer")
        return offer.provider.registration.issuer

    async def _note(self, act: str, user: User, **detail: str) -> None:
        await self._trail.append(self._caller.key_id, act, user.user_id, detail)


async def user_page(connection: AsyncConnection, page: PageRequest) -> UserPage:
    """A page of people, in the order in which they were added."""
    found = await Users(connection).listed(limit=page.limit + 1, after=after(page))
    shown = found[: page.limit]
    more = len(found) > page.limit
    return UserPage(
        items=[UserAnswer.of(each) for each in shown],
        next_cursor=cursor_after(shown[-1].created_at, shown[-1].user_id) if more else None,
    )


def after(page: PageRequest) -> tuple[datetime, str] | None:
    """Where the page before ended."""
    if page.after is None:
        return None
    try:
        return _EPOCH + page.after.key * _MICROSECOND, page.after.id
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC), page.after.id


def cursor_after(moment: datetime, row: str) -> str:
    return cursor_of(Position((moment - _EPOCH) // _MICROSECOND, row))
