"""`tidan node backup|restore`: whole, private, checked, and never over what is there."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.test_node_home import arguments
from tidan_cli.backups import back_up, restore
from tidan_cli.failures import BackupUnusable
from tidan_node.domain.checkpoints import CrashAt, NoCheckpoints
from tidan_node.settings import Settings

QUIET = NoCheckpoints()
_KILLED = 137


@pytest.fixture(scope="module")
def made(manifest: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home, made once."""
    from tidan_cli.main import run  # noqa: PLC0415  it reads the environment

    path = tmp_path_factory.mktemp("homes") / "carrier"
    assert run([*arguments(path, manifest), "--json"]) == 0
    (path / "lanes").mkdir(mode=0o700)
    (path / "lanes" / "more.json").write_text("{}")
    (path / "lanes" / "more.json").chmod(0o600)
    (path / "serve.log").write_text("what it said")
    return path


@pytest.fixture
def home(made: Path) -> Path:
    return made


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file but the database, which may be laid out in another way."""
    return {
        str(each.relative_to(folder)): (stat.S_IMODE(each.stat().st_mode), each.read_bytes())
        for each in folder.rglob("*")
        if each.is_file() and not each.name.startswith(("node.db", "backup.json"))
    }


def rows(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def killed(act: Callable[[], object]) -> int:
    """The act in a process of its own, and how that ended."""
    child = os.fork()
    if child == 0:
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class TestBackup:
    def test_a_restored_home_is_the_one_that_was_backed_up(
        self, tidan: Any, home: Path, tmp_path: Path
    ) -> None:
        kept, anew = tmp_path / "kept", tmp_path / "anew"

        taken = tidan("node", "backup", "--home", home, "--to", kept, "--json")
        back = tidan("node", "restore", "--from", kept, "--home", anew, "--json")

        assert (taken.code, back.code) == (0, 0), taken.err + back.err
        expected = contents(home)
        for name in ("serve.log", "renewal.lock"):
            expected.pop(name, None)
        assert contents(anew) == expected
        assert rows(anew / "node.db") == rows(home / "node.db")
        Settings.load(anew).require_files()
        assert back.answer["takenAt"] == taken.answer["takenAt"]

    def test_only_its_owner_may_read_it(self, home: Path, tmp_path: Path) -> None:
        back_up(home, tmp_path / "kept", QUIET)
        assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
        for name in ("account.json", "keystore.password", "node.db", "backup.json"):
            assert stat.S_IMODE((tmp_path / "kept" / name).stat().st_mode) == 0o600

    def test_what_is_not_committed_when_it_is_taken_is_not_in_it(
        self, home: Path, tmp_path: Path
    ) -> None:
        before = rows(home / "node.db")
        with closing(sqlite3.connect(home / "node.db", isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("DELETE FROM api_keys")
            back_up(home, tmp_path / "kept", QUIET)
            writer.execute("ROLLBACK")
        assert rows(tmp_path / "kept" / "node.db") == before

    def test_the_log_of_a_database_of_another_name_is_not_in_it(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        live = tmp_path / "live"
        shutil.copytree(home, live)
        (live / "node.db").rename(live / "ledger.db")
        monkeypatch.setenv("TIDAN_DATABASE_URL", f"sqlite+aiosqlite:///{live}/ledger.db")
        with closing(sqlite3.connect(live / "ledger.db")) as node:
            node.execute("PRAGMA journal_mode = WAL")
            node.execute("CREATE TABLE told (word)")
            node.commit()
            assert (live / "ledger.db-wal").stat().st_size > 0
            back_up(live, tmp_path / "kept", QUIET)
        assert not list((tmp_path / "kept").glob("ledger.db*"))
        assert any("told" in each for each in rows(tmp_path / "kept" / "node.db"))

    def test_keys_are_in_it_though_a_linked_database_has_no_name(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        linked = {"name": "oslo", "manifest": "manifest.json", "chain_url": "http://127.0.0.1:1"}
        linked["database_url"] = "postgresql+asyncpg://oslo@db.example"
        monkeypatch.setenv("TIDAN_DATABASE_URL", "postgresql+asyncpg://db.example/tidan")
        monkeypatch.setenv("TIDAN_LINKED_CHAINS", json.dumps([linked]))
        back_up(home, tmp_path / "kept", QUIET)
        assert (tmp_path / "kept" / "account.json").is_file()

    def test_a_hidden_file_that_the_settings_name_is_in_it(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        live = tmp_path / "live"
        shutil.copytree(home, live)
        (live / "keystore.password").rename(live / ".password")
        monkeypatch.setenv("TIDAN_KEYSTORE_PASSWORD_FILE", ".password")
        back_up(live, tmp_path / "kept", QUIET)
        restore(tmp_path / "kept", tmp_path / "anew", QUIET)
        Settings.load(tmp_path / "anew").require_files()

    def test_nothing_is_written_over(self, tidan: Any, home: Path, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("mine")
        for words in (("backup", "--home", home, "--to"), ("restore", "--from", home, "--home")):
            ended = tidan("node", *words, tmp_path, "--json")
            assert ended.code in (1, 2)
        assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]

    def test_it_is_not_put_into_the_home_itself(
        self, tidan: Any, home: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "link").symlink_to(home)
        to = tmp_path / "link" / "kept"
        ended = tidan("node", "backup", "--home", home, "--to", to, "--json")
        assert (ended.code, ended.problem["field"]) == (2, "--to")

    def test_a_database_on_a_server_is_dumped_by_its_own_program(
        self, tidan: Any, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = "postgresql+asyncpg://tidan:secret@db.example/tidan"
        monkeypatch.setenv("TIDAN_DATABASE_URL", url)

        taken = tidan("node", "backup", "--home", home, "--to", tmp_path / "kept", "--json")
        back = tidan("node", "restore", "--from", tmp_path / "kept", "--home", tmp_path / "anew")

        assert taken.answer["database"] == "elsewhere"
        (step,) = taken.answer["next"]
        assert step.startswith("pg_dump ")
        assert step.endswith("postgresql://tidan@db.example/tidan")
        assert "pg_restore " in back.out
        assert "secret" not in taken.out + back.out
        assert not (tmp_path / "kept" / "node.db").exists()


class TestRestore:
    @pytest.fixture
    def kept(self, home: Path, tmp_path: Path) -> Path:
        back_up(home, tmp_path / "kept", QUIET)
        return tmp_path / "kept"

    def test_a_file_that_was_changed_is_named(self, kept: Path, tmp_path: Path) -> None:
        with (kept / "node.db").open("r+b") as stream:
            stream.seek(5000)
            stream.write(b"\xff")
        with pytest.raises(BackupUnusable, match=r"node\.db is not as it was"):
            restore(kept, tmp_path / "anew", QUIET)
        assert not (tmp_path / "anew").exists()

    def test_a_file_that_is_gone_is_named(self, kept: Path, tmp_path: Path) -> None:
        (kept / "account.json").unlink()
        with pytest.raises(BackupUnusable, match=r"account\.json is missing"):
            restore(kept, tmp_path / "anew", QUIET)

    def test_a_name_that_leads_out_of_it_is_refused(self, kept: Path, tmp_path: Path) -> None:
        note = json.loads((kept / "backup.json").read_text())
        note["files"]["../thesis.txt"] = "00"
        (kept / "backup.json").write_text(json.dumps(note))
        (tmp_path / "thesis.txt").write_text("mine")
        with pytest.raises(BackupUnusable):
            restore(kept, tmp_path / "anew", QUIET)

    def test_a_name_in_it_that_leads_out_of_the_home_is_refused(
        self, kept: Path, tmp_path: Path
    ) -> None:
        note = json.loads((kept / "backup.json").read_text())
        note["files"]["../kept/account.json"] = note["files"]["account.json"]
        (kept / "backup.json").write_text(json.dumps(note))
        with pytest.raises(BackupUnusable):
            restore(kept, tmp_path / "there" / "anew", QUIET)
        assert not list(tmp_path.glob("there/*"))

    def test_a_file_that_changes_while_it_is_copied_is_named(
        self, kept: Path, tmp_path: Path
    ) -> None:
        class Changing(NoCheckpoints):
            def reached(self, name: str) -> None:
                if name == "restore.folder":
                    (kept / "account.json").write_text("another key")

        with pytest.raises(BackupUnusable, match=r"account\.json is not as it was"):
            restore(kept, tmp_path / "anew", Changing())
        assert not (tmp_path / "anew").exists()

    def test_a_folder_that_is_no_backup_is_refused(self, tidan: Any, tmp_path: Path) -> None:
        words = ("--from", tmp_path, "--home", tmp_path / "anew", "--json")
        ended = tidan("node", "restore", *words)
        assert (ended.code, ended.problem["field"]) == (2, "--from")
        assert ended.problem["type"] == "/v1/problems/backup-unusable"


class TestCrashes:
    @pytest.mark.parametrize("moment", ["folder", "database", "before-rename"])
    def test_a_backup_that_was_killed_leaves_the_place_free(
        self, home: Path, tmp_path: Path, moment: str
    ) -> None:
        to = tmp_path / "kept"
        assert killed(lambda: back_up(home, to, CrashAt(f"backup.{moment}"))) == _KILLED
        assert not to.exists()

        back_up(home, to, QUIET)

        assert list(tmp_path.iterdir()) == [to]
        restore(to, tmp_path / "anew", QUIET)

    @pytest.mark.parametrize("moment", ["folder", "before-rename"])
    def test_a_restore_that_was_killed_leaves_the_place_free(
        self, home: Path, tmp_path: Path, moment: str
    ) -> None:
        kept, anew = tmp_path / "kept", tmp_path / "anew"
        back_up(home, kept, QUIET)
        assert killed(lambda: restore(kept, anew, CrashAt(f"restore.{moment}"))) == _KILLED
        assert not anew.exists()

        restore(kept, anew, QUIET)

        assert sorted(tmp_path.iterdir()) == [anew, kept]

    def test_what_was_killed_after_the_last_step_is_whole(self, home: Path, tmp_path: Path) -> None:
        kept, anew = tmp_path / "kept", tmp_path / "anew"
        assert killed(lambda: back_up(home, kept, CrashAt("backup.after-rename"))) == _KILLED
        assert killed(lambda: restore(kept, anew, CrashAt("restore.after-rename"))) == _KILLED
        Settings.load(anew).require_files()
