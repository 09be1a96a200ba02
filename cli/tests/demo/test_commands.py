"""Commands of the story are processes of their own, and an unexpected end fails the story."""

from __future__ import annotations

import os

import pytest

from tidan_cli.demo.commands import environment, tidan
from tidan_cli.exits import ExitCode
from tidan_cli.failures import StepFailed


def test_a_command_that_ends_as_expected_gives_its_answer() -> None:
    outcome = tidan("--version")

    assert outcome.answer["version"]
    assert outcome.command == "tidan --version"
    assert outcome.seconds > 0


def test_an_expected_refusal_gives_the_kind_of_problem() -> None:
    outcome = tidan("title", "show", "0xzz", "--node", "http://[::1]:1", expected=ExitCode.USAGE)

    assert outcome.slug == "identifier-too-short"
    assert outcome.answer == {}


def test_another_end_fails_the_step_and_says_which_command() -> None:
    with pytest.raises(StepFailed) as failed:
        tidan("title", "show", "0xzz", "--node", "http://[::1]:1")

    assert "tidan title show 0xzz" in failed.value.detail
    assert "first 8 or more" in failed.value.detail


def test_settings_of_the_users_own_node_do_not_reach_the_storys_nodes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TIDAN_PORT", "1")
    monkeypatch.setenv("TIDAN_NODE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("TIDAN_ANVIL", "/opt/anvil")

    given = environment()

    assert given["TIDAN_ANVIL"] == "/opt/anvil"
    assert not {"TIDAN_PORT", "TIDAN_NODE_URL"} & set(given)
    assert given["PATH"] == os.environ["PATH"]
