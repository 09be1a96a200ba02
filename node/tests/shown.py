"""Whatever can be shown to a node to be let in: good, no longer good, never good."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete

from tests.office import Office
from tests.recognition.ports import Desk, Port
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import EVERY_SCOPE, NEVER_AN_AGENTS, Scope
from tidan_node.people.roles import UserRole
from tidan_node.people.secrets import BearerText, KeyText, SessionText
from tidan_node.people.sessions import Sessions
from tidan_node.people.tables import users
from tidan_node.people.users import User, Users

OTHER_SECRET = "5" * 64
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


@dataclass
class Credentials:
    """Of everything the one office knows: what is made here is in its database."""

    office: Office

    async def user(self, *roles: UserRole, issuer: str = "https://login.example") -> User:
        subject = secrets.token_hex(8)
        async with self.office.database.writing() as connection:
            return await Users(connection, self._clock).add(
                issuer=issuer, subject=subject, name="somebody", roles=roles
            )

    async def service_key(
        self, scopes: Iterable[Scope] = EVERY_SCOPE, *, age: timedelta | None = None
    ) -> KeyText:
        """A service's key; with an age, one that was made so long ago for half as long."""
        made = self._clock() - (age or timedelta())
        ends = None if age is None else made + age / 2
        async with self.office.database.writing() as connection:
            _, text = await ApiKeys(connection, lambda: made).create_key(
                "a service", scopes, expires_at=ends
            )
        return text

    async def users_key(
        self, owner: User, *, agent: bool = False, age: timedelta = timedelta()
    ) -> KeyText:
        """All that the person has, or can delegate, for a day from then on."""
        made = self._clock() - age
        scopes = owner.scopes - NEVER_AN_AGENTS if agent else owner.scopes
        async with self.office.database.writing() as connection:
            _, text = await ApiKeys(connection, lambda: made).create_users_key(
                owner, "a key", scopes, expires_at=made + DAY, agent=agent
            )
        return text

    async def session(
        self, user: User, *, age: timedelta = timedelta(), anchor: str | None = None
    ) -> SessionText:
        """For an hour from then on."""
        began = self._clock() - age
        async with self.office.database.writing() as connection:
            _, text = await Sessions(connection, lambda: began).start(
                user, via="oidc", expires_at=began + HOUR, anchor_id=anchor
            )
        return text

    async def revoke(self, key: KeyText) -> KeyText:
        async with self.office.database.writing() as connection:
            await ApiKeys(connection, self._clock).revoke(key.key_id)
        return key

    async def end(self, session: SessionText) -> SessionText:
        async with self.office.database.writing() as connection:
            await Sessions(connection, self._clock).end(session.key_id)
        return session

    async def disable(self, user: User) -> None:
        async with self.office.database.writing() as connection:
            await Users(connection, self._clock).disable(user.user_id)

    async def forget(self, user: User) -> None:
        """As nobody can: the person is in no directory, its keys are still there."""
        async with self.office.database.writing() as connection:
            await connection.execute(delete(users).where(users.c.id == user.user_id))

    async def give(self, user: User, *roles: UserRole) -> None:
        async with self.office.database.writing() as connection:
            await Users(connection, self._clock).change_roles(user.user_id, roles)

    def _clock(self) -> datetime:
        now: datetime = self.office.app.state.node.clock()
        return now


def malformed(good: KeyText) -> dict[str, dict[str, str]]:
    """What is no key and no session by its form alone."""
    text = good.reveal()
    return {
        "nothing": {},
        "no token": {"Authorization": "Bearer"},
        "nonsense": bearer("nonsense"),
        "a user and a password": {"Authorization": "Basic dGlkYW46dGlkYW4="},
        "a good key as a password": {"Authorization": f"Basic {text}"},
        "a good key without its prefix": bearer(text.removeprefix("tidan_")),
        "a good key cut short": bearer(text[:-1]),
        "a good key in capitals": bearer(text.upper()),
        "two good keys": bearer(f"{text} {text}"),
        "a good key as a cookie": {"Cookie": f"Authorization={text}"},
        "a good key as its own header": {"X-Api-Key": text},
    }


async def keys_of_no_use(known: Credentials) -> dict[str, dict[str, str]]:
    """Keys by their form, none of which opens anything."""
    good = await known.service_key()
    gone, disabled = [await known.user(*UserRole) for _ in range(2)]
    orphan = await known.users_key(gone)
    await known.forget(gone)
    theirs = [await known.users_key(disabled, agent=agent) for agent in (False, True)]
    await known.disable(disabled)
    session = await known.session(await known.user(*UserRole))
    shown: dict[str, BearerText] = {
        "an unknown key": KeyText.fresh(),
        "a false secret": replace(good, secret=OTHER_SECRET),
        "an expired key": await known.service_key(age=DAY),
        "a revoked key": await known.revoke(await known.service_key()),
        "a person's expired key": await known.users_key(await known.user(*UserRole), age=2 * DAY),
        "an agent's expired key": await known.users_key(
            await known.user(*UserRole), agent=True, age=2 * DAY
        ),
        "a disabled user's key": theirs[0],
        "the key of a disabled user's agent": theirs[1],
        "a key whose owner is nobody": orphan,
        "a session as a key": KeyText(session.key_id, session.secret),
    }
    return {name: bearer(text.reveal()) for name, text in shown.items()}


async def sessions_of_no_use(known: Credentials) -> dict[str, dict[str, str]]:
    """Sessions by their form, none of which opens anything."""
    user, disabled = [await known.user(*UserRole) for _ in range(2)]
    good, key = await known.session(user), await known.service_key()
    theirs = await known.session(disabled)
    await known.disable(disabled)
    again = await known.session(disabled)
    shown: dict[str, BearerText] = {
        "an unknown session": SessionText.fresh(),
        "a session's false secret": replace(good, secret=OTHER_SECRET),
        "an expired session": await known.session(user, age=2 * HOUR),
        "an ended session": await known.end(await known.session(user)),
        "a disabled user's session": theirs,
        "a session begun while its user was disabled": again,
        "a key as a session": SessionText(key.key_id, key.secret),
    }
    return {name: bearer(text.reveal()) for name, text in shown.items()}


async def guests_of_no_platform(known: Credentials) -> dict[str, dict[str, str]]:
    """Sessions of people of platforms that are recognised no more, or never were."""
    desk = Desk(known.office, Port(known.office.consortium.clock()))
    desk.equip()
    guest = await known.user(*UserRole, issuer="platform:DEMO-PORT")
    await desk.recognise()
    withdrawn = await known.session(guest, anchor=desk.anchor)
    await desk.withdraw()
    never = await known.session(guest, anchor="0x" + "ab" * 32)
    return {
        "a session by a recognition that was withdrawn": bearer(withdrawn.reveal()),
        "a session by a recognition that never was": bearer(never.reveal()),
    }
