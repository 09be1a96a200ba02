"""Keys and sessions are recognised while they are good, by one query, and refused in one voice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, event
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.people.clock import NOON, Clock
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.authentication import authenticate
from tidan_node.people.caller import Scope
from tidan_node.people.problems import NotAuthenticated
from tidan_node.people.roles import SCOPES_OF, UserRole
from tidan_node.people.secrets import KeyText, SessionText
from tidan_node.people.sessions import Sessions
from tidan_node.people.standing import key_holder_now, user_scopes, users_covering
from tidan_node.people.tables import users as users_table
from tidan_node.people.users import User, Users
from tidan_node.storage.database import Database

SCOPES = frozenset({Scope.RECORDS_READ, Scope.TITLES_ACT})
HOUR = timedelta(hours=1)


@dataclass
class People:
    """All that people have, in one open transaction."""

    connection: AsyncConnection
    clock: Clock

    def __post_init__(self) -> None:
        self.users = Users(self.connection, self.clock)
        self.keys = ApiKeys(self.connection, self.clock)
        self.sessions = Sessions(self.connection, self.clock)

    async def maker(self, subject: str = "maker") -> User:
        return await self.users.add(
            issuer="https://id.example", subject=subject, name=subject, roles=[UserRole.MAKER]
        )

    async def agents_key(self, owner: User) -> str:
        _, text = await self.keys.create_users_key(
            owner, "robot", SCOPES, expires_at=self.clock() + HOUR, agent=True
        )
        return text.reveal()

    async def session(self, user: User) -> str:
        _, text = await self.sessions.start(user, via="oidc", expires_at=self.clock() + HOUR)
        return text.reveal()


@pytest.fixture
async def people(database: Database, clock: Clock) -> People:
    async with database.writing() as connection:
        yield People(connection, clock)


@contextmanager
def statements(connection: AsyncConnection) -> Iterator[list[str]]:
    """The SQL that is sent meanwhile."""
    sent: list[str] = []

    def note(*told: object) -> None:
        sent.append(str(told[2]))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection.sync_connection, "before_cursor_execute", note)


async def _refusal(people: People, text: str) -> tuple[dict[str, object], list[str]]:
    with statements(people.connection) as sent, pytest.raises(NotAuthenticated) as refusal:
        await authenticate(people.connection, text, people.clock())
    return refusal.value.document(), sent


class TestKeys:
    async def test_unknown_false_expired_revoked_and_disabled_are_refused_alike(
        self, people: People
    ) -> None:
        _, good = await people.keys.create_key("good", SCOPES)
        _, short = await people.keys.create_key("short", SCOPES, expires_at=NOON + HOUR)
        gone, gone_text = await people.keys.create_key("gone", SCOPES)
        await people.keys.revoke(gone.key_id)
        owner = await people.maker()
        robot = await people.agents_key(owner)
        await people.users.disable(owner.user_id)
        people.clock.move(hours=1)

        answers = [
            await _refusal(people, text)
            for text in (
                KeyText.fresh().reveal(),
                KeyText(good.key_id, "00" * 32).reveal(),
                short.reveal(),
                gone_text.reveal(),
                robot,
            )
        ]

        assert [answer for answer in answers if answer != answers[0]] == []
        document, sent = answers[0]
        assert document["status"] == 401
        assert [statement.split()[0] for statement in sent] == ["SELECT"]

    @pytest.mark.parametrize("text", ["", "no key at all", "tidan_1_2", "tidanx_" + "0" * 81])
    async def test_what_is_no_key_is_refused_in_the_same_words(
        self, people: People, text: str
    ) -> None:
        document, _ = await _refusal(people, text)
        assert document == (await _refusal(people, KeyText.fresh().reveal()))[0]

    async def test_a_key_is_good_until_the_moment_it_expires(self, people: People) -> None:
        _, text = await people.keys.create_key("short", SCOPES, expires_at=NOON + HOUR)
        people.clock.now = NOON + HOUR - timedelta(microseconds=1)
        caller = await authenticate(people.connection, text.reveal(), people.clock())
        assert (caller.name, caller.user, caller.session) == ("short", None, False)

    async def test_a_good_key_takes_one_query_and_writes_nothing(self, people: People) -> None:
        text = await people.agents_key(await people.maker())
        with statements(people.connection) as sent:
            await authenticate(people.connection, text, people.clock())
        assert [statement.split()[0] for statement in sent] == ["SELECT"]

    async def test_an_agents_key_names_its_owner(self, people: People) -> None:
        owner = await people.maker()
        text = await people.agents_key(owner)
        caller = await authenticate(people.connection, text, people.clock())
        assert (caller.user, caller.agent, caller.scopes) == (owner.user_id, True, SCOPES)

    async def test_it_covers_what_its_owners_roles_cover_then(self, people: People) -> None:
        owner = await people.maker()
        text = await people.agents_key(owner)
        await people.users.change_roles(owner.user_id, [UserRole.READER])
        caller = await authenticate(people.connection, text, people.clock())
        assert caller.scopes == {Scope.RECORDS_READ}

    async def test_it_stops_at_once_when_its_owner_is_disabled(self, people: People) -> None:
        owner = await people.maker()
        text = await people.agents_key(owner)
        await people.users.disable(owner.user_id)
        await _refusal(people, text)

    async def test_the_key_of_nobody_in_the_directory_opens_nothing(self, people: People) -> None:
        text = await people.agents_key(await people.maker())
        await people.connection.execute(delete(users_table))
        await _refusal(people, text)


class TestSessions:
    async def test_the_token_stands_for_its_user_and_its_roles(self, people: People) -> None:
        user = await people.maker()
        text = await people.session(user)
        with statements(people.connection) as sent:
            caller = await authenticate(people.connection, text, people.clock())
        assert (caller.user, caller.name, caller.session) == (user.user_id, "maker", True)
        assert caller.scopes == SCOPES_OF[UserRole.MAKER]
        assert not caller.agent
        assert [statement.split()[0] for statement in sent] == ["SELECT"]

    async def test_unknown_false_expired_ended_and_disabled_are_refused_alike(
        self, people: People
    ) -> None:
        user = await people.maker()
        good = await people.session(user)
        _, short = await people.sessions.start(
            user, via="oidc", expires_at=NOON + timedelta(minutes=1)
        )
        ended, ended_text = await people.sessions.start(user, via="oidc", expires_at=NOON + HOUR)
        await people.sessions.end(ended.session_id)
        other = await people.maker("other")
        others = await people.session(other)
        await people.users.disable(other.user_id)
        people.clock.move(minutes=1)

        answers = [
            await _refusal(people, text)
            for text in (
                SessionText.fresh().reveal(),
                good[:-64] + "0" * 64,
                short.reveal(),
                ended_text.reveal(),
                others,
            )
        ]

        assert [answer for answer in answers if answer != answers[0]] == []
        assert len(answers[0][1]) == 1
        assert answers[0][0] == (await _refusal(people, KeyText.fresh().reveal()))[0]

    async def test_new_roles_narrow_it_at_once_and_widen_it_at_the_next_sign_in(
        self, people: People
    ) -> None:
        user = await people.maker()
        text = await people.session(user)
        await people.users.change_roles(user.user_id, [UserRole.CHECKER])
        caller = await authenticate(people.connection, text, people.clock())
        assert caller.scopes == SCOPES_OF[UserRole.MAKER] & SCOPES_OF[UserRole.CHECKER]

    async def test_it_stays_ended_when_its_user_is_enabled_again(self, people: People) -> None:
        user = await people.maker()
        text = await people.session(user)
        await people.users.disable(user.user_id)
        await people.users.enable(user.user_id)
        await _refusal(people, text)

    async def test_a_keys_secret_is_no_sessions(self, people: People) -> None:
        text = await people.session(await people.maker())
        await _refusal(people, text.replace("tidans_", "tidan_"))


class TestKeyHolderNow:
    async def test_of_an_agent_it_is_who_it_acts_for_with_what_that_one_may_then(
        self, people: People
    ) -> None:
        owner = await people.maker()
        text = await people.agents_key(owner)
        caller = await authenticate(people.connection, text, people.clock())
        assert await key_holder_now(people.connection, caller.key_id, people.clock()) == caller
        await people.users.change_roles(owner.user_id, [UserRole.READER])
        found = await key_holder_now(people.connection, caller.key_id, people.clock())
        assert found == replace(caller, scopes=frozenset({Scope.RECORDS_READ}))

    async def test_unknown_expired_and_revoked_keys_and_those_of_disabled_people_are_nobodys(
        self, people: People
    ) -> None:
        short, _ = await people.keys.create_key("short", SCOPES, expires_at=NOON + HOUR)
        gone, _ = await people.keys.create_key("gone", SCOPES)
        await people.keys.revoke(gone.key_id)
        owner = await people.maker()
        robot = KeyText.parse(await people.agents_key(owner))
        assert robot is not None
        await people.users.disable(owner.user_id)
        people.clock.move(hours=1)
        for key_id in ("0" * 16, short.key_id, gone.key_id, robot.key_id):
            assert await key_holder_now(people.connection, key_id, people.clock()) is None


class TestUserScopes:
    async def test_it_is_what_the_roles_cover_until_the_person_is_disabled(
        self, people: People
    ) -> None:
        user = await people.maker()
        assert await user_scopes(people.connection, user.user_id) == user.scopes
        await people.users.disable(user.user_id)
        assert await user_scopes(people.connection, user.user_id) == frozenset()
        assert await user_scopes(people.connection, "0" * 16) == frozenset()


class TestUsersCovering:
    async def test_disabled_people_and_those_without_the_scope_do_not_count(
        self, people: People
    ) -> None:
        user, other = await people.maker(), await people.maker("other")
        await people.users.disable(other.user_id)
        assert await users_covering(people.connection, Scope.TITLES_ACT) == {user.user_id}
        assert await users_covering(people.connection, Scope.ADMIN) == frozenset()
