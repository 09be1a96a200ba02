"""`tidan chain`: the embedded chain from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.chain import chosen_chain_home
from tidan_node.ledger.embedded import supervisor

ACCOUNT = "0x" + "AB" * 20


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "chain"
    yield home
    supervisor.stop(home)


class TestHome:
    def test_it_is_the_option_else_the_environment_else_the_users(self) -> None:
        environment = {"TIDAN_CHAIN_HOME": "/one", "TIDAN_HOME": "/two"}
        assert chosen_chain_home(Path("mine"), environment) == Path("mine")
        assert chosen_chain_home(None, environment) == Path("/one")
        assert chosen_chain_home(None, {"TIDAN_HOME": "/two"}) == Path("/two/chain")
        assert chosen_chain_home(None, {}) == Path.home() / ".tidan" / "chain"


@pytest.mark.system
class TestUp:
    def test_a_second_up_finds_the_first(self, tidan: Any, home: Path) -> None:
        first = tidan("chain", "up", "--home", home, "--json")
        second = tidan("chain", "up", "--home", home, "--json")
        assert (first.code, second.code) == (0, 0)
        assert second.answer == {**first.answer, "ranAlready": True}
        assert first.answer["home"] == str(home)

    def test_people_are_told_where_it_is(self, tidan: Any, home: Path) -> None:
        ended = tidan("chain", "up", "--home", home, "--chain-id", 88)
        assert ended.code == 0
        assert "the chain runs" in ended.out
        assert supervisor.running(home).url in ended.out
        assert "runs already" in tidan("chain", "up", "--home", home).out

    def test_the_home_comes_from_the_environment(
        self, tidan: Any, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_HOME", str(home.parent))
        assert tidan("chain", "up", "--json").answer["home"] == str(home)
        assert tidan("chain", "status").code == 0
        assert tidan("chain", "down", "--json").answer["stopped"] is True

    def test_a_missing_anvil_is_a_problem_that_says_what_to_do(
        self, tidan: Any, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_ANVIL", "/nowhere/anvil")
        ended = tidan("chain", "up", "--home", home, "--json")
        assert ended.code == 1
        assert ended.out == ""
        assert ended.problem["type"] == "/v1/problems/anvil-missing"
        assert "/nowhere/anvil" in ended.problem["detail"]

    def test_a_home_that_is_a_file_is_a_problem(self, tidan: Any, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        ended = tidan("chain", "up", "--home", tmp_path / "file", "--json")
        assert ended.code == 1
        assert ended.problem["field"] == "--home"

    @pytest.mark.parametrize("options", [("--port", "0"), ("--port", "x"), ("--chain-id", "0")])
    def test_wrong_options_are_usage_errors(self, tidan: Any, options: tuple[str, str]) -> None:
        assert tidan("chain", "up", *options, "--json").code == 2

    def test_in_the_foreground_it_serves_until_it_is_told_to_stop(self, home: Path) -> None:
        command = [sys.executable, "-m", "tidan_cli.main", "chain", "up", "--foreground", "--json"]
        with subprocess.Popen(
            [*command, "--home", str(home)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            lines = [process.stdout.readline()]
            while lines[-1].strip() != b"}":
                assert lines[-1], process.stderr.read().decode()
                lines.append(process.stdout.readline())
            answer = json.loads(b"".join(lines))
            assert answer["pid"] == process.pid
            assert supervisor.status(home)["url"] == answer["url"]
            process.send_signal(signal.SIGINT)
            rest, log = process.communicate(timeout=30)
        assert process.returncode == 0
        assert rest == b""
        assert {json.loads(line)["event"] for line in log.splitlines()} >= {"chain.rebuilt"}


@pytest.mark.system
class TestDown:
    def test_what_does_not_run_is_down_already(self, tidan: Any, home: Path) -> None:
        ended = tidan("chain", "down", "--home", home, "--json")
        assert (ended.code, ended.answer["stopped"]) == (0, False)
        assert "no chain ran" in tidan("chain", "down", "--home", home).out

    def test_the_chain_comes_back_as_it_was(self, tidan: Any, home: Path) -> None:
        tidan("chain", "up", "--home", home)
        tidan("chain", "fund", ACCOUNT, 5, "--home", home)
        before = tidan("chain", "status", "--home", home, "--json").answer
        assert "has stopped" in tidan("chain", "down", "--home", home).out
        tidan("chain", "up", "--home", home)
        after = tidan("chain", "status", "--home", home, "--json").answer
        assert [after[key] for key in ("height", "hash", "url", "chainId")] == [
            before[key] for key in ("height", "hash", "url", "chainId")
        ]


@pytest.mark.system
class TestStatus:
    def test_a_chain_that_does_not_run_is_a_problem(self, tidan: Any, home: Path) -> None:
        ended = tidan("chain", "status", "--home", home, "--json")
        assert ended.code == 3
        assert ended.problem["type"] == "/v1/problems/chain-not-running"
        assert "tidan chain up" in ended.problem["detail"]

    def test_a_chain_that_hangs_is_given_up_on(
        self, tidan: Any, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(supervisor, "STATUS_PATIENCE", 0.2)
        pid = tidan("chain", "up", "--home", home, "--json").answer["pid"]
        os.kill(pid, signal.SIGSTOP)
        try:
            ended = tidan("chain", "status", "--home", home, "--json")
        finally:
            os.kill(pid, signal.SIGCONT)
        assert ended.code == 3
        assert ended.problem["type"] == "/v1/problems/chain-not-running"
        assert "does not answer" in ended.problem["detail"]

    def test_a_running_one_is_described(self, tidan: Any, home: Path) -> None:
        tidan("chain", "up", "--home", home)
        told = tidan("chain", "status", "--home", home).out
        assert supervisor.status(home)["genesisHash"] in told
        assert "none yet" in told
        assert "Not everything came back" not in told

    def test_what_was_set_aside_is_said_loudly(self, tidan: Any, home: Path) -> None:
        tidan("chain", "up", "--home", home)
        (home / "set-aside-from-7-1.log").write_text("")
        ended = tidan("chain", "status", "--home", home)
        assert "Not everything came back" in ended.out
        assert "set-aside-from-7-1.log" in ended.out


@pytest.mark.system
class TestFundAndAdvance:
    def test_an_account_is_funded_and_time_put_forward(self, tidan: Any, home: Path) -> None:
        tidan("chain", "up", "--home", home)
        funded = tidan("chain", "fund", ACCOUNT, 10**18, "--home", home, "--json")
        assert funded.answer == {"account": ACCOUNT.lower(), "balance": str(10**18)}
        assert supervisor.call(home, "eth_getBalance", ACCOUNT, "latest") == hex(10**18)
        assert tidan("chain", "advance", "1m", "--home", home).code == 0
        advanced = tidan("chain", "advance", "40s", "--home", home, "--json")
        assert advanced.answer == {"advanced": 40, "clockOffset": 100}
        assert supervisor.status(home)["clockOffset"] == 100

    @pytest.mark.parametrize(
        ("arguments", "code", "field"),
        [
            (("fund", "0x12", "5"), 2, "ADDRESS"),
            (("fund", ACCOUNT, "5"), 3, None),
            (("advance", "24h"), 3, None),
            (("advance", "soon"), 2, "DURATION"),
            (("advance", "9999999999w"), 2, "DURATION"),
            (("fund", ACCOUNT, str(2**256)), 2, "WEI"),
            (("fund", ACCOUNT, "x"), 2, None),
            (("advance", "-- -1"), 2, None),
        ],
    )
    def test_wrong_arguments_are_told(
        self, tidan: Any, home: Path, arguments: tuple[str, ...], code: int, field: str | None
    ) -> None:
        ended = tidan("chain", *arguments, "--home", home, "--json")
        assert ended.code == code
        assert ended.problem.get("field") == field
