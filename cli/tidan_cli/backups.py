"""A copy of a node's home as it was at one moment, taken while the node runs; and back again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, make_url

from tidan_cli.failures import BackupUnusable, HomeUnusable, UsageProblem
from tidan_cli.home_lock import sole_renewal
from tidan_cli.node_settings import settings_of
from tidan_cli.places import give_name, remove_left_over, require_free
from tidan_cli.private_files import sync_folder, write_private
from tidan_node import __version__
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.settings import Settings

Document = dict[str, Any]  # Any: what a command answers, as JSON

NOTE: Final = "backup.json"
DATABASE: Final = "node.db"
_FORMAT: Final = 1
_NOT_COPIED: Final = (NOTE, "lock", "renewal.lock", "reindex.lock")
_SQLITE_ENDS: Final = ("", "-wal", "-shm", "-journal")
_CHUNK: Final = 1 << 20


def back_up(home: Path, to: Path, checkpoints: Checkpoints) -> Document:
    """Copy the home into a folder that appears whole or not at all.

    The database goes first: keys are only ever added, so that none which it needs is missing."""
    settings, to = settings_of(home), to.absolute()
    if to.resolve().is_relative_to(settings.home.resolve()):
        raise UsageProblem("a backup does not belong into the home itself", field="--to")
    with sole_renewal(settings.home), _making(to, "backup", "--to") as folder:
        checkpoints.reached("backup.folder")
        url = make_url(settings.database_url)
        on_sqlite = url.get_backend_name() == "sqlite"
        if on_sqlite:
            _copy_database(Path(url.database or ""), folder / DATABASE)
        checkpoints.reached("backup.database")
        _copy_files(settings, folder)
        files = {str(each.relative_to(folder)): _digest(each) for each in _files(folder)}
        note = {
            "format": _FORMAT,
            "version": __version__,
            "takenAt": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": "sqlite" if on_sqlite else "elsewhere",
            "files": files,
        }
        write_private(folder / NOTE, json.dumps(note, indent=2).encode() + b"\n")
        checkpoints.reached("backup.before-rename")
    checkpoints.reached("backup.after-rename")
    return {
        "backup": str(to),
        "takenAt": note["takenAt"],
        "database": note["database"],
        "files": len(files),
        "outside": _outside(settings),
        "next": [] if on_sqlite else [_dump_of(url)],
    }


def restore(backup: Path, home: Path, checkpoints: Checkpoints) -> Document:
    """Make a home of a backup, every file of which is as it was; nothing is written over."""
    backup, home = backup.absolute(), home.absolute()
    note = _checked_note(backup)
    with _making(home, "restore", "--home") as folder:
        checkpoints.reached("restore.folder")
        for name, digest in note["files"].items():
            _copy(backup / name, folder / name)
            # of the copy: whatever happens to the backup meanwhile, this is what will be used
            if _digest(folder / name) != digest:
                raise BackupUnusable(f"{name} is not as it was when it was taken", field="--from")
        checkpoints.reached("restore.before-rename")
    checkpoints.reached("restore.after-rename")
    url = make_url(settings_of(home).database_url)
    steps = [f"tidan node migrate --home {home}", f"tidan node serve --home {home}"]
    if note["database"] != "sqlite":
        steps.insert(0, _restoring(url))
    elif Path(url.database or "") != home / DATABASE:
        steps.insert(0, f"mv {home / DATABASE} {url.database}")
    return {"home": str(home), "takenAt": note["takenAt"], "next": steps}


@contextmanager
def _making(place: Path, what: str, option: str) -> Iterator[Path]:
    """A folder beside the place, which gets its name once it is whole; one that a killed run has
    left goes first."""
    beside = place.with_name(f".{place.name}.{what}-{os.getpid()}")
    try:
        require_free(place, option)
        place.parent.mkdir(parents=True, exist_ok=True)
        remove_left_over(place, what)
        beside.mkdir(mode=0o700)
    except OSError as error:
        raise HomeUnusable(f"{place} cannot be made: {error.strerror}", field=option) from error
    try:
        yield beside
        for folder in {beside, *(each.parent for each in _files(beside))}:
            sync_folder(folder)
        give_name(beside, place, option)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise HomeUnusable(f"{place} cannot be made: {error.strerror}", field=option) from error
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _copy_database(source: Path, target: Path) -> None:
    """All that was committed at one moment, whoever writes meanwhile."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _copy_files(settings: Settings, folder: Path) -> None:
    named, databases = set(_named(settings)), _database_files(settings)
    for each in _files(settings.home):
        if each.resolve() in databases or each.name.startswith(("reindex.db", DATABASE)):
            continue
        passing = each.name.startswith(".") or each.suffix == ".log" or each.name in _NOT_COPIED
        if passing and each not in named:
            continue
        _copy(each, folder / each.relative_to(settings.home))


def _database_files(settings: Settings) -> set[Path]:
    """Of the databases that lie in files, with what SQLite keeps beside them: a log that lay beside
    the copy would be read into it. What is read of linked chains can be read again."""
    urls = (settings.database_url, *(each.database_url for each in settings.linked_chains))
    on_sqlite = (url for url in map(make_url, urls) if url.get_backend_name() == "sqlite")
    places = [Path(url.database or "").resolve() for url in on_sqlite]
    return {place.with_name(place.name + end) for place in places for end in _SQLITE_ENDS}


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _copy(source: Path, target: Path) -> None:
    """With the same rights, and on the disk when this returns."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with source.open("rb") as stream, os.fdopen(handle, "wb") as copy:
        shutil.copyfileobj(stream, copy, _CHUNK)
        os.fchmod(copy.fileno(), source.stat().st_mode & 0o777)
        copy.flush()
        os.fsync(copy.fileno())


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _checked_note(backup: Path) -> Document:
    try:
        note: Document = json.loads((backup / NOTE).read_bytes())
        known = note["format"] == _FORMAT and isinstance(note["files"], dict)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BackupUnusable(f"{backup} is no backup of a node", field="--from") from error
    if not known:
        raise BackupUnusable(f"{backup} is of another version of tidan", field="--from")
    for name in note["files"]:
        # a name is one below the home, too: by `../` it may lead out of that, and yet lie in here
        file, leads_out = backup / name, ".." in Path(name).parts or Path(name).is_absolute()
        inside = not leads_out and file.resolve().is_relative_to(backup.resolve())
        if not inside or not file.is_file():
            raise BackupUnusable(f"{name} is missing from it", field="--from")
    return note


def _outside(settings: Settings) -> list[str]:
    """Files that the settings name and that lie elsewhere: they are backed up by whoever put them
    there."""
    return sorted(
        str(each)
        for each in _named(settings)
        if each.exists() and not each.is_relative_to(settings.home)
    )


def _named(settings: Settings) -> Iterator[Path]:
    """The files and folders that the settings name."""
    names = (name for name in type(settings).model_fields if name != "home")
    values = (getattr(settings, name) for name in names)
    manifests = (linked.manifest for linked in settings.linked_chains)
    yield from (each for each in (*values, *manifests) if isinstance(each, Path))


def _dump_of(url: URL) -> str:
    return f"pg_dump --format=custom --file=node.dump {_server(url)}"


def _restoring(url: URL) -> str:
    return f"pg_restore --clean --if-exists --dbname={_server(url)} node.dump"


def _server(url: URL) -> str:
    """The database as PostgreSQL's own programs name it, without its password."""
    named = URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query=url.query,
    )
    return named.render_as_string()
