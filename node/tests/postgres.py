"""A PostgreSQL of the tests' own, in a folder that goes with it; nobody else can reach it."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest

from tidan_node.ledger.embedded.processes import dying_with_parent, identity_of

OLDEST: Final = 15
USER: Final = "tidan"
_DEBIAN: Final = Path("/usr/lib/postgresql") / str(OLDEST) / "bin"
_SUPERUSER: Final = 0
_PREFIX: Final = "tidan-postgres-"
_OWNER: Final = "owner"
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # a folder of its own is made there
_ROOM: Final = 2 << 30
_PATIENCE: Final = 60.0
_QUICK: Final = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""For what goes with the test; whoever kills the cluster leaves them out."""
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "log_min_messages": "fatal",
}


class Cluster:
    """One server with its data; it can be killed and started again."""

    def __init__(self, *, durable: bool = False) -> None:
        place = _place(durable=durable)
        _sweep(place)
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        self._owned = _locked(self.folder)
        self._data = self.folder / "data"
        self._settings = _SETTINGS | ({} if durable else _QUICK)
        self._programs = found_programs()
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}  # Any: the several types of Popen's arguments
        if os.geteuid() == _SUPERUSER:  # initdb refuses to work for root
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._make()

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://{USER}@/{database}?host={self.folder}"

    def start(self) -> None:
        """The server listens when this returns, whatever it had to recover before."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, "-k", self.folder, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=dying_with_parent(),  # noqa: PLW1509  # no thread runs yet
                **self._as,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.02)

    def kill(self) -> None:
        """As `kill -9` of every process of the server at once."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Stop the server and remove all that was of it."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._owned is not None:
            os.close(self._owned)

    def _end(self, number: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        children = []
        if number == signal.SIGKILL:
            process.send_signal(signal.SIGSTOP)  # so that it starts no other child meanwhile
            children = _children(process.pid)
        for pid in (process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        process.wait()
        while any(map(identity_of, children)):  # the memory that they share goes with the last
            time.sleep(0.01)
        self._process = None

    def _make(self) -> None:
        words = ["-D", self._data, "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-sync"]
        # A person's language, and not bytes, as most servers sort: what stands on the order shows.
        words += ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"]
        made = subprocess.run(
            [self._programs / "initdb", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            **self._as,
        )
        if made.returncode:
            raise AssertionError(made.stderr)

    def _is_ready(self) -> bool:
        """Whether it lets somebody in: while it recovers it listens, and sends everybody away."""
        words = [self._programs / "pg_isready", "-q", "-h", self.folder, "-d", "postgres"]
        return subprocess.run(words, check=False, cwd=self.folder).returncode == 0


def found_programs() -> Path:
    """Where PostgreSQL's programs are, or why the test is skipped; in CI it fails."""
    places = [_DEBIAN]
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    for place in places:
        if (place / "initdb").is_file() and _major(place / "postgres") >= OLDEST:
            if os.geteuid() == _SUPERUSER and not _is_a_user("postgres"):
                return _missing("there is no user postgres for it to run as")
            return place
    return _missing(f"PostgreSQL {OLDEST} or newer is not installed")


@contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    cluster = Cluster(durable=durable)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


def _place(*, durable: bool) -> Path:
    """In memory, where there is room: a database is hundreds of files, and made for each test."""
    if durable or not _IN_MEMORY.is_dir() or shutil.disk_usage(_IN_MEMORY).free < _ROOM:
        return Path(tempfile.gettempdir())
    return _IN_MEMORY


def _sweep(place: Path) -> None:
    """Remove what tests have left that were killed; their servers have died with them."""
    for folder in place.glob(f"{_PREFIX}*"):
        owned = _locked(folder) if (folder / _OWNER).exists() else None
        if owned is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(owned)


def _locked(folder: Path) -> int | None:
    """The lock of a folder's owner, for as long as that process lives; None: it is another's."""
    handle = os.open(folder / _OWNER, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _missing(why: str) -> Path:
    if os.environ.get("CI"):
        pytest.fail(f"{why}, and CI skips nothing")
    pytest.skip(f"{why} (Debian: apt-get install postgresql-{OLDEST})")


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


def _is_a_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []
