"""Runs npm's anvil as a chain of one block per transaction, for tests and measurements."""

import platform
import subprocess
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

NODE_MODULES = Path(__file__).resolve().parent.parent / "contracts" / "node_modules"
LISTENING = "Listening on "
START = 1_700_000_000  # the first block's time: the same in every run, so that figures are, too
# no base fee and no gas price, as on the consortium's chain; gas by the rules of London
RULES = ("--hardfork", "london", "--base-fee", "0", "--gas-price", "0")

_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class AnvilUnavailable(Exception):
    """There is no chain to test on: a failure, never a reason to skip."""


def foundry_binary(tool: str) -> Path:
    """The executable that `npm ci` installed for this machine; npm's wrapper loses exit codes."""
    machine = _MACHINES.get(platform.machine().lower(), platform.machine().lower())
    package = f"{tool}-{platform.system().lower()}-{machine}"
    binary = NODE_MODULES / "@foundry-rs" / package / "bin" / tool
    if not binary.exists():
        raise AnvilUnavailable(f"{binary} is missing: run `npm ci` in {NODE_MODULES.parent}")
    return binary


@contextmanager
def running_anvil(accounts: int = 16, chain_id: int = 31337) -> Iterator[str]:
    """The URL of a fresh chain on a free port of the loopback; gone at the end."""
    command = [
        str(foundry_binary("anvil")),
        *("--host", "127.0.0.1", "--port", "0"),
        *("--accounts", str(accounts), "--timestamp", str(START)),
        *("--chain-id", str(chain_id)),
        *RULES,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        drain = threading.Thread(target=deque, args=(process.stdout, 0), daemon=True)
        try:
            address = _listening_address(process.stdout)
            drain.start()  # a full pipe would stop anvil
            yield f"http://{address}"
        finally:
            process.kill()
            if drain.is_alive():
                drain.join()


def _listening_address(output: Iterable[str]) -> str:
    said: deque[str] = deque(maxlen=20)
    for line in output:
        said.append(line)
        if line.startswith(LISTENING):
            return line.removeprefix(LISTENING).strip()
    raise AnvilUnavailable(f"anvil ended before it listened: {''.join(said)}")
