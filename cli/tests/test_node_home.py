"""`tidan node init`: what is in a new home, who may read it, and what a crash leaves."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.node_choice import read_client_file
from tidan_cli.party_card import read_party_card
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.parties import Role
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.exchange.own_certificate import OwnCertificate, TlsFileUnusable
from tidan_node.ledger import keystore
from tidan_node.ledger.keyfile import Keyfile
from tidan_node.ledger.signer import LocalSigner
from tidan_node.people.authentication import authenticate
from tidan_node.people.caller import EVERY_SCOPE, Caller
from tidan_node.people.users import utc_now
from tidan_node.settings import Settings
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import pending


def arguments(home: Path, manifest: Path) -> list[str]:
    return [
        *("node", "init", "--home", str(home), "--name", "Paper Heron Demo Line"),
        *("--role", "CARRIER", "--identifier", "LEI:TIDANDEMOCARRIER0125"),
        *("--code", "SMDG:TDZ", "--manifest", str(manifest)),
        *("--chain", "http://127.0.0.1:8545", "--port", "9321"),
    ]


def run(words: list[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tidan_cli.main", *words, "--json"],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


@pytest.fixture(scope="module")
def home(manifest: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as a process of its own makes it."""
    path = tmp_path_factory.mktemp("homes") / "carrier"
    ended = run(arguments(path, manifest))
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["home"] == str(path)
    return path


class TestANewHome:
    def test_only_its_owner_may_read_it(self, home: Path) -> None:
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        public = {"party-card.json", "manifest.json"}
        for path in home.rglob("*"):
            others = stat.S_IMODE(path.stat().st_mode) & 0o077
            assert not others or path.name in public, path

    def test_the_settings_are_those_that_were_asked_for(self, home: Path) -> None:
        settings = Settings.load(home)
        settings.require_files()

        assert settings.port == 9321
        assert settings.chain_url == "http://127.0.0.1:8545"
        assert settings.database_url == f"sqlite+aiosqlite:///{home / 'node.db'}"

    def test_nothing_in_it_names_the_folder_that_it_was_made_in(self, home: Path) -> None:
        for path in home.rglob("*"):
            if path.is_file():
                assert b".init-" not in path.read_bytes(), path

    def test_the_keys_open_and_are_those_of_the_card(self, home: Path) -> None:
        settings = Settings.load(home)
        card = read_party_card((home / "party-card.json").read_bytes())
        account = keystore.open(settings.account_keystore, settings.password())
        numbering = keystore.open(settings.numbering_keystore, settings.password())
        secret = keystore.open(settings.exchange_keystore, settings.password())
        exchange = ExchangeKeys.from_secret(secret)

        assert card.account == LocalSigner(account).address
        assert card.roles == Role.CARRIER
        assert set(card.numbering_keys) == {"SMDG:TDZ", "LEI:TIDANDEMOCARRIER0125"}
        assert set(card.numbering_keys.values()) == {NumberingKey(numbering).public_key}
        assert card.profile.node_url == "https://127.0.0.1:10321"
        assert card.profile.signing_key == exchange.signing_jwk
        assert card.profile.encryption_key == exchange.encryption_jwk
        assert len({account, numbering, secret}) == 3

    def test_its_password_is_as_random_as_a_key_and_so_is_not_stretched(self, home: Path) -> None:
        settings = Settings.load(home)
        assert len(settings.password()) == len(keystore.new_password())
        for file in (
            settings.account_keystore,
            settings.numbering_keystore,
            settings.exchange_keystore,
        ):
            assert Keyfile.read(file.read_bytes()).work == keystore.FOR_RANDOM_PASSWORD

    def test_the_certificate_of_the_card_is_shown_by_the_key_beside_it(self, home: Path) -> None:
        settings = Settings.load(home)
        card = read_party_card((home / "party-card.json").read_bytes())
        secret = keystore.open(settings.exchange_keystore, settings.password())

        own = OwnCertificate(settings.tls_file, [secret])

        assert card.profile.tls_certificates == (own.certificate,)
        assert settings.exchange_address == ("127.0.0.1", 10321)
        assert b"ENCRYPTED PRIVATE KEY" in settings.tls_file.read_bytes()
        with pytest.raises(TlsFileUnusable):
            OwnCertificate(settings.tls_file, [bytes(32)])

    def test_the_database_is_migrated_and_knows_the_key_of_the_command_line(
        self, home: Path
    ) -> None:
        url = Settings.load(home).database_url
        access = read_client_file(home)
        assert access.url == "http://127.0.0.1:9321"
        assert access.api_key is not None

        async def ask(secret: str) -> tuple[list[str], Caller]:
            database = Database(url)
            try:
                async with database.reading() as connection:
                    caller = await authenticate(connection, secret, utc_now())
            finally:
                await database.close()
            return await pending(url), caller

        missing, caller = asyncio.run(ask(access.api_key))
        assert missing == []
        assert caller.scopes == EVERY_SCOPE

    def test_it_is_never_written_over(self, home: Path, manifest: Path) -> None:
        before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}

        ended = run(arguments(home, manifest))

        assert ended.returncode == 1
        assert json.loads(ended.stderr)["type"] == "/v1/problems/home-exists"
        assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


