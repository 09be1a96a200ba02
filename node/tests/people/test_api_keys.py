"""Keys are made once, recognised while they are good, and refused in one voice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import Scope
from tidan_node.people.problems import ApiKeyUnknown, NotAuthenticated
from tidan_node.people.secrets import KeyText
from tidan_node.people.tables import api_keys
from tidan_node.problems import InvalidInput
from tidan_node.storage.database import Database

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SCOPES = frozenset({Scope.RECORDS_READ, Scope.TITLES_ACT})


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class TestCreateKey:
    async def test_the_new_key_is_recognised(self, database: Database) -> None:
        async with database.writing() as connection:
            key, text = await ApiKeys(connection).create_key("desk", SCOPES)
        async with database.reading() as connection:
            caller = await ApiKeys(connection).authenticate(text.reveal())
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


class TestAuthenticate:
    async def test_unknown_false_expired_and_revoked_are_answered_alike(
        self, database: Database
    ) -> None:
        clock = Clock()
        async with database.writing() as connection:
            keys = ApiKeys(connection, clock)
            _, good = await keys.create_key("good", SCOPES)
            _, short = await keys.create_key("short", SCOPES, expires_at=NOON + timedelta(hours=1))
            _, gone = await keys.create_key("gone", SCOPES)
            await keys.revoke(gone.key_id)
            clock.now = NOON + timedelta(hours=1)
            attempts = [
                "no key at all",
                KeyText.fresh().reveal(),
                KeyText(good.key_id, "00" * 32).reveal(),
                short.reveal(),
                gone.reveal(),
            ]
            answers = []
            for attempt in attempts:
                with pytest.raises(NotAuthenticated) as refusal:
                    await keys.authenticate(attempt)
                answers.append(refusal.value.document())
        assert [answer for answer in answers if answer != answers[0]] == []

    async def test_a_key_is_good_until_the_moment_it_expires(self, database: Database) -> None:
        clock = Clock()
        async with database.writing() as connection:
            keys = ApiKeys(connection, clock)
            _, text = await keys.create_key("short", SCOPES, expires_at=NOON + timedelta(hours=1))
            clock.now = NOON + timedelta(hours=1) - timedelta(microseconds=1)
            assert (await keys.authenticate(text.reveal())).name == "short"

    async def test_writes_nothing(self, database: Database) -> None:
        async with database.writing() as connection:
            _, text = await ApiKeys(connection).create_key("desk", SCOPES)
        statements: list[str] = []
        async with database.reading() as connection:
            event.listen(
                connection.sync_connection,
                "before_cursor_execute",
                lambda *args: statements.append(args[2]),
            )
            await ApiKeys(connection).authenticate(text.reveal())
        assert [statement.split()[0] for statement in statements] == ["BEGIN", "SELECT"]


class TestRevoke:
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
            assert (await keys.authenticate(second.reveal())).name == "second"

    async def test_an_unknown_id_is_named(self, database: Database) -> None:
        async with database.writing() as connection:
            with pytest.raises(ApiKeyUnknown, match="abc"):
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
