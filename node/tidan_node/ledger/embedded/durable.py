"""Files that are there whole, or not at all, when the machine stops at any moment."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

PARTIAL = ".partial"


def write_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write beside, fsync, rename: a reader sees the old content or the new one."""
    partial = path.with_name(path.name + PARTIAL)
    try:
        with partial.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable: a file's own fsync does not."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_partial_files(directory: Path) -> None:
    """Remove what a crash left half written."""
    for partial in directory.glob(f"*{PARTIAL}"):
        partial.unlink(missing_ok=True)