class TestRefusals:
    @pytest.mark.parametrize(
        ("option", "value", "refusal"),
        [
            ("--role", "PIRATE", (2, "--role")),
            ("--identifier", "LEI", (2, "--identifier")),
            ("--identifier", "LEI:TIDANDEMOCARRIER0126", (2, "--identifier")),
            ("--code", "MSC", (2, "--code")),
            ("--code", "SMDG:TOOLONG", (2, "--code")),
            ("--name", " ", (2, "--name")),
            ("--manifest", "/nowhere/manifest.json", (2, "/nowhere/manifest.json")),
            ("--chain", "nowhere", (2, "chain_url (node.toml)")),
            ("--port", "70000", (2, None)),
            ("--port", "65000", (2, "--exchange-port")),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_left(
        self,
        tidan: Any,
        manifest: Path,
        tmp_path: Path,
        *,
        option: str,
        value: str,
        refusal: tuple[int, str | None],
    ) -> None:
        words = arguments(tmp_path / "home", manifest)
        words[words.index(option) + 1] = value

        ended = tidan(*words, "--json")

        assert (ended.code, ended.problem.get("field")) == refusal, ended.err
        assert list(tmp_path.iterdir()) == []

    def test_a_manifest_that_is_none_is_refused(self, tidan: Any, tmp_path: Path) -> None:
        (tmp_path / "manifest.json").write_text("{}")

        ended = tidan(*arguments(tmp_path / "home", tmp_path / "manifest.json"), "--json")

        assert ended.code == 2
        assert ended.problem["field"] == "--manifest"

    @pytest.mark.parametrize("place", ["file/home", "file/deep/home", "/proc/home", "a" * 300])
    def test_a_place_where_no_folder_can_be_made_is_told(
        self, tidan: Any, manifest: Path, tmp_path: Path, place: str
    ) -> None:
        (tmp_path / "file").write_text("")

        ended = tidan(*arguments(tmp_path / place, manifest), "--json")

        assert ended.code == 2, ended.err
        assert ended.problem["type"] == "/v1/problems/home-unusable"
        assert ended.problem["field"] == "--home"
        assert [each.name for each in tmp_path.iterdir()] == ["file"]

    def test_a_folder_with_something_in_it_is_refused(
        self, tidan: Any, manifest: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "thesis.txt").write_text("mine")

        ended = tidan(*arguments(tmp_path, manifest), "--json")

        assert ended.code == 1
        assert (tmp_path / "thesis.txt").read_text() == "mine"


class TestCrashes:
    @pytest.mark.parametrize("moment", ["init.folder", "init.database", "init.before-rename"])
    def test_a_run_that_was_killed_leaves_the_place_free_for_the_next(
        self, manifest: Path, tmp_path: Path, moment: str
    ) -> None:
        home = tmp_path / "home"

        killed = run(arguments(home, manifest), TIDAN_CRASH_AT=moment)
        assert killed.returncode == 137
        assert not home.exists()
        assert len(list(tmp_path.iterdir())) == 1

        again = run(arguments(home, manifest))
        assert again.returncode == 0, again.stderr
        assert list(tmp_path.iterdir()) == [home]
        Settings.load(home).require_files()

    def test_a_run_that_was_killed_after_the_last_step_has_made_a_whole_home(
        self, manifest: Path, tmp_path: Path
    ) -> None:
        home = tmp_path / "home"

        killed = run(arguments(home, manifest), TIDAN_CRASH_AT="init.after-rename")

        assert killed.returncode == 137
        Settings.load(home).require_files()
        with sqlite3.connect(home / "node.db") as database:
            (keys,) = database.execute("select count(*) from api_keys").fetchone()
        database.close()
        assert keys == 1
        assert run(arguments(home, manifest)).returncode == 1

    def test_the_folder_of_a_run_that_goes_on_is_left_alone(
        self, tidan: Any, manifest: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / f".home.init-{os.getppid()}"
        other.mkdir()

        ended = tidan(*arguments(tmp_path / "home", manifest), "--json")

        assert ended.code == 0, ended.err
        assert other.is_dir()
