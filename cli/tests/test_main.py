"""The command as a whole: its help, its version, and how each kind of failure ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tidan_cli.exits import MEANINGS
from tidan_cli.reference import commands
from tidan_node import __version__


class TestHelp:
    def test_it_says_what_every_exit_code_means(self, tidan: Any) -> None:
        ended = tidan("--help")

        assert ended.code == 0
        for code, meaning in MEANINGS.items():
            assert str(code.value) in ended.out
            assert meaning.split(":")[0] in " ".join(ended.out.split())

    def test_a_group_without_a_command_shows_its_help_and_is_a_usage_error(
        self, tidan: Any
    ) -> None:
        ended = tidan("title")

        assert ended.code == 2
        assert "surrender" in ended.out + ended.err
        assert "Traceback" not in ended.err

    def test_nothing_at_all_shows_the_help(self, tidan: Any) -> None:
        ended = tidan()

        assert ended.code == 2
        assert "tidan demo" in ended.out

    def test_json_before_the_command_is_told_where_it_goes(self, tidan: Any) -> None:
        ended = tidan("--json", "title", "list")

        assert ended.code == 2
        assert "after the command" in ended.problem["detail"]

    def test_an_unknown_command_is_a_usage_error_in_both_forms(self, tidan: Any) -> None:
        human, program = tidan("title", "burn"), tidan("title", "burn", "--json")

        assert human.code == program.code == 2
        assert "burn" in human.err
        assert program.out == ""
        assert program.problem["type"] == "/v1/problems/usage"

    def test_help_does_not_wait_for_heavy_modules(self) -> None:
        code = (
            "import sys; from tidan_cli import main;"
            "heavy = {'web3', 'fastapi', 'sqlalchemy', 'alembic', 'uvicorn', 'pydantic',"
            " 'eth_abi', 'coincurve'};"
            "print(sorted(heavy & set(sys.modules)))"
        )

        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

        assert ended.stdout.decode().strip() == "[]"


class TestVersion:
    def test_it_is_told_to_people_and_programs(self, tidan: Any) -> None:
        assert tidan("--version").out.strip() == f"tidan {__version__}"
        assert tidan("--version", "--json").answer == {"version": __version__}
        assert tidan("--json", "--version").answer == {"version": __version__}


class TestEnds:
    def test_a_fault_is_told_without_a_stack_trace(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", f"/v1/titles/{told.title_id}", {"id": told.title_id})

        ended = tidan("title", "show", told.title_id)

        assert ended.code == 70
        assert "KeyError" in ended.err
        assert "Traceback" not in ended.err

    def test_the_trace_of_a_fault_is_there_for_who_asks(
        self, node: Any, tidan: Any, told: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_TRACE", "1")
        node.answer("GET", f"/v1/titles/{told.title_id}", {"id": told.title_id})

        assert "Traceback" in tidan("title", "show", told.title_id).err

    def test_ctrl_c_ends_quietly(
        self, node: Any, tidan: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("tidan_cli.client.NodeClient.listed", interrupted)

        ended = tidan("title", "list")

        assert ended.code == 130
        assert ended.err == ""

    def test_a_reader_that_has_gone_is_no_fault(self, node: Any, told: Any) -> None:
        node.answer("GET", "/v1/titles?limit=50", told.page(*[told.title()] * 2000))
        reader, writer = os.pipe()
        os.close(reader)
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "tidan_cli.main", "title", "list", "--json"],
                stdout=writer,
                stderr=subprocess.PIPE,
                check=False,
            )
        finally:
            os.close(writer)

        assert ended.returncode == 0
        assert ended.stderr == b""


class TestEveryCommand:
    def test_each_takes_json_and_shows_an_example(self) -> None:
        for words, command in commands():
            options = {option for parameter in command.params for option in parameter.opts}
            assert "--json" in options, words
            assert command.epilog, words
            assert "Example: tidan" in command.epilog, words

    def test_json_never_shares_standard_output(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", "/v1/titles?limit=1", told.page(told.title(), next_cursor="more"))

        ended = tidan("title", "list", "--limit", "1", "--json")

        assert json.loads(ended.out)["more"] is True
        assert ended.err == ""
