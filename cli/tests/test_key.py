"""`tidan key create|list|revoke` against a node that answers as it is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tidan_cli import key_reissue
from tidan_cli.node_choice import NodeAccess, client_file, read_client_file
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.authentication import authenticate
from tidan_node.people.caller import EVERY_SCOPE
from tidan_node.people.problems import NotAuthenticated
from tidan_node.people.users import utc_now
from tidan_node.storage.database import Database
from tidan_node.storage.metadata import metadata
from tidan_node.trail.tables import trail_entries

KEY = "5b0c9a521c6f4e0a"


def key(id_: str = KEY, **members: object) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "erp",
        "scopes": ["records:read"],
        "user": None,
        "agent": False,
        "madeBy": None,
        "createdAt": "2026-10-06T09:00:00Z",
        "expiresAt": None,
        "revokedAt": None,
        "good": True,
    } | members


class TestCreate:
    def test_the_key_is_shown_this_once(self, node: Any, tidan: Any) -> None:
        node.answer("POST", "/v1/keys", key(key="tidan_1_2"), status=201)
        ended = tidan("key", "create", "erp", "--scope", "records:read", "--scope", "titles:act")
        assert node.asked[0].json == {
            "name": "erp",
            "scopes": ["records:read", "titles:act"],
            "agent": False,
            "user": None,
        }
        assert "tidan_1_2" in ended.out
        assert "not shown again" in ended.out

    def test_whose_it_is_goes_by_name_too(self, node: Any, tidan: Any) -> None:
        people = [{"id": KEY, "name": "Carl Checker"}, {"id": "9a" * 8, "name": "Ann"}]
        node.answer("GET", "/v1/users?limit=200", {"items": people, "nextCursor": None})
        node.answer("POST", "/v1/keys", key(key="tidan_1_2", user=KEY), status=201)
        create = ("key", "create", "his", "--scope", "records:read", "--user")
        assert tidan(*create, "Carl Checker").code == 0
        assert node.asked[-1].json["user"] == KEY
        unknown = tidan(*create, "Eve", "--json")
        assert (unknown.code, unknown.problem["field"]) == (2, "--user")

    def test_an_agents_key_says_when_it_ends(self, node: Any, tidan: Any) -> None:
        made = key(key="tidan_1_2", agent=True, user="9a")
        node.answer("POST", "/v1/keys", made, status=201)
        until = "2026-12-01T00:00:00Z"
        scope = ("--scope", "records:read")
        ended = tidan("key", "create", "robot", *scope, "--agent", "--expires", until)
        assert node.asked[0].json["expiresAt"] == until
        assert node.asked[0].json["agent"] is True
        assert "an agent's of 9a" in ended.out

    def test_a_time_that_is_none_is_named(self, node: Any, tidan: Any) -> None:
        ended = tidan(
            "key", "create", "erp", "--scope", "records:read", "--expires", "soon", "--json"
        )
        assert (ended.code, ended.problem["field"]) == (2, "--expires")
        assert node.asked == []

    def test_a_repeated_request_says_that_it_was_shown_before(self, node: Any, tidan: Any) -> None:
        node.answer("POST", "/v1/keys", key(key=None), status=201)
        ended = tidan("key", "create", "erp", "--scope", "a", "--idempotency-key", "one")
        assert "made before" in ended.out


class TestList:
    def test_it_says_whose_they_are_and_how_they_stand(self, node: Any, tidan: Any) -> None:
        keys = [
            key(),
            key("1a", user="9a", expiresAt="2026-12-01T00:00:00Z"),
            key("2a", user="9a", agent=True, good=False, expiresAt="2026-01-01T00:00:00Z"),
            key("3a", good=False, revokedAt="2026-10-07T09:00:00Z"),
            key("4a", madeBy="9a"),
        ]
        node.answer("GET", "/v1/keys?limit=50", {"items": keys, "nextCursor": None})
        said = tidan("key", "list").out
        for words in (
            "a service's",
            "a service's, made by 9a",
            "of 9a",
            "an agent's of 9a",
            "good until 2026-12-01T00:00:00Z",
            "expired at 2026-01-01T00:00:00Z",
            "revoked at 2026-10-07T09:00:00Z",
        ):
            assert words in said


class TestRevoke:
    def test_one_is_revoked_by_how_its_id_begins(self, node: Any, tidan: Any) -> None:
        node.answer("GET", "/v1/keys?limit=200", {"items": [key()], "nextCursor": None})
        node.answer("DELETE", f"/v1/keys/{KEY}", b"", status=204)
        assert tidan("key", "revoke", "5b0c", "--json").answer == {"revoked": KEY}
        assert len(node.taken("DELETE", f"/v1/keys/{KEY}")) == 1

    @pytest.mark.parametrize(("typed", "code"), [("5b", 1), ("9", 2), ("", 2)])
    def test_one_that_is_not_the_only_one_is_not_touched(
        self, node: Any, tidan: Any, typed: str, code: int
    ) -> None:
        keys = {"items": [key(), key("5b0d")], "nextCursor": None}
        node.answer("GET", "/v1/keys?limit=200", keys)
        assert tidan("key", "revoke", typed).code == code
        assert [asked.method for asked in node.asked] == ["GET"]


class TestReissue:
    def test_the_home_has_a_new_key_and_the_former_one_opens_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = f"sqlite+aiosqlite:///{tmp_path}/node.db"
        members = {"home": tmp_path, "database_url": url, "host": "127.0.0.1", "port": 8750}
        settings = type("Settings", (), members)
        monkeypatch.setattr(key_reissue, "settings_of", lambda home: settings)
        former = asyncio.run(_first_key(url))
        (tmp_path / "client.json").write_bytes(client_file(NodeAccess("http://x", former)))

        answer = key_reissue.reissue_key(tmp_path)

        kept = read_client_file(tmp_path)
        assert kept.url == "http://127.0.0.1:8750"
        assert (tmp_path / "client.json").stat().st_mode & 0o777 == 0o600
        assert asyncio.run(_opens(url, str(kept.api_key), former)) == [True, False]
        assert asyncio.run(_trail(url)) == [("key.reissued", answer["id"])]

    def test_a_home_that_has_lost_its_client_file_gets_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = f"sqlite+aiosqlite:///{tmp_path}/node.db"
        members = {"home": tmp_path, "database_url": url, "host": "0.0.0.0", "port": 8750}  # noqa: S104
        settings = type("Settings", (), members)
        monkeypatch.setattr(key_reissue, "settings_of", lambda home: settings)
        asyncio.run(_first_key(url))

        key_reissue.reissue_key(tmp_path)

        kept = str(read_client_file(tmp_path).api_key)
        assert asyncio.run(_opens(url, kept)) == [True]


async def _first_key(url: str) -> str:
    database = Database(url)
    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
        _, text = await ApiKeys(connection).create_key("command line", EVERY_SCOPE)
    await database.close()
    return text.reveal()


async def _opens(url: str, *texts: str) -> list[bool]:
    database, found = Database(url), []
    async with database.reading() as connection:
        for text in texts:
            try:
                found.append(
                    (await authenticate(connection, text, utc_now())).scopes == EVERY_SCOPE
                )
            except NotAuthenticated:
                found.append(False)
    await database.close()
    return found


async def _trail(url: str) -> list[tuple[str, str]]:
    database = Database(url)
    async with database.reading() as connection:
        entries = await connection.execute(select(trail_entries.c.act, trail_entries.c.subject))
        told = [(row.act, row.subject) for row in entries]
    await database.close()
    return told
