"""A copy of the contracts, where tools that check them may build, and tests may spoil them."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from chaincode_tests.anvil import foundry_binary
from tidan_contracts.compile import CONTRACTS

TOOLS = CONTRACTS.parent / ".venv-static" / "bin"
COPIED = ("src", "proofs", "foundry.toml", "slither.config.json", "solc-shim.js")
PATIENCE = 600  # seconds: a minute on an idle machine, and much more on a busy one


class CheckBroken(Exception):
    """The tool did not come to an answer: a failure, whatever it would have said."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder with sources, proofs and compiler, where nothing is the checkout's own."""

    root: Path

    def seed(self, pattern: str, replacement: str) -> None:
        """Puts a fault into each source that has the pattern; it must be somewhere."""
        spoilt = 0
        for path in (self.root / "src").rglob("*.sol"):
            text, places = re.subn(pattern, replacement, path.read_text(encoding="utf-8"))
            path.write_text(text, encoding="utf-8")
            spoilt += places
        if not spoilt:
            raise LookupError(f"No source has {pattern!r} any more: seed the fault elsewhere")

    def run(
        self, *command: str, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """What a tool says; its exit status is for the caller to judge."""
        paths = (str(TOOLS), str(foundry_binary("forge").parent), os.environ["PATH"])
        return subprocess.run(
            command,
            cwd=self.root,
            env={
                **{name: value for name, value in os.environ.items() if name != "FORCE_COLOR"},
                **environment,
                "PATH": os.pathsep.join(paths),
                "HOME": str(self.root),  # the tools keep caches there
                "NO_COLOR": "1",
                "PYTHONWARNINGS": "ignore",
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


def workshop_in(folder: Path, contracts: Path = CONTRACTS) -> Workshop:
    """A workshop with a copy of the contracts as they are; skips the test without the tools."""
    _require_tools()
    for name in COPIED:
        source = contracts / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / name)
    (folder / "node_modules").symlink_to(CONTRACTS / "node_modules")
    return Workshop(folder)


def _require_tools() -> None:
    """`tools/setup` installs them, and where it cannot, the gate fails and others do without."""
    if (TOOLS / "slither").exists() and (TOOLS / "halmos").exists():
        return
    words = f"slither and halmos are not in {TOOLS.parent.name}: tools/setup could not install them"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)
