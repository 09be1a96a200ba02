"""The directory: who is in it, what they may, and how they are shut out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people.clock import NOON, Clock
from tidan_node.people.problems import NotInDirectory, UserExists, UserUnknown
from tidan_node.people.roles import UserRole
from tidan_node.people.users import User, Users
from tidan_node.problems import InvalidInput
from tidan_node.storage.database import Database

ISSUER = "https://id.example"


async def _add(users: Users, subject: str = "subject-1", *, issuer: str = ISSUER) -> User:
    return await users.add(issuer=issuer, subject=subject, name="a maker", roles=[UserRole.MAKER])


class TestAdd:
    async def test_the_person_is_found_as_its_issuer_knows_it(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            users = Users(connection, clock)
            user = await _add(users)
            assert await users.signing_in(issuer=ISSUER, subject="subject-1") == user
            assert await users.by_id(user.user_id) == user
        assert (user.created_at, user.disabled_at) == (NOON, None)

    async def test_nobody_is_in_it_twice(self, database: Database) -> None:
        async with database.writing() as connection:
            users = Users(connection)
            await _add(users)
            with pytest.raises(UserExists):
                await _add(users)
            await _add(users, issuer="platform:HARBOUR")  # the transaction goes on
            assert len(await users.listed(limit=10)) == 2

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("issuer", "mail.example"),
            ("issuer", "platform:harbour"),
            ("subject", ""),
            ("subject", "é"),
            ("subject", "x" * 256),
            ("name", " "),
            ("roles", []),
        ],
    )
    async def test_what_breaks_a_rule_is_named(
        self, database: Database, field: str, value: object
    ) -> None:
        person: dict[str, Any] = {"issuer": ISSUER, "subject": "1", "name": "a"}
        person |= {"roles": [UserRole.MAKER]} | {field: value}
        async with database.writing() as connection:
            with pytest.raises(InvalidInput) as refusal:
                await Users(connection).add(**person)
        assert refusal.value.field == field

    async def test_the_subject_is_not_in_its_repr(self, database: Database) -> None:
        async with database.writing() as connection:
            user = await _add(Users(connection), "person@mail.example")
        assert "person@" not in repr(user)


class TestSigningIn:
    async def test_unknown_and_disabled_people_are_refused_alike(self, database: Database) -> None:
        async with database.writing() as connection:
            users = Users(connection)
            await users.disable((await _add(users)).user_id)
            answers = []
            for subject in ("subject-1", "subject-2"):
                with pytest.raises(NotInDirectory) as refusal:
                    await users.signing_in(issuer=ISSUER, subject=subject)
                answers.append(refusal.value.document())
        assert answers[0] == answers[1]

    async def test_a_subject_of_another_issuer_is_another_person(self, database: Database) -> None:
        async with database.writing() as connection:
            users = Users(connection)
            await _add(users)
            with pytest.raises(NotInDirectory):
                await users.signing_in(issuer="https://other.example", subject="subject-1")


class TestChange:
    async def test_who_is_disabled_keeps_the_first_moment(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            users = Users(connection, clock)
            user = await _add(users)
            await users.disable(user.user_id)
            clock.move(days=1)
            assert (await users.disable(user.user_id)).disabled_at == NOON

    async def test_who_is_enabled_may_sign_in_again(self, database: Database) -> None:
        async with database.writing() as connection:
            users = Users(connection)
            user = await _add(users)
            await users.disable(user.user_id)
            assert await users.enable(user.user_id) == user
            assert await users.signing_in(issuer=ISSUER, subject="subject-1") == user

    async def test_somebody_without_roles_is_refused(self, database: Database) -> None:
        async with database.writing() as connection:
            users = Users(connection)
            user = await _add(users)
            with pytest.raises(InvalidInput):
                await users.change_roles(user.user_id, [])

    async def test_nobody_by_this_id_is_said_so(self, database: Database) -> None:
        async with database.writing() as connection:
            users = Users(connection)
            for change in (users.disable, users.enable):
                with pytest.raises(UserUnknown):
                    await change("0" * 16)
            with pytest.raises(UserUnknown):
                await users.change_roles("0" * 16, [UserRole.MAKER])


class TestListed:
    async def test_pages_begin_where_the_last_one_ended(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            users = Users(connection, clock)
            added = []
            for number in range(5):
                added.append((await _add(users, f"s{number}")).user_id)
                clock.now += timedelta(seconds=1)
            seen: list[str] = []
            after = None
            while page := await users.listed(limit=2, after=after):
                seen += [each.user_id for each in page]
                after = (page[-1].created_at, page[-1].user_id)
        assert seen == added
