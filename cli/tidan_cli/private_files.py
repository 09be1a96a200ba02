"""Files that appear whole or not at all, and that only their owner may read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o644


def write_private(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Write a file with a secret in it: never readable to others, never half written."""
    write_whole(path, content, mode=PRIVATE, replace=replace)


def write_whole(path: Path, content: bytes, *, mode: int = PUBLIC, replace: bool = True) -> None:
    """Write beside the file, make it durable, then put it in its place in one step.

    Without `replace`, a file that is there already is a FileExistsError, and stays."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            Path(beside).replace(path)
        else:
            os.link(beside, path)
            Path(beside).unlink()
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the files behind them."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
