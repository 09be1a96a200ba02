"""One validator's process: started, found again by whoever comes later, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tidan_node.ledger.clique.geth import command
from tidan_node.ledger.clique.home import Home, Member
from tidan_node.ledger.clique.ipc import ask_all
from tidan_node.ledger.clique.problems import (
    ValidatorDidNotStart,
    ValidatorDidNotStop,
    ValidatorSilent,
)
from tidan_node.ledger.embedded.durable import write_file
from tidan_node.ledger.embedded.processes import identity_of, is_alive, reap, send_signal

_START_PATIENCE: Final = 60.0
_STOP_PATIENCE: Final = 60.0
_POLL: Final = 0.02
_LAST_WORDS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a validator that runs tells about itself."""

    height: int
    block_hash: str
    timestamp: int
    peers: int


class Validator:
    """One validator of a home, whoever has started it."""

    def __init__(self, home: Home, member: Member) -> None:
        self.member = member
        self.socket = home.socket_of(member)
        self._home = home
        self._process_file = home.folder_of(member) / "process.json"

    @property
    def pid(self) -> int | None:
        """Its process, if it runs."""
        known = self._known()
        return known[0] if known is not None and is_alive(*known) else None

    def start(self, binary: Path) -> bool:
        """Start it, and wait until it answers its operator; False where it ran already."""
        if self.pid is not None:
            # Whoever has started it may have been killed before it answered.
            self._comes_to_answer(lambda: self.pid is not None)
            return False
        log = self._home.log_of(self.member)
        with log.open("ab") as written:
            process = subprocess.Popen(  # noqa: S603  the binary that was found, our own options
                command(binary, self._home, self.member),
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                start_new_session=True,
                preexec_fn=_recording_itself(self._process_file),  # noqa: PLW1509  no threads yet
            )
        if self._comes_to_answer(lambda: process.poll() is None):
            process.returncode = 0  # it outlives us on purpose: nobody has to wait for it
            return True
        process.kill()
        process.wait()
        raise ValidatorDidNotStart(
            f"validator {self.member.number}: {_last_words(log)} (more in {log})"
        )

    def _comes_to_answer(self, runs: Callable[[], bool]) -> bool:
        """Wait until it answers, as long as it runs and there is patience."""
        give_up_at = time.monotonic() + _START_PATIENCE
        while runs() and time.monotonic() < give_up_at:
            try:
                self.look()
            except ValidatorSilent:
                time.sleep(_POLL)
            else:
                return True
        return False

    def ask_to_stop(self) -> bool:
        """Tell it to end; False where it does not run."""
        known = self._known()
        return known is not None and send_signal(*known, signal.SIGTERM)

    def wait_until_stopped(self) -> None:
        """Wait until it has written what it holds, and is gone."""
        give_up_at = time.monotonic() + _STOP_PATIENCE
        while (pid := self.pid) is not None:
            if time.monotonic() > give_up_at:
                raise ValidatorDidNotStop(
                    f"validator {self.member.number} still runs as process {pid}"
                )
            time.sleep(_POLL)
        if (known := self._known()) is not None:
            reap(known[0])

    def look(self) -> Seen:
        """Its last block and its peers; ValidatorSilent where it does not answer."""
        block, peers = ask_all(
            self.socket, [("eth_getBlockByNumber", ("latest", False)), ("net_peerCount", ())]
        )
        return Seen(
            int(block["number"], 16), block["hash"], int(block["timestamp"], 16), int(peers, 16)
        )

    def ask(self, method: str, *params: object) -> Any:
        """Ask it as its operator; Any: JSON, as the method words it."""
        return ask_all(self.socket, [(method, params)])[0]

    def _known(self) -> tuple[int, str] | None:
        try:
            known = json.loads(self._process_file.read_text())
            return int(known["pid"]), str(known["identity"])
        except (OSError, ValueError, LookupError, TypeError):
            return None


def _recording_itself(file: Path) -> Callable[[], None]:
    """Run in the child before it becomes geth: no moment is left in which it runs unrecorded."""

    def record() -> None:
        pid = os.getpid()
        document = {"pid": pid, "identity": identity_of(pid)}
        write_file(file, (json.dumps(document).encode(),))

    return record


def _last_words(log: Path) -> str:
    try:
        lines = log.read_bytes()[-_LAST_WORDS:].decode(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    fatal = [line for line in lines if line.startswith("Fatal")]
    return (fatal or lines or ["it ended without a word"])[-1]
