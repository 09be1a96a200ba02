"""Sessions begin with what a person may, and end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.people.clock import NOON, Clock
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole
from tidan_node.people.sessions import Sessions
from tidan_node.people.tables import sessions
from tidan_node.people.users import User, Users
from tidan_node.problems import InvalidInput
from tidan_node.storage.database import Database

LATER = NOON + timedelta(hours=1)


async def _maker(users: Users) -> User:
    return await users.add(
        issuer="platform:HARBOUR", subject="7", name="a maker", roles=[UserRole.MAKER]
    )


class TestStart:
    async def test_it_covers_what_lies_within(self, database: Database, clock: Clock) -> None:
        async with database.writing() as connection:
            user = await _maker(Users(connection, clock))
            session, _ = await Sessions(connection, clock).start(
                user,
                via="platform:HARBOUR",
                expires_at=LATER,
                within=frozenset({Scope.TITLES_ACT, Scope.ADMIN}),
                anchor_id="0x" + "ab" * 32,
            )
        assert session.scopes == {Scope.TITLES_ACT}
        assert session.anchor_id == "0x" + "ab" * 32

    async def test_its_secret_is_nowhere_in_the_database(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            user = await _maker(Users(connection, clock))
            _, text = await Sessions(connection, clock).start(user, via="oidc", expires_at=LATER)
            rows = (await connection.execute(select(sessions))).all()
        assert len(rows) == 1
        assert text.secret not in repr(rows)
        assert text.secret not in repr(text)

    async def test_one_that_would_have_expired_is_refused(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            user = await _maker(Users(connection, clock))
            with pytest.raises(InvalidInput):
                await Sessions(connection, clock).start(user, via="oidc", expires_at=NOON)


class TestForgetExpired:
    async def test_only_those_that_are_over_are_let_go(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            user = await _maker(Users(connection, clock))
            kept = Sessions(connection, clock)
            await kept.start(user, via="oidc", expires_at=LATER)
            await kept.start(user, via="oidc", expires_at=LATER + timedelta(hours=1))
            assert await kept.forget_expired(LATER + timedelta(microseconds=1)) == 1
            assert len((await connection.execute(select(sessions))).all()) == 1
