"""A SQLite file with every table of a node and nothing in it, made once and copied ever after."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

import tidan_node.app  # noqa: F401  enters every table in the catalogue
from tidan_node.storage.database import Database
from tidan_node.storage.metadata import metadata


def database_in(path: Path) -> Database:
    """The database in this file, which has its tables if it was not there."""
    if not path.exists():
        path.write_bytes(_empty())
    return Database(f"sqlite+aiosqlite:///{path}")


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "node.db"
        engine = create_engine(f"sqlite:///{path}")
        metadata.create_all(engine)
        engine.dispose()
        return path.read_bytes()
