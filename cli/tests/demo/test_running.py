"""What a demo has running can be ended by any later command, and nothing else is touched."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.demo.running import Running, running_in
from tidan_node.ledger.embedded import supervisor
from tidan_node.ledger.embedded.processes import reap

WAITS = "import signal, sys; print('up', flush=True); signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + WAITS


class Sleepers:
    """Processes that wait until they are ended."""

    def __init__(self) -> None:
        self.held = ExitStack()

    def start(self, code: str = WAITS) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        self.held.callback(self._end, process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.communicate()


@pytest.fixture
def sleepers() -> Iterator[Sleepers]:
    made = Sleepers()
    with made.held:
        yield made


def test_everything_written_down_is_ended_by_a_later_command(
    tmp_path: Path, sleepers: Sleepers
) -> None:
    first, second = sleepers.start(), sleepers.start()
    running = Running(tmp_path)
    running.add("chain", first.pid)
    running.add("carrier", second.pid)

    later = running_in(tmp_path)
    assert later is not None
    ended = later.end()

    assert ended == ["carrier", "chain"]
    assert not any(each.is_alive for each in later.processes)


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path, sleepers: Sleepers) -> None:
    deaf = sleepers.start(DEAF)
    running = Running(tmp_path)
    running.add("carrier", deaf.pid)

    running.end(grace=0.1)

    assert deaf.wait(10) in (-signal.SIGKILL, 0)  # 0 where its end was collected before
    assert not running.processes[0].is_alive


def test_another_process_with_the_same_pid_is_left_alone(
    tmp_path: Path, sleepers: Sleepers
) -> None:
    stranger = sleepers.start()
    running = Running(tmp_path)
    running.add("carrier", stranger.pid)
    written = json.loads((tmp_path / "demo.json").read_text())
    written["processes"][0]["identity"] = "of-a-former-boot/1"
    (tmp_path / "demo.json").write_text(json.dumps(written))

    later = running_in(tmp_path)
    assert later is not None

    assert later.end() == []
    assert stranger.poll() is None


@pytest.mark.parametrize("content", [None, "{", "[]", '{"format": "other"}'])
def test_a_folder_that_is_not_a_demos_is_none(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "demo.json").write_text(content)

    assert running_in(tmp_path) is None


class TestClean:
    def test_it_ends_and_removes_one_demo(
        self, tidan: Any, tmp_path: Path, sleepers: Sleepers
    ) -> None:
        folder = tmp_path / "demo"
        folder.mkdir()
        Running(folder).add("carrier", sleepers.start().pid)

        ended = tidan("demo", "clean", "--dir", folder, "--json")

        assert ended.code == 0
        assert ended.answer == {"cleaned": [{"folder": str(folder), "ended": ["carrier"]}]}
        assert not folder.exists()

    def test_a_folder_that_is_not_a_demos_is_not_removed(self, tidan: Any, tmp_path: Path) -> None:
        ended = tidan("demo", "clean", "--dir", tmp_path)

        assert ended.code == 0
        assert f"no demo to clean in {tmp_path}" in ended.out
        assert tmp_path.is_dir()

    def test_without_a_folder_those_of_the_temporary_folder_are_found(
        self, tidan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        mine, other = tmp_path / "tidan-demo-x", tmp_path / "tidan-demo-y"
        for folder in (mine, other):
            folder.mkdir()
        Running(mine).keep()

        ended = tidan("demo", "clean", "--json")

        assert [each["folder"] for each in ended.answer["cleaned"]] == [str(mine)]
        assert other.is_dir()


class TestStart:
    def test_a_folder_with_something_in_it_is_refused(self, tidan: Any, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("mine")

        ended = tidan("demo", "--dir", tmp_path, "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/home-exists"

    def test_wrong_documents_are_told_before_anything_starts(
        self, tidan: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "a.json").write_text("{")

        ended = tidan("demo", "--documents", tmp_path, "--dir", tmp_path / "demo", "--json")

        assert ended.code == 2
        assert str(tmp_path / "a.json") in ended.problem["detail"]
        assert not (tmp_path / "demo").exists()


@pytest.mark.system
def test_a_chain_that_was_never_written_down_is_ended_too(tidan: Any, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    Running(folder).keep()
    chain = supervisor.start(folder / "chain").chain

    ended = tidan("demo", "clean", "--dir", folder, "--json")

    assert ended.answer["cleaned"][0]["ended"] == ["chain"]
    assert not folder.exists()
    give_up_at, pause = time.monotonic() + 30, threading.Event()
    while chain.is_alive:  # it has let go of its home, and is about to end
        reap(chain.pid)
        assert time.monotonic() < give_up_at
        pause.wait(0.02)
