"""Ctrl-C at any moment ends everything that the demo has started, and removes it."""

from __future__ import annotations

import random
import signal
import sys
from pathlib import Path

import pytest

from tests.demo.telling import demo, processes_of, wait_for_process
from tests.sampling import TIMES
from tidan_cli.demo.cast import CARRIER
from tidan_cli.demo.commands import tidan
from tidan_cli.exits import ExitCode

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

MOMENTS = (
    *("The stage", "deploys", "node homes", "founds the Council", "nodes run", "pass: its clock"),
    *("policy", "issues the"),
)
"""Words of the timeline: somewhere after each of them Ctrl-C comes."""


class TestCtrlC:
    @pytest.mark.parametrize("seed", range(TIMES))
    def test_it_ends_everything_and_removes_it_whenever_it_comes(
        self, tmp_path: Path, seed: int
    ) -> None:
        moment, folder = random.Random(seed).choice(MOMENTS), tmp_path / "demo"
        with demo("--dir", folder) as process:
            assert process.stdout is not None
            said = ""
            while moment not in said:
                said = process.stdout.readline().decode()
                assert said, f"the demo ended before {moment!r}"
            started = processes_of(folder)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=120)

        assert process.returncode == ExitCode.INTERRUPTED
        assert err.decode().strip() == "interrupted: removing what it made"
        assert not any(each.is_alive for each in started)
        assert not folder.exists()

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties children to parents")
    def test_what_a_killed_demo_leaves_is_cleaned_by_name(self, tmp_path: Path) -> None:
        folder = tmp_path / "demo"
        with demo("--dir", folder, "--json") as process:
            started = wait_for_process(process, folder, CARRIER.key)
            process.kill()
            process.communicate()

        cleaned = tidan("demo", "clean", "--dir", folder)

        assert "chain" in cleaned.answer["cleaned"][0]["ended"]
        assert not any(each.is_alive for each in started)
        assert not folder.exists()
