"""`tidan network generate` from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def test_the_answer_names_each_validator_as_the_first_block_does(
    tidan: Any, tmp_path: Path
) -> None:
    out = tmp_path / "network"
    ended = tidan("network", "generate", "--validators", 7, "--out", out, "--json")

    assert ended.code == 0
    assert (ended.answer["chainId"], ended.answer["mayFail"]) == (71_200, 2)
    extra = json.loads((out / "genesis.json").read_text())["extraData"]
    assert len(ended.answer["validators"]) == 7
    for validator in ended.answer["validators"]:
        assert validator["account"][2:] in extra
        assert f"@{validator['address']}:" in validator["enode"]


def test_people_are_told_how_many_may_fail(tidan: Any, tmp_path: Path) -> None:
    ended = tidan("network", "generate", "--out", tmp_path / "network")
    assert "1 of 4 validators" in ended.out
    assert "172.28.71.14" in ended.out


def test_a_second_one_in_the_same_place_is_refused(tidan: Any, tmp_path: Path) -> None:
    out = tmp_path / "network"
    tidan("network", "generate", "--out", out)
    before = (out / "validator-1" / "key").read_text()

    ended = tidan("network", "generate", "--out", out, "--json")

    assert (ended.code, ended.problem["field"]) == (1, "--out")
    assert ended.problem["type"] == "/v1/problems/network-exists"
    assert (out / "validator-1" / "key").read_text() == before


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--validators", "0", 2),
        ("--chain-id", "0", 2),
        ("--block-period", "2", 2),
        ("--block-period", "2h", 2),
        ("--first-address", "nowhere", 1),
    ],
)
def test_wrong_options_make_nothing(
    tidan: Any, tmp_path: Path, option: str, value: str, code: int
) -> None:
    ended = tidan("network", "generate", "--out", tmp_path / "network", option, value, "--json")
    assert ended.code == code
    assert list(tmp_path.iterdir()) == []
