"""A PostgreSQL of the benchmarks' own with its usual settings, in a folder that goes with it.

As root it runs as user `postgres`, since initdb refuses root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_DEBIAN: Final = Path("/usr/lib/postgresql/15/bin")
_USER: Final = "tidan"
_DATABASE: Final = "postgres"
_PATIENCE: Final = 60.0

Words = list[str | Path]


def is_installed() -> bool:
    return _programs() is not None


@contextmanager
def running() -> Iterator[str]:
    """The URL of an empty database, for the block; only this machine's user reaches it."""
    programs = _programs()
    if programs is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="tbpg"))
    user: dict[str, Any] = {"cwd": folder}  # Any: the several types of Popen's arguments
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        user |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    data = folder / "data"
    try:
        made: Words = [programs / "initdb", "-D", data, "-U", _USER]
        made += ["--auth=trust", "--encoding=UTF8"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, **user)
        command: Words = [programs / "postgres", "-D", data, "-k", folder, "--listen_addresses="]
        with (
            (folder / "log").open("ab") as log,
            subprocess.Popen(command, stdout=log, stderr=log, **user) as server,
        ):
            try:
                _wait(programs, folder)
                yield f"postgresql+asyncpg://{_USER}@/{_DATABASE}?host={folder}"
            finally:
                server.send_signal(signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(programs: Path, folder: Path) -> None:
    end = time.monotonic() + _PATIENCE
    asked: Words = [programs / "pg_isready", "-q", "-h", folder, "-d", _DATABASE]
    while subprocess.run(asked, check=False, cwd=folder).returncode:
        if time.monotonic() > end:
            raise TimeoutError((folder / "log").read_text())
        time.sleep(0.05)


def _programs() -> Path | None:
    """Debian's, which are on nobody's path; else those on it."""
    on_path = shutil.which("postgres")
    places = [_DEBIAN, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((each for each in places if (each / "initdb").is_file()), None)
