"""What a demo has running, written down so that any later command can end it."""

from __future__ import annotations

import json
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tidan_cli.private_files import write_private
from tidan_node.ledger.embedded import supervisor
from tidan_node.ledger.embedded.processes import identity_of, is_alive, reap, send_signal

PREFIX: Final = "tidan-demo-"
CHAIN: Final = "chain"
_FILE: Final = "demo.json"
_FORMAT: Final = "tidan/demo"
_GRACE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Started:
    """One process of a demo; the identity tells it from a later one with the same pid."""

    name: str
    pid: int
    identity: str

    @property
    def is_alive(self) -> bool:
        return is_alive(self.pid, self.identity)


@dataclass
class Running:
    """The processes of the demo in one folder."""

    folder: Path
    processes: list[Started] = field(default_factory=list)

    def add(self, name: str, pid: int) -> None:
        """Write a process down as soon as it lives."""
        self.processes.append(Started(name, pid, identity_of(pid) or ""))
        self.keep()

    def keep(self) -> None:
        document = {
            "format": _FORMAT,
            "processes": [
                {"name": each.name, "pid": each.pid, "identity": each.identity}
                for each in self.processes
            ],
        }
        write_private(self.folder / _FILE, json.dumps(document, indent=2).encode() + b"\n")

    def end(self, grace: float = _GRACE) -> list[str]:
        """End what still runs, in the order opposite to its start; the names of what was ended."""
        ended = []
        for each in reversed(self.processes):
            if send_signal(each.pid, each.identity, signal.SIGTERM):
                ended.append(each.name)
        give_up_at = time.monotonic() + grace
        for each in reversed(self.processes):
            while each.is_alive and time.monotonic() < give_up_at:
                reap(each.pid)
                time.sleep(0.02)
            send_signal(each.pid, each.identity, signal.SIGKILL)
            reap(each.pid)
        # A demo that was ended while its chain started never wrote that process down.
        if supervisor.stop(self.folder / CHAIN) and CHAIN not in ended:
            ended.append(CHAIN)
        return ended


def running_in(folder: Path) -> Running | None:
    """The demo of a folder; None where the folder is not a demo's."""
    try:
        known: Any = json.loads((folder / _FILE).read_text())  # Any: JSON
    except (OSError, ValueError):
        return None
    if not isinstance(known, dict) or known.get("format") != _FORMAT:
        return None
    return Running(
        folder,
        [Started(each["name"], each["pid"], each["identity"]) for each in known["processes"]],
    )


def demo_folders() -> Iterator[Path]:
    """Folders that demos without a folder of their own have made, and have left."""
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        if folder.is_dir():
            yield folder
