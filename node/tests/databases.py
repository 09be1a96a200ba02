"""The databases of the tests: a SQLite file each, or a database each in a PostgreSQL of their own.

A place (the path that a SQLite file has) names a database on both: the same place is the same one.
Tests that ask for the fixture `sql` run on both; with TIDAN_TEST_SQL=postgresql all run on it.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Coroutine
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final, TypeVar

import asyncpg

from tests.postgres import USER, Cluster, running_cluster
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import upgrade

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
ALL_ON: Final = os.environ.get("TIDAN_TEST_SQL")
"""The one kind of database that every test runs on; None: those closest to SQL run on both."""

if ALL_ON not in (None, SQLITE, POSTGRESQL):
    raise ValueError(f"TIDAN_TEST_SQL is {SQLITE} or {POSTGRESQL}, or left out")

_TEMPLATE: Final = "migrated"
T = TypeVar("T")


class Beside:
    """A loop in a thread of its own: those who ask may be inside a loop already."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class SqliteFiles:
    """Copies of one file that was migrated once."""

    def __init__(self) -> None:
        self._template: Path | None = None

    def url(self, place: Path) -> str:
        return f"sqlite+aiosqlite:///{place}"

    def migrated(self, place: Path) -> str:
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._migrated_once(), place)
            place.chmod(0o600)
        return self.url(place)

    def _migrated_once(self) -> Path:
        if self._template is None:
            folder = tempfile.mkdtemp(prefix="tidan-sqlite-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            template = Path(folder) / "migrated.db"
            with closing(Beside()) as beside:
                beside.run(upgrade(self.url(template)))
            self._template = template
        return self._template


class PostgresDatabases:
    """Databases of one cluster, which runs from the first that is wanted until the tests end."""

    def __init__(self) -> None:
        self._until_end = ExitStack()
        self._cluster: Cluster | None = None
        self._names: dict[Path, str] = {}
        self._made = 0

    def url(self, place: Path) -> str:
        """An empty database."""
        return self._made_from("template0", place)

    def migrated(self, place: Path) -> str:
        return self._made_from(_TEMPLATE, place)

    def places(self) -> set[Path]:
        return set(self._names)

    def drop(self, places: set[Path]) -> None:
        for place in places:
            self._tell(f"DROP DATABASE {self._names.pop(place)} WITH (FORCE)")

    def close(self) -> None:
        self._until_end.close()

    def _made_from(self, template: str, place: Path) -> str:
        cluster = self._running()
        if place not in self._names:
            self._made += 1
            name = f"test_{self._made}"
            self._tell(f"CREATE DATABASE {name} TEMPLATE {template}")
            self._names[place] = name
        return cluster.url(self._names[place])

    def _running(self) -> Cluster:
        if self._cluster is None:
            cluster = self._until_end.enter_context(running_cluster())
            self._beside = self._until_end.enter_context(closing(Beside()))
            self._admin = self._beside.run(
                asyncpg.connect(host=str(cluster.folder), user=USER, database="postgres")
            )
            self._until_end.callback(lambda: self._beside.run(self._admin.close()))
            self._tell(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
            self._beside.run(upgrade(cluster.url(_TEMPLATE)))
            self._cluster = cluster
        return self._cluster

    def _tell(self, statement: str) -> None:
        self._beside.run(self._admin.execute(statement))


class Databases:
    """What tests open their databases through, on whichever kind they run just now."""

    def __init__(self) -> None:
        self._files = SqliteFiles()
        self._postgres = PostgresDatabases()
        self.kind = ALL_ON or SQLITE

    def url(self, place: Path) -> str:
        """Of a database with nothing in it, as yet."""
        return self._now().url(place)

    def migrated_url(self, place: Path) -> str:
        """Of a database with the schema of this version."""
        return self._now().migrated(place)

    def opened(self, place: Path) -> Database:
        return Database(self.migrated_url(place))

    def places(self) -> set[Path]:
        return self._postgres.places()

    def drop(self, places: set[Path]) -> None:
        self._postgres.drop(places)

    def close(self) -> None:
        self._postgres.close()

    def _now(self) -> SqliteFiles | PostgresDatabases:
        return self._postgres if self.kind == POSTGRESQL else self._files


databases: Final = Databases()
"""One for the whole test process: a cluster and the migrated templates are made once."""
