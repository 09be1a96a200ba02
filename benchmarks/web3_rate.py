"""How long web3.py's `process_log` takes for an event of the same pages.

web3.py is no library of the node: it runs in an environment of its own, which `make bench` makes.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.lives import PARTIES
from benchmarks.told_chain import ToldChain
from tidan_contracts import load_artifact
from tidan_node.ledger.codec import FOLLOWED

_HERE: Final = Path(__file__).parent
_PYTHON: Final = _HERE.parent / ".venv-bench" / "bin" / "python"
_EVENTS: Final = 5_000


def web3_seconds() -> tuple[float, float] | None:
    """For one event, by the clock and of its own time; None, said aloud, where it is missing."""
    if not _PYTHON.is_file():
        print("  web3.py is not installed in .venv-bench: node.index_vs_web3 is not measured")
        return None
    chain = ToldChain.by_chance(PARTIES * 3 + _EVENTS)
    logs = [json.loads(log) for number in range(chain.height + 1) for log in chain.logs(number)]
    abis = {name: [*load_artifact(name).abi] for name in FOLLOWED}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"logs": logs, "abis": abis}, file)
        file.flush()
        command = [str(_PYTHON), str(_HERE / "web3_pages.py"), file.name]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
    clock, own = map(float, said.stdout.split())
    return clock, own
