"""Starts, finds and stops the process of an embedded chain, from outside it."""

from __future__ import annotations

import json
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from tidan_node.ledger.embedded.home import ChainHome, RunningChain
from tidan_node.ledger.embedded.problems import (
    ChainDidNotStart,
    ChainDidNotStop,
    ChainHomeBusy,
    ChainHomeUnusable,
    ChainIdDiffers,
    ChainNotRunning,
    ChainRefused,
)
from tidan_node.ledger.embedded.processes import reap, send_signal
from tidan_node.problems import stored_problem

START_PATIENCE = 120.0
STOP_PATIENCE = 120.0
STATUS_PATIENCE = 5.0
_CALL_PATIENCE = 120.0
_POLL = 0.05
_LAST_WORDS = 2_000

Status = dict[str, Any]  # Any: JSON, as the chain's process words it


@dataclass(frozen=True, slots=True)
class Started:
    """A chain that answers."""

    chain: RunningChain
    ran_already: bool


def start(
    path: Path,
    *,
    port: int | None = None,
    chain_id: int | None = None,
    patience: float = START_PATIENCE,
) -> Started:
    """Start the chain of a home as a process of its own, unless it runs already."""
    home = ChainHome(path)
    home.prepare()
    give_up_at = time.monotonic() + patience
    while time.monotonic() < give_up_at:
        if not home.is_locked():
            try:
                return Started(_spawn(home, port, chain_id, patience), ran_already=False)
            except ChainHomeBusy:
                pass  # another start was faster: that chain is as good
        chain = _answering(home)
        if chain is not None:
            if chain_id not in (None, chain.chain_id):
                raise ChainIdDiffers(
                    f"chain {chain.chain_id} runs in {home.path}; use another home for {chain_id}",
                    field="--chain-id",
                )
            return Started(chain, ran_already=True)
        time.sleep(_POLL)
    raise ChainDidNotStart(f"a process uses {home.path}, but does not answer; see {home.log}")


def stop(path: Path, *, patience: float = STOP_PATIENCE) -> bool:
    """Stop the chain of a home after its last block and a snapshot; False when none runs."""
    home = ChainHome(path)
    if not home.is_locked():
        return False
    give_up_at = time.monotonic() + patience
    signalled = False
    while home.is_locked():
        chain = home.announced()
        if chain is not None and not signalled:
            signalled = send_signal(chain.pid, chain.identity, signal.SIGTERM)
        if time.monotonic() > give_up_at:
            raise ChainDidNotStop(f"it still uses {home.path}; its log is {home.log}")
        time.sleep(_POLL)
    if signalled and chain is not None:
        reap(chain.pid)
    return True


def running(path: Path) -> RunningChain | None:
    """The chain that runs in a home."""
    home = ChainHome(path)
    chain = home.announced()
    return chain if chain is not None and home.is_locked() and chain.is_alive else None


def status(path: Path) -> Status:
    """What the running chain of a home tells about itself."""
    answer: Status = call(path, "tidan_status", patience=STATUS_PATIENCE)
    return answer


def call(
    path: Path, method: str, *params: object, patience: float = _CALL_PATIENCE
) -> Any:  # Any: JSON, as the method words it
    """Ask the running chain of a home for something."""
    chain = running(path)
    if chain is None:
        raise ChainNotRunning(f"no chain runs in {path}; `tidan chain up` starts it")
    return _ask(chain.url, method, *params, patience=patience)


def _spawn(
    home: ChainHome, port: int | None, chain_id: int | None, patience: float
) -> RunningChain:
    command = [sys.executable, "-m", "tidan_node.ledger.embedded", "--home", str(home.path)]
    command += ["--port", str(port)] if port is not None else []
    command += ["--chain-id", str(chain_id)] if chain_id is not None else []
    try:
        with home.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
    except OSError as error:
        raise ChainHomeUnusable(f"{home.path}: {error.strerror}", field="--home") from error
    assert process.stdout is not None, "it was asked for"  # noqa: S101
    with process.stdout as told:
        line = _first_line(told, patience)
    if not line:
        process.kill()
        process.wait()
        raise ChainDidNotStart(f"{_last_words(home.log)} (more in {home.log})")
    answer = json.loads(line)
    if "problem" in answer:
        process.wait()
        raise stored_problem(answer["problem"])
    process.returncode = 0  # it outlives us on purpose: nobody has to wait for it
    return RunningChain(**answer["ready"])


def _first_line(told: IO[bytes], patience: float) -> bytes:
    """The line in which the process tells how its start went; empty when it told nothing."""
    give_up_at = time.monotonic() + patience
    line = b""
    while not line.endswith(b"\n"):
        left = give_up_at - time.monotonic()
        if left <= 0 or not select.select([told], [], [], left)[0]:
            return b""
        chunk = told.read1(4096)  # type: ignore[attr-defined]  # a pipe's reader has it
        if not chunk:
            return b""
        line += chunk
    return line


def _answering(home: ChainHome) -> RunningChain | None:
    """The chain that runs in a home, once it answers."""
    chain = running(home.path)
    if chain is not None:
        try:
            _ask(chain.url, "tidan_status", patience=STATUS_PATIENCE)
        except ChainNotRunning:
            return None
    return chain


def _ask(url: str, method: str, *params: object, patience: float) -> Any:  # Any: JSON, as above
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
    try:
        answer = httpx.post(url, json=request, timeout=patience, trust_env=False).json()
    except (httpx.HTTPError, ValueError) as error:
        raise ChainNotRunning(f"{url} does not answer: {error}") from error
    if "error" in answer:
        raise ChainRefused(str(answer["error"].get("message")))
    return answer["result"]


def _last_words(log: Path) -> str:
    try:
        lines = log.read_bytes()[-_LAST_WORDS:].decode(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "it ended without a word"
