"""Who works in a node home: one process at a time, save for nodes that share a database server."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tidan_cli.failures import HomeBusy, HomeUnusable

_LOCK = "lock"
_RENEWAL = "renewal.lock"
_REINDEX = "reindex.lock"


@contextmanager
def sole_user(home: Path) -> Iterator[None]:
    """Hold the home while it is worked in; a process that was killed lets go by itself."""
    with _held(home, _LOCK, f"a node runs in {home}, or another command works in it"):
        yield


@contextmanager
def one_of_its_nodes(home: Path) -> Iterator[None]:
    """Serve the home beside others that do: their database says which of them signs."""
    with _held(home, _LOCK, f"a command works in {home}", mode=fcntl.LOCK_SH):
        yield


@contextmanager
def sole_renewal(home: Path) -> Iterator[None]:
    """Renew one thing at a time in a home, whose node runs meanwhile."""
    with _held(home, _RENEWAL, f"another renewal goes on in {home}"):
        yield


@contextmanager
def sole_reindex(home: Path) -> Iterator[None]:
    """Read the chain anew once at a time in a home, whose node may run meanwhile."""
    with _held(home, _REINDEX, f"another reindex goes on in {home}"):
        yield


@contextmanager
def _held(home: Path, lock: str, otherwise: str, *, mode: int = fcntl.LOCK_EX) -> Iterator[None]:
    try:
        handle = os.open(home / lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise HomeUnusable(f"{home}: {error.strerror}", field="--home") from error
    try:
        try:
            fcntl.flock(handle, mode | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HomeBusy(otherwise, field="--home") from error
        yield
    finally:
        os.close(handle)
