"""What can be asked about API keys: everybody looks after keys of its own, an administrator after
all; nobody makes a key by which another person would seem to act."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.api_keys import ApiKey, ApiKeys
from tidan_node.people.caller import Caller, Scope, scopes_named
from tidan_node.people.problems import DelegationRefused
from tidan_node.people.secrets import KeyText
from tidan_node.people.users import User, Users
from tidan_node.problems import InvalidInput
from tidan_node.trail.trail import Trail
from tidan_node.users.directory import after, cursor_after
from tidan_node.users.schemas import KeyAnswer, KeyPage, KeyRequest
from tidan_node.web.four_eyes import Act
from tidan_node.web.pagination import PageRequest
from tidan_node.web.state import NodeState

CREATED: Final = "key.created"
REVOKED: Final = "key.revoked"
_ME: Final = "me"
_NOBODYS: Final = "-"


class Keys:
    """The node's keys, as far as the caller has to do with them, in its transaction."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._connection = connection
        self._keys = ApiKeys(connection, node.clock)
        self._users = Users(connection, node.clock)
        self._trail = Trail(connection)
        self._node = node
        self._caller = caller

    async def create(self, wanted: KeyRequest) -> tuple[ApiKey, KeyText]:
        """A key for a service, for the caller or for an agent of the caller's."""
        scopes = scopes_named(wanted.scopes)
        if wanted.user is None and not wanted.agent:
            self._caller.require(Scope.ADMIN)
            self._require_covered(scopes)
            made = await self._keys.create_key(
                wanted.name,
                scopes,
                expires_at=wanted.expires_at,
                made_by=self._caller.user or self._caller.made_by,
            )
        else:
            owner = await self._owner(wanted.user or _ME)
            if wanted.expires_at is None:
                raise InvalidInput("say when a person's key ends", field="expiresAt")
            self._require_covered(scopes)
            self._require_not_outlived(wanted.expires_at)
            made = await self._keys.create_users_key(
                owner, wanted.name, scopes, expires_at=wanted.expires_at, agent=wanted.agent
            )
        key = made[0]
        detail = {"scopes": " ".join(sorted(key.scopes)), "user": key.user_id, "agent": key.agent}
        await self._trail.append(self._caller.key_id, CREATED, key.key_id, detail)
        return made

    async def revoke(self, key_id: str) -> None:
        """Another person's key is as unknown as none, but to an administrator."""
        await self._keys.revoke(key_id, of_user=self._whose())
        await self._trail.append(self._caller.key_id, REVOKED, key_id)

    async def page(self, page: PageRequest) -> KeyPage:
        """A page of keys, in the order in which they were made."""
        found = await self._keys.keys(
            of_user=self._whose(), limit=page.limit + 1, after=after(page)
        )
        shown, now = found[: page.limit], self._node.clock()
        more = len(found) > page.limit
        return KeyPage(
            items=[KeyAnswer.of(each, now) for each in shown],
            next_cursor=cursor_after(shown[-1].created_at, shown[-1].key_id) if more else None,
        )

    def _whose(self) -> str | None:
        """Whose keys the caller may see; None: all."""
        if Scope.ADMIN in self._caller.scopes:
            return None
        return self._caller.user or _NOBODYS

    def _require_covered(self, scopes: frozenset[Scope]) -> None:
        """Nobody hands on what it has not: by a key of less than the person's roles none of more
        is made, and an administrator makes no key by which it would act as a maker."""
        if lacking := scopes - self._caller.scopes:
            raise DelegationRefused(
                f"you do not cover {', '.join(sorted(lacking))} yourself", field="scopes"
            )

    def _require_not_outlived(self, ends: datetime) -> None:
        """A person's key makes none that outlives it: else nobody who has one would ever sign in
        again. Where nobody can sign in, keys are all that there is."""
        caller = self._caller
        if caller.session or caller.user is None or self._node.sign_in is None:
            return
        if caller.expires_at is not None and ends > caller.expires_at:
            raise DelegationRefused(
                "the key that asks ends before; sign in to make one that lasts longer",
                field="expiresAt",
            )

    async def _owner(self, named: str) -> User:
        """The person that the key is for: the caller; or one for whom the node's operator makes
        it, by a service's key, while nothing of the party is under four eyes."""
        own = self._caller.user
        if own is not None and named in (_ME, own):
            return await self._users.held(own)
        if own is not None or named == _ME:
            raise DelegationRefused(
                "people make keys of theirs themselves, once they have signed in", field="user"
            )
        self._caller.require(Scope.ADMIN)
        # it could approve by this key what it has asked for itself
        if await self._node.four_eyes.needed(self._connection, Act.USER_ROLES):
            raise DelegationRefused(
                "while acts of the party are under four eyes, people make keys of theirs"
                " themselves",
                field="user",
            )
        return await self._users.held(named)
