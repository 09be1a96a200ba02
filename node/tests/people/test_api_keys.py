"""Keys are made once and listed; those of people and their agents are bounded by their owners."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.people.clock import NOON, Clock
from tidan_node.people.api_keys import LONGEST_LIFE, ApiKeys
from tidan_node.people.authentication import authenticate
from tidan_node.people.caller import NEVER_AN_AGENTS, Scope
from tidan_node.people.problems import ApiKeyUnknown, DelegationRefused
from tidan_node.people.roles import UserRole
from tidan_node.people.tables import api_keys
from tidan_node.people.users import User, Users, utc_now
from tidan_node.problems import InvalidInput
from tidan_node.storage.database import Database

SCOPES = frozenset({Scope.RECORDS_READ, Scope.TITLES_ACT})


class TestCreateKey:
    async def test_the_new_key_is_recognised(self, database: Database) -> None:
        async with database.writing() as connection:
            key, text = await ApiKeys(connection).create_key("desk", SCOPES)
        async with database.reading() as connection:
            caller = await authenticate(connection, text.reveal(), utc_now())
        assert (caller.key_id, caller.name, caller.scopes) == (key.key_id, "desk", SCOPES)

    async def test_the_secret_is_nowhere_in_the_database(self, database: Database) -> None:
        async with database.writing() as connection:
            _, text = await ApiKeys(connection).create_key("desk", SCOPES)
        async with database.reading() as connection:
            rows = (await connection.execute(select(api_keys))).all()
        assert len(rows) == 1
        assert text.secret not in repr(rows)

    @pytest.mark.parametrize("name", ["", "   ", "x" * 101, "de\x1bsk", "de\u202esk"])
    async def test_a_name_that_cannot_be_shown_is_refused(
        self, database: Database, name: str
    ) -> None:
        async with database.writing() as connection:
            with pytest.raises(InvalidInput) as refusal:
                await ApiKeys(connection).create_key(name, SCOPES)
        assert refusal.value.field == "name"

    async def test_a_key_without_scopes_is_refused(self, database: Database) -> None:
        async with database.writing() as connection:
            with pytest.raises(InvalidInput) as refusal:
                await ApiKeys(connection).create_key("desk", frozenset())
        assert refusal.value.field == "scopes"

    async def test_a_key_that_has_expired_already_is_refused(self, database: Database) -> None:
        async with database.writing() as connection:
            keys = ApiKeys(connection, Clock())
            with pytest.raises(InvalidInput) as refusal:
                await keys.create_key("desk", SCOPES, expires_at=NOON)
        assert refusal.value.field == "expiresAt"


class TestCreateUsersKey:
    async def test_it_names_its_owner_and_whether_an_agent_has_it(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            owner = await _maker(Users(connection, clock))
            keys = ApiKeys(connection, clock)
            later = NOON + timedelta(days=30)
            mine, _ = await keys.create_users_key(owner, "mine", SCOPES, expires_at=later)
            robot, _ = await keys.create_users_key(
                owner, "robot", SCOPES, expires_at=later, agent=True
            )
            listed = await keys.keys(of_user=owner.user_id)
        assert (mine.user_id, mine.agent) == (owner.user_id, False)
        assert (robot.user_id, robot.agent) == (owner.user_id, True)
        assert {mine, robot} == set(listed)

    async def test_it_covers_no_more_than_its_owners_roles(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            owner = await _maker(Users(connection, clock))
            with pytest.raises(DelegationRefused, match="webhooks:manage"):
                await ApiKeys(connection, clock).create_users_key(
                    owner,
                    "more",
                    [Scope.RECORDS_READ, Scope.WEBHOOKS_MANAGE],
                    expires_at=NOON + timedelta(days=1),
                )

    @pytest.mark.parametrize("scope", sorted(NEVER_AN_AGENTS))
    async def test_no_agent_is_given_what_people_answer_for_alone(
        self, database: Database, clock: Clock, scope: Scope
    ) -> None:
        async with database.writing() as connection:
            owner = await Users(connection, clock).add(
                issuer="https://id.example", subject="all", name="all", roles=list(UserRole)
            )
            with pytest.raises(DelegationRefused) as refusal:
                await ApiKeys(connection, clock).create_users_key(
                    owner, "robot", [scope], expires_at=NOON + timedelta(days=1), agent=True
                )
        assert refusal.value.field == "scopes"

    async def test_it_ends_within_ninety_days(self, database: Database, clock: Clock) -> None:
        async with database.writing() as connection:
            owner = await _maker(Users(connection, clock))
            keys = ApiKeys(connection, clock)
            await keys.create_users_key(owner, "just", SCOPES, expires_at=NOON + LONGEST_LIFE)
            with pytest.raises(InvalidInput) as refusal:
                await keys.create_users_key(
                    owner,
                    "too long",
                    SCOPES,
                    expires_at=NOON + LONGEST_LIFE + timedelta(microseconds=1),
                )
        assert refusal.value.field == "expiresAt"

    async def test_nobody_who_is_disabled_gets_one(self, database: Database, clock: Clock) -> None:
        async with database.writing() as connection:
            users = Users(connection, clock)
            owner = await users.disable((await _maker(users)).user_id)
            with pytest.raises(DelegationRefused, match="disabled"):
                await ApiKeys(connection, clock).create_users_key(
                    owner, "robot", SCOPES, expires_at=NOON + timedelta(days=1)
                )

    async def test_people_of_another_platform_get_none(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            guest = await Users(connection, clock).add(
                issuer="platform:HARBOUR", subject="7", name="guest", roles=[UserRole.MAKER]
            )
            with pytest.raises(DelegationRefused, match="sessions alone"):
                await ApiKeys(connection, clock).create_users_key(
                    guest, "robot", SCOPES, expires_at=NOON + timedelta(days=1)
                )


class TestRevoke:
    async def test_the_key_of_another_is_as_unknown_as_none(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            owner = await _maker(Users(connection, clock))
            keys = ApiKeys(connection, clock)
            key, text = await keys.create_users_key(
                owner, "mine", SCOPES, expires_at=NOON + timedelta(days=1)
            )
            answers = []
            for other, key_id in (("0" * 16, key.key_id), (owner.user_id, "f" * 16)):
                with pytest.raises(ApiKeyUnknown) as refusal:
                    await keys.revoke(key_id, of_user=other)
                answers.append(refusal.value.document())
            assert answers[0] == answers[1]
            await authenticate(connection, text.reveal(), NOON)

    async def test_a_revoked_key_keeps_its_first_moment(self, database: Database) -> None:
        clock = Clock()
        async with database.writing() as connection:
            keys = ApiKeys(connection, clock)
            key, _ = await keys.create_key("desk", SCOPES)
            await keys.revoke(key.key_id)
            clock.now += timedelta(days=1)
            assert (await keys.revoke(key.key_id)).revoked_at == NOON

    async def test_other_keys_stay_good(self, database: Database) -> None:
        async with database.writing() as connection:
            keys = ApiKeys(connection)
            first, _ = await keys.create_key("first", SCOPES)
            _, second = await keys.create_key("second", SCOPES)
            await keys.revoke(first.key_id)
            caller = await authenticate(connection, second.reveal(), utc_now())
            assert caller.name == "second"

    async def test_an_unknown_id_is_said_so(self, database: Database) -> None:
        async with database.writing() as connection:
            with pytest.raises(ApiKeyUnknown):
                await ApiKeys(connection).revoke("abc")


class TestKeys:
    async def test_lists_all_of_them_oldest_first(self, database: Database) -> None:
        clock = Clock()
        async with database.writing() as connection:
            keys = ApiKeys(connection, clock)
            for name in ("first", "second", "third"):
                await keys.create_key(name, SCOPES)
                clock.now += timedelta(seconds=1)
            assert [key.name for key in await keys.keys()] == ["first", "second", "third"]

    async def test_pages_begin_where_the_last_one_ended(
        self, database: Database, clock: Clock
    ) -> None:
        async with database.writing() as connection:
            keys = ApiKeys(connection, clock)  # all of one moment: their ids order them
            made = {(await keys.create_key("desk", SCOPES))[0].key_id for _ in range(5)}
            seen: list[str] = []
            after = None
            while page := await keys.keys(limit=2, after=after):
                seen += [each.key_id for each in page]
                after = (page[-1].created_at, page[-1].key_id)
        assert seen == sorted(made)


async def _maker(users: Users) -> User:
    return await users.add(
        issuer="https://id.example", subject="maker", name="maker", roles=[UserRole.MAKER]
    )
