"""The tutorials' commands, typed as they stand there, in the consortium that the demo leaves."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.system, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[3]
TUTORIALS = ROOT / "docs" / "tutorial"


def commands_of(page: str) -> list[str]:
    """The blocks of commands of one page, in their order."""
    text = (TUTORIALS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def test_every_command_of_the_tutorials_ends_as_they_say(tmp_path: Path) -> None:
    start, end = commands_of("README")
    pages = [command for page in ("carrier", "bank", "regulator") for command in commands_of(page)]
    program = tmp_path / "tutorials.sh"
    steps = [start.split("\n", 1)[1].replace("$(mktemp -d)", str(tmp_path)), *pages, end]
    program.write_text(f"trap 'tidan demo clean --dir $HOUSE' EXIT\nset -x\n{''.join(steps)}")

    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"}
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", str(program)],
        cwd=ROOT,
        env=environment | {"HOME": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert not (tmp_path / "consortium").exists()
