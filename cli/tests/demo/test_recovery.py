"""The chapter of recovery on real processes: two of five lose their keys, and act again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.telling import Json, told_to_its_end
from tidan_cli.client import connected
from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, REGULATOR
from tidan_cli.demo.commands import tidan
from tidan_cli.exits import ExitCode

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

LOST = (CARRIER, INSURER)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recovery") / "kept"


@pytest.fixture(scope="module")
def story(folder: Path) -> Iterator[Json]:
    """One run of the chapter, looked at by many tests, and cleaned up at the end."""
    try:
        yield told_to_its_end("--chapter", "recovery", "--keep", "--dir", folder)
    finally:
        tidan("demo", "clean", "--dir", folder)


@pytest.fixture
def proposals(story: Json) -> dict[int, Json]:
    return {each["number"]: each for each in story["proposals"]}


def names(parties: list[Json]) -> list[str]:
    return [each["party"]["name"] for each in parties]


def test_three_of_five_decide(story: Json) -> None:
    assert story["council"]["terms"]["threshold"] == 3
    assert len(story["council"]["seats"]) == 5


def test_the_three_others_give_the_two_who_lost_their_keys_new_accounts(
    story: Json, proposals: dict[int, Json], folder: Path
) -> None:
    for member, number in zip(LOST, story["recoveries"], strict=True):
        recovery = proposals[number]
        assert recovery["status"] == "EXECUTED"
        assert recovery["subject"]["name"] == member.name
        assert names(recovery["approvals"]) == [BUYER.name, BANK.name, REGULATOR.name]
        party = tidan("party", "show", member.identifier, "--home", folder / BUYER.key).answer
        assert {each["account"]: each["active"] for each in party["accounts"]} == {
            story["accounts"][member.key]: True,
            party["accounts"][1]["account"]: False,
        }


def test_without_its_key_a_node_does_not_start(story: Json) -> None:
    refusals = [(step["who"], step["refusal"]) for step in story["steps"] if step["refusal"]]

    assert refusals == [
        ("Carrier", "settings-wrong"),
        ("Insurer", "settings-wrong"),
        ("Bank", "approvals-missing"),
    ]


def test_a_party_that_is_there_keeps_its_account_by_an_objection(
    story: Json, proposals: dict[int, Json], folder: Path
) -> None:
    seizure = proposals[story["seizure"]]
    party = tidan("party", "show", BUYER.identifier, "--home", folder / BUYER.key).answer

    assert names(seizure["approvals"]) == [BANK.name, CARRIER.name, REGULATOR.name]
    assert seizure["objection"]["reason"]
    assert (seizure["status"], seizure["approvalsNeeded"]) == ("OPEN", 4)
    assert [each["active"] for each in party["accounts"]] == [True]
    assert party["accounts"][0]["account"] != seizure["details"]["added"]


def test_the_two_act_by_their_new_keys(
    story: Json, proposals: dict[int, Json], folder: Path
) -> None:
    suspension = proposals[story["suspension"]]
    bank = tidan("party", "show", BANK.identifier, "--home", folder / BUYER.key).answer

    assert suspension["proposer"]["name"] == INSURER.name
    assert names(suspension["approvals"]) == [INSURER.name, CARRIER.name, BUYER.name]
    assert bank["status"] == "SUSPENDED"
    for member in LOST:
        with connected(None, folder / member.key) as node:
            assert node.get("/v1/me")["account"] == story["accounts"][member.key]


def test_the_regulator_verifies_everything(story: Json) -> None:
    assert story["audit"]["chain"]["verdict"] == "verified"


def test_papers_are_of_the_main_chapter_alone(tmp_path: Path) -> None:
    refused = tidan(
        *("demo", "--chapter", "recovery", "--false", "--dir", tmp_path / "demo"),
        expected=ExitCode.USAGE,
    )

    assert refused.problem["field"] == "--chapter"
    assert not (tmp_path / "demo").exists()
