"""Users, keys and sign-ins as callers send and see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, Field

from tidan_node.people.api_keys import ApiKey
from tidan_node.people.caller import Caller
from tidan_node.people.users import User
from tidan_node.web.shapes import SEEN, VISIBLE, Moment, Shape, whole_second

MOST_NAMED: Final = 40
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=SEEN)]
Roles = Annotated[
    list[Annotated[str, Field(max_length=20)]],
    Field(min_length=1, max_length=MOST_NAMED, description="READER, MAKER, CHECKER, ADMIN."),
]
Secret = Annotated[str, Field(min_length=1, max_length=128, pattern=VISIBLE)]


class UserRequest(Shape):
    """Whom to add: as the issuer, this node's OpenID provider if left out, knows the person."""

    issuer: Annotated[str, Field(min_length=1, max_length=512, pattern=VISIBLE)] | None = None
    subject: Annotated[str, Field(min_length=1, max_length=255, pattern=SEEN)]
    name: Name
    roles: Roles


class RolesRequest(Shape):
    """What the person is to be to the party, in place of what it is."""

    roles: Roles


class UserAnswer(Shape):
    """A person in the directory."""

    id: str
    issuer: str
    subject: str
    name: str
    roles: list[str]
    scopes: list[str]
    """All that the roles cover."""
    created_at: Moment
    disabled_at: Moment | None

    @classmethod
    def of(cls, user: User) -> UserAnswer:
        return cls(
            id=user.user_id,
            issuer=user.issuer,
            subject=user.subject,
            name=user.name,
            roles=sorted(user.roles),
            scopes=sorted(user.scopes),
            created_at=user.created_at,
            disabled_at=user.disabled_at,
        )


class UserPage(Shape):
    """People in the order in which they were added."""

    items: list[UserAnswer]
    next_cursor: str | None


class KeyRequest(Shape):
    """A key to make. Without `user` it is a service's, or an agent's of the caller."""

    name: Name
    scopes: Annotated[
        list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=MOST_NAMED)
    ]
    expires_at: Annotated[AwareDatetime, AfterValidator(whole_second)] | None = None
    """An agent's ends within 90 days."""
    user: Annotated[str, Field(min_length=1, max_length=16, pattern=VISIBLE)] | None = None
    """Whose key it is: a user's id, or `me`."""
    agent: bool = False
    """Whether somebody else acts with it, in the user's place."""


class KeyAnswer(Shape):
    """A key, without its secret."""

    id: str
    name: str
    scopes: list[str]
    user: str | None
    agent: bool
    made_by: str | None
    """Whoever made a service's key, and so answers for what is asked with it."""
    created_at: Moment
    expires_at: Moment | None
    revoked_at: Moment | None
    good: bool
    """Whether it still opens something, as far as the key itself goes."""

    @classmethod
    def of(cls, key: ApiKey, now: datetime) -> KeyAnswer:
        return cls(
            id=key.key_id,
            name=key.name,
            scopes=sorted(key.scopes),
            user=key.user_id,
            agent=key.agent,
            made_by=key.made_by,
            created_at=key.created_at,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            good=key.is_good(now),
        )


class KeyMade(KeyAnswer):
    """A new key with its text, which is shown this once: null where the request is repeated."""

    key: str | None


class KeyPage(Shape):
    """Keys in the order in which they were made."""

    items: list[KeyAnswer]
    next_cursor: str | None


class SignInRequest(Shape):
    """Where the browser is to be sent after signing in."""

    redirect_uri: Annotated[str, Field(min_length=1, max_length=512, pattern=VISIBLE)]


class SignInBegun(Shape):
    """Where to send the person, and what to bring back with the code. The secret stays with the
    program that asked: it goes through no browser."""

    authorization_url: str
    state: str
    secret: str
    expires_at: Moment


class SessionRequest(Shape):
    """What the redirect carried, and the secret of the sign-in that it answers."""

    state: Secret
    secret: Secret
    code: Annotated[str, Field(min_length=1, max_length=2048, pattern=VISIBLE)]
    iss: Annotated[str, Field(min_length=1, max_length=512, pattern=VISIBLE)] | None = None
    """As the redirect carried it (RFC 9207)."""


class SessionAnswer(Shape):
    """The caller's own session."""

    id: str
    user: str
    name: str
    scopes: list[str]

    @classmethod
    def of(cls, caller: Caller) -> SessionAnswer:
        return cls(
            id=caller.key_id,
            user=caller.user or "",
            name=caller.name,
            scopes=sorted(caller.scopes),
        )
