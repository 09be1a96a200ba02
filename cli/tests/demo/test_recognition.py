"""The chapter of recognition on real processes: a user of a second platform acts for its party."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.telling import Json, told_to_its_end
from tidan_cli.demo.cast import CARRIER, SHIPPER
from tidan_cli.demo.commands import tidan

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recognition") / "kept"


@pytest.fixture(scope="module")
def story(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Json]:
    """One run of the chapter, looked at by many tests, and cleaned up at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("settings")))
        try:
            yield told_to_its_end("--chapter", "recognition", "--keep", "--dir", folder)
        finally:
            tidan("demo", "clean", "--dir", folder)


def test_the_user_accepts_the_title_for_the_shipper(story: Json, folder: Path) -> None:
    history = tidan("title", "history", story["title"], "--home", folder / CARRIER.key).answer

    assert story["possessor"] == SHIPPER.name
    assert [act["act"] for act in history["acts"]] == ["ISSUE", "OFFER", "ACCEPT"]
    assert story["session"]["scopes"] == [
        "documents:read",
        "operations:read",
        "records:read",
        "titles:act",
    ]


def test_it_acts_only_while_the_recognition_stands_and_within_it(story: Json) -> None:
    refusals = [(step["what"], step["refusal"]) for step in story["steps"] if step["refusal"]]

    assert [slug for _, slug in refusals] == [
        "platform-sign-in-refused",
        "scope-missing",
        "not-authenticated",
        "platform-sign-in-refused",
    ]
    assert refusals[-1][0].startswith("tries to sign in again")
    assert [each["kind"] for each in story["proposals"]] == ["withdraw", "recognise"]
    assert {each["status"] for each in story["proposals"]} == {"EXECUTED"}


def test_the_session_stays_in_the_demos_folder(
    story: Json, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = list(folder.rglob("sessions.json"))

    assert [path.parent.parent.parent for path in kept] == [folder]
    assert list(tmp_path_factory.getbasetemp().glob("settings*/**/sessions.json")) == []


def test_the_regulator_verifies_everything(story: Json) -> None:
    assert [title["verdict"] for title in story["audit"]["titles"]] == ["verified"]
    assert story["audit"]["chain"]["verdict"] == "verified"
