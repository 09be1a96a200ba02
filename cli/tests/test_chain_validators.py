"""`tidan chain` with validators, from the command line: one of them is enough to say so much."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.geth import geth_or_skip
from tests.system.consortium import wait_until
from tidan_cli.demo.commands import tidan_program
from tidan_node.ledger.clique import chain

pytestmark = pytest.mark.system

ACCOUNT = "0x" + "ab" * 20


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    geth_or_skip()
    home = tmp_path_factory.mktemp("chain")
    try:
        chain.start(home, chain.Wanted(validators=1))
        yield home
    finally:
        chain.stop(home)


@pytest.fixture
def running(tidan: Any, home: Path) -> Path:
    assert tidan("chain", "up", "--home", home).code == 0
    return home


class TestUp:
    def test_a_home_keeps_its_engine_when_none_is_named(self, tidan: Any, home: Path) -> None:
        chain.stop_validator(home, 1)
        first = tidan("chain", "up", "--home", home, "--json")
        second = tidan("chain", "up", "--home", home)
        assert first.answer["validators"] == 1
        assert first.answer["ranAlready"] is False
        assert second.code == 0
        assert "runs already" in second.out

    def test_another_engine_than_the_homes_is_refused(self, tidan: Any, home: Path) -> None:
        ended = tidan("chain", "up", "--home", home, "--engine", "embedded", "--json")
        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/engine-differs"
        assert ended.problem["field"] == "--engine"

    def test_validators_have_no_foreground(self, tidan: Any, home: Path) -> None:
        ended = tidan("chain", "up", "--home", home, "--foreground", "--json")
        assert (ended.code, ended.problem["field"]) == (2, "--foreground")

    def test_the_embedded_chain_has_no_validators(self, tidan: Any, tmp_path: Path) -> None:
        ended = tidan("chain", "up", "--home", tmp_path, "--validators", 4, "--json")
        assert (ended.code, ended.problem["field"]) == (2, "--validators")

    @pytest.mark.parametrize(
        "options", [("--engine", "besu"), ("--validators", "0"), ("--validators", "33")]
    )
    def test_wrong_options_are_usage_errors(self, tidan: Any, options: tuple[str, str]) -> None:
        assert tidan("chain", "up", *options, "--json").code == 2

    def test_a_missing_geth_is_a_problem_that_says_what_to_do(
        self, tidan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_GETH", "/nowhere/geth")
        ended = tidan("chain", "up", "--engine", "geth-clique", "--home", tmp_path, "--json")
        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/geth-missing"
        assert list(tmp_path.iterdir()) == []


def test_a_start_that_is_killed_is_finished_by_the_next_one(tmp_path: Path) -> None:
    geth_or_skip()
    home, begun = tmp_path / "chain", tmp_path / "chain" / "validator-1" / "process.json"
    words = ["chain", "up", "--engine", "geth-clique", "--validators", "2", "--home", str(home)]
    try:
        with subprocess.Popen([*tidan_program(), *words], stdout=subprocess.DEVNULL) as process:
            wait_until(begun.exists, "the first validator begins")
            process.kill()

        chain.start(home, chain.Wanted())

        status = chain.status(home)
        assert status["running"] == 2
        assert status["validators"][0]["pid"] == json.loads(begun.read_text())["pid"]
    finally:
        chain.stop(home)


class TestStatus:
    def test_people_are_shown_each_validator(self, tidan: Any, running: Path) -> None:
        told = tidan("chain", "status", "--home", running)
        assert told.code == 0
        assert "1 of 1 validators" in told.out
        assert chain.running_url(running) in told.out

    def test_a_chain_none_of_whose_validators_runs_is_a_problem(
        self, tidan: Any, running: Path
    ) -> None:
        tidan("chain", "validator", "stop", 1, "--home", running)
        ended = tidan("chain", "status", "--home", running, "--json")
        assert (ended.code, ended.problem["type"]) == (3, "/v1/problems/chain-not-running")


class TestValidator:
    def test_one_is_stopped_shown_and_started(self, tidan: Any, running: Path) -> None:
        stopped = tidan("chain", "validator", "stop", 1, "--home", running)
        again = tidan("chain", "validator", "stop", 1, "--home", running, "--json")
        assert "validator 1 has stopped" in stopped.out
        assert again.answer == {"number": 1, "stopped": False}
        shown = tidan("chain", "validator", "status", 1, "--home", running)
        assert "does not run" in shown.out

        started = tidan("chain", "validator", "start", 1, "--home", running, "--json")

        assert started.answer == {"number": 1, "started": True}
        now = tidan("chain", "validator", "status", 1, "--home", running, "--json").answer
        assert now["pid"] is not None
        assert now["height"] > 0

    def test_one_that_there_is_not_is_refused(self, tidan: Any, home: Path) -> None:
        ended = tidan("chain", "validator", "status", 2, "--home", home, "--json")
        assert (ended.code, ended.problem["field"]) == (1, "NUMBER")

    @pytest.mark.parametrize("act", ["status", "stop", "start"])
    def test_the_embedded_chain_has_none(self, tidan: Any, tmp_path: Path, act: str) -> None:
        ended = tidan("chain", "validator", act, 1, "--home", tmp_path, "--json")
        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/no-validators")


class TestFundAndAdvance:
    def test_an_account_is_funded(self, tidan: Any, running: Path) -> None:
        funded = tidan("chain", "fund", ACCOUNT, 10**18, "--home", running, "--json")
        assert funded.answer == {"account": ACCOUNT, "balance": str(10**18)}

    def test_the_clock_is_not_ours_to_put_forward(self, tidan: Any, running: Path) -> None:
        ended = tidan("chain", "advance", "24h", "--home", running, "--json")
        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/clock-not-ours")
        assert "embedded" in ended.problem["detail"]
