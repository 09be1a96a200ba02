"""The README's five minutes, typed as they stand there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.consortium import ports_of_a_node

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[3]


def test_the_five_minutes_of_the_readme_end_with_a_verified_audit(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (commands,) = re.findall(r"```sh\n(\. \.venv/bin/activate.*?)```", readme, re.DOTALL)
    steps = commands.split("\n", 1)[1].replace("$(mktemp -d)", str(tmp_path))
    for port in ("8750", "8751"):
        assert port in steps
        steps = steps.replace(port, str(ports_of_a_node()))
    program = tmp_path / "five-minutes.sh"
    program.write_text(
        "trap 'tidan chain down --home \"$HOUSE/chain\"; kill $(jobs -p)' EXIT\n" + steps
    )

    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"}
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", str(program)],
        cwd=ROOT,
        env=environment | {"HOME": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "My Buyer" in ended.stdout
    assert "verified" in ended.stdout.lower()
