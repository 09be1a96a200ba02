"""`tidan node migrate|serve|reindex`: what they refuse before anything runs.

How a node runs is tested with the story of the demo."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.home_lock import sole_reindex, sole_user
from tidan_node.settings import Settings
from tidan_node.storage.migrate import downgrade


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A port that is taken."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


@pytest.fixture
def home(tidan: Any, manifest: Path, port: int, tmp_path: Path) -> Path:
    path = tmp_path / "home"
    ended = tidan(
        *("node", "init", "--home", path, "--name", "Jade Kiln Demo Exports", "--role", "TRADER"),
        *("--identifier", "LEI:TIDANDEMOSHIPPER0198", "--manifest", manifest),
        *("--chain", "http://127.0.0.1:1", "--port", port),
    )
    assert ended.code == 0, ended.err
    return path


@pytest.fixture
def linked(home: Path) -> Path:
    """A home whose node is to read another chain, too."""
    manifest = json.loads((home / "manifest.json").read_text())
    (home / "shanghai.json").write_text(json.dumps(manifest | {"chainId": 4711}))
    with (home / "node.toml").open("a") as settings:
        settings.write(
            '[[linked_chains]]\nname = "shanghai"\nmanifest = "shanghai.json"\n'
            'chain_url = "http://127.0.0.1:2"\n'
        )
    return home


class TestMigrate:
    def test_it_applies_what_is_missing_and_names_it(self, tidan: Any, home: Path) -> None:
        asyncio.run(downgrade(Settings.load(home).database_url, "base"))

        first = tidan("node", "migrate", "--home", home, "--json").answer
        again = tidan("node", "migrate", "--home", home)

        assert first["applied"]
        assert first["linkedChains"] == {}
        assert "nothing was to be done" in again.out

    def test_it_makes_the_databases_of_linked_chains(self, tidan: Any, linked: Path) -> None:
        first = tidan("node", "migrate", "--home", linked, "--json").answer
        again = tidan("node", "migrate", "--home", linked)

        assert first["applied"] == []
        assert first["linkedChains"]["shanghai"]
        assert (linked / "chain-shanghai.db").is_file()
        assert "the database of shanghai is up to date: nothing was to be done" in again.out


class TestServe:
    def test_a_taken_port_is_told_in_words(self, tidan: Any, home: Path, port: int) -> None:
        ended = tidan("node", "serve", "--home", home, "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/port-taken"
        assert str(port) in ended.problem["detail"]
        assert "`port` in node.toml, or by TIDAN_PORT" in ended.problem["detail"]

    def test_so_is_the_one_where_other_nodes_are_to_come(
        self, tidan: Any, home: Path, port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_PORT", "0")
        monkeypatch.setenv("TIDAN_EXCHANGE_PORT", str(port))

        ended = tidan("node", "serve", "--home", home, "--json")

        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/port-taken")
        assert ended.problem["field"] == "exchange_port"
        assert str(port) in ended.problem["detail"]

    def test_an_old_database_is_not_served(
        self, tidan: Any, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_PORT", "0")
        monkeypatch.setenv("TIDAN_EXCHANGE_PORT", "0")
        asyncio.run(downgrade(Settings.load(home).database_url, "base"))

        ended = tidan("node", "serve", "--home", home, "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/migrations-pending"
        assert f"tidan node migrate --home {home}" in ended.problem["detail"]

    def test_neither_is_one_of_a_linked_chain(
        self, tidan: Any, linked: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_PORT", "0")
        monkeypatch.setenv("TIDAN_EXCHANGE_PORT", "0")

        ended = tidan("node", "serve", "--home", linked, "--json")

        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/migrations-pending")

    def test_missing_files_are_named(
        self, tidan: Any, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_PORT", "0")
        monkeypatch.setenv("TIDAN_EXCHANGE_PORT", "0")
        (home / "account.json").unlink()

        ended = tidan("node", "serve", "--home", home, "--json")

        assert ended.code == 2
        assert ended.problem["field"] == "account_keystore"

    def test_a_setting_that_is_wrong_is_named_with_its_rule(self, tidan: Any, home: Path) -> None:
        with (home / "node.toml").open("a") as settings:
            settings.write("poll_interval = -1\n")

        ended = tidan("node", "serve", "--home", home, "--json")

        assert ended.code == 2
        assert "poll_interval" in ended.problem["detail"]

    def test_a_folder_that_is_not_there_is_told(self, tidan: Any, tmp_path: Path) -> None:
        ended = tidan("node", "serve", "--home", tmp_path / "none", "--json")

        assert ended.code == 2
        assert "tidan node init" in ended.problem["detail"]


class TestSoleUser:
    @pytest.mark.parametrize("command", ["serve", "migrate"])
    def test_a_home_in_use_is_left_alone(self, tidan: Any, home: Path, command: str) -> None:
        with sole_user(home):
            ended = tidan("node", command, "--home", home, "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/home-busy"


class TestReindex:
    def test_one_goes_on_at_a_time(self, tidan: Any, home: Path) -> None:
        with sole_reindex(home):
            ended = tidan("node", "reindex", "--home", home, "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/home-busy"

    def test_a_node_may_run_meanwhile(self, tidan: Any, home: Path) -> None:
        with sole_user(home):
            ended = tidan("node", "reindex", "--home", home, "--json")

        assert ended.problem["type"] == "/v1/problems/chain-unreachable"  # it went that far

    def test_a_chain_that_is_away_is_exit_code_3_and_drops_nothing(
        self, tidan: Any, home: Path
    ) -> None:
        ended = tidan("node", "reindex", "--home", home, "--json")

        assert ended.code == 3
        assert ended.problem["type"] == "/v1/problems/chain-unreachable"

    def test_a_linked_chain_is_meant_by_its_name_or_its_id(self, tidan: Any, linked: Path) -> None:
        tidan("node", "migrate", "--home", linked)

        for chain in ("shanghai", "4711"):
            ended = tidan("node", "reindex", "--chain", chain, "--home", linked, "--json")

            assert ended.code == 3
            assert "127.0.0.1:2" in ended.problem["detail"]

    def test_a_database_that_was_not_migrated_is_told(self, tidan: Any, linked: Path) -> None:
        ended = tidan("node", "reindex", "--chain", "shanghai", "--home", linked, "--json")

        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/migrations-pending")

    def test_one_that_is_not_followed_is_told_with_those_that_are(
        self, tidan: Any, linked: Path
    ) -> None:
        ended = tidan("node", "reindex", "--chain", "oslo", "--home", linked, "--json")

        assert (ended.code, ended.problem["field"]) == (2, "--chain")
        assert "shanghai (4711)" in ended.problem["detail"]


class TestBackup:
    def test_what_is_read_of_linked_chains_is_in_no_backup(
        self, tidan: Any, linked: Path, tmp_path: Path
    ) -> None:
        kept = tmp_path / "kept"
        tidan("node", "migrate", "--home", linked)

        ended = tidan("node", "backup", "--home", linked, "--to", kept, "--json")

        assert ended.code == 0, ended.err
        assert (linked / "chain-shanghai.db").is_file()
        assert (kept / "shanghai.json").is_file()
        assert not list(kept.glob("chain-shanghai.db*"))
