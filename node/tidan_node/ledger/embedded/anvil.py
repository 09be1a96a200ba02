"""anvil as a child process: where its binary is, how it is started, how it ends."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import platform
import shutil
import signal
import socket
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tidan_node.ledger.embedded.durable import write_file
from tidan_node.ledger.embedded.problems import AnvilMissing, AnvilUnusable
from tidan_node.ledger.embedded.processes import dying_with_parent, identity_of, send_signal
from tidan_node.ledger.embedded.rpc import AnvilGone, AnvilRpc

VERSION: Final = "1.7.1"
_REPOSITORY_MODULES = Path(__file__).parents[4] / "contracts" / "node_modules"
_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_START_PATIENCE = 60.0
_STOP_PATIENCE = 10.0
_PORTS_TRIED = 5
_RECENT_STATES = 128
_PIN_FILE = "anvil.json"
_LOADING = "loading-"


@dataclass(frozen=True, slots=True)
class ChainRules:
    """What decides the first block and the rules of all others; fixed for a chain's life."""

    chain_id: int
    timestamp: int
    gas_limit: int


def find_anvil(environment: Mapping[str, str]) -> Path:
    """TIDAN_ANVIL, else this repository's node_modules, else PATH."""
    named = environment.get("TIDAN_ANVIL")
    if named:
        if not os.access(named, os.X_OK):
            raise AnvilMissing(f"TIDAN_ANVIL names {named}, which cannot be run")
        return _behind_wrapper(named) or Path(named)
    on_path = shutil.which("anvil", path=environment.get("PATH"))
    for found in (_native(_REPOSITORY_MODULES), _behind_wrapper(on_path)):
        if found is not None:
            return found
    raise AnvilMissing(
        f"run `npm ci` in contracts/, or `npm install -g @foundry-rs/anvil@{VERSION}`,"
        " or name the binary in TIDAN_ANVIL"
    )


def _native(modules: Path) -> Path | None:
    system = platform.system().lower()
    architecture = _ARCHITECTURES.get(platform.machine().lower(), "unknown")
    binary = modules / "@foundry-rs" / f"anvil-{system}-{architecture}" / "bin" / "anvil"
    return binary if os.access(binary, os.X_OK) else None


def _behind_wrapper(found: str | None) -> Path | None:
    """The binary behind npm's Node.js script, which would not take anvil with it when killed."""
    if found is None:
        return None
    script = Path(found).resolve()
    if script.suffix != ".mjs":
        return script
    return _native(script.parent / "node_modules") or _native(script.parents[2])


class Anvil:
    """One running anvil, tied to this process."""

    def __init__(self, process: asyncio.subprocess.Process, rpc: AnvilRpc) -> None:
        self._process = process
        self.rpc = rpc
        self.pid = process.pid

    async def ended(self) -> None:
        """Wait until the process is gone."""
        await self._process.wait()

    async def end(self) -> None:
        """Stop it for good; it has nothing that is not on disk already."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self.rpc.close()


class AnvilStarter:
    """Starts anvils of one home, one at a time."""

    def __init__(self, binary: Path, home: Path, log: Path) -> None:
        self._binary = binary
        self._home = home
        self._log = log

    def end_left_over(self) -> None:
        """End the anvil of a proxy that died before it, where the kernel did not."""
        pin = self._home / _PIN_FILE
        with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            known = json.loads(pin.read_text())
            send_signal(int(known["pid"]), str(known["identity"]), signal.SIGKILL)
        pin.unlink(missing_ok=True)
        # anvil makes a folder for old states at every start, and leaves it behind when killed.
        for folder in (*self._home.glob(f"{_LOADING}*"), self._home / ".foundry"):
            shutil.rmtree(folder, ignore_errors=True)

    async def start(self, rules: ChainRules, state: bytes | None = None) -> Anvil:
        """Start at the first block, or from a dumped state; answers when it is ready."""
        if state is None:
            return await self._start(rules)
        with tempfile.TemporaryDirectory(dir=self._home, prefix=_LOADING) as folder:
            file = Path(folder) / "state.json"
            await asyncio.to_thread(_unpack, state, file)
            return await self._start(rules, "--load-state", str(file))

    async def _start(self, rules: ChainRules, *more: str) -> Anvil:
        for _ in range(_PORTS_TRIED):
            anvil = await self._start_on(_free_port(), rules, *more)
            if anvil is not None:
                return anvil
        raise AnvilUnusable(f"{self._binary} did not start; its last words are in {self._log}")

    async def _start_on(self, port: int, rules: ChainRules, *more: str) -> Anvil | None:
        with self._log.open("ab") as log:
            try:
                process = await asyncio.create_subprocess_exec(
                    self._binary,
                    *_options(port, rules),
                    *more,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C is for us; anvil is still needed then
                    # Whatever anvil writes under its user's folder stays in the chain's home.
                    env={**os.environ, "HOME": str(self._home)},
                    preexec_fn=dying_with_parent(),
                )
            except OSError as error:
                raise AnvilUnusable(f"{self._binary}: {error.strerror}") from error
        identity = identity_of(process.pid)
        pin = json.dumps({"pid": process.pid, "identity": identity}).encode()
        write_file(self._home / _PIN_FILE, (pin,))
        anvil = Anvil(process, AnvilRpc(port))
        if await _is_ready(anvil):
            return anvil
        await anvil.end()
        return None


async def _is_ready(anvil: Anvil) -> bool:
    """Wait for the first answer; a port taken by another ends the process at once."""
    ended = asyncio.ensure_future(anvil.ended())
    try:
        async with asyncio.timeout(_START_PATIENCE):
            while not ended.done():
                try:
                    await anvil.rpc.call("eth_chainId")
                except AnvilGone:
                    await asyncio.wait({ended}, timeout=0.02)
                else:
                    return not ended.done()
    except TimeoutError:
        return False
    finally:
        ended.cancel()
    return False


def _options(port: int, rules: ChainRules) -> list[str]:
    return [
        *("--host", "127.0.0.1", "--port", str(port), "--no-cors", "--quiet"),
        *("--chain-id", str(rules.chain_id), "--timestamp", str(rules.timestamp)),
        *("--hardfork", "london", "--gas-limit", str(rules.gas_limit)),
        *("--base-fee", "0", "--gas-price", "0", "--disable-min-priority-fee"),
        # The keys of anvil's own accounts are known to everybody: there are none.
        *("--accounts", "0", "--disable-default-create2-deployer"),
        *("--no-mining", "--order", "fifo", "--no-request-size-limit"),
        *("--prune-history", str(_RECENT_STATES), "--disable-console-log"),
    ]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _unpack(state: bytes, file: Path) -> None:
    file.write_bytes(gzip.decompress(state))
