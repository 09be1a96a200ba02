"""docs/titles.md says what the specification says, and leaves no act out."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from tidan_node.domain.titles import TitleAct, TitleStatus
from tidan_node.domain.titles.transitions import TRANSITIONS

DOCS = Path(__file__).parents[3] / "docs"
# EBL_END 3.0.4, EndorsementChainLink.actionCode
ACTION_CODES = {
    *("ISSUE", "ENDORSE", "SIGN", "SURRENDER_FOR_DELIVERY", "SURRENDER_FOR_AMENDMENT"),
    *("BLANK_ENDORSE", "ENDORSE_TO_ORDER", "TRANSFER", "SURRENDERED"),
}


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:  # Any: a script's names
    return runpy.run_path(str(DOCS / "titles.py"))


@pytest.fixture(scope="module")
def committed() -> str:
    return (DOCS / "titles.md").read_text(encoding="utf-8")


def test_the_committed_page_is_what_the_script_writes(
    script: dict[str, Any], committed: str
) -> None:
    assert script["page"](committed) == committed, "run python docs/titles.py"


def test_each_part_has_its_place_on_the_page(script: dict[str, Any], committed: str) -> None:
    for part in ("states", "acts", "dcsa"):
        assert script[part]() in committed


def test_the_diagram_has_every_arrow_between_two_states(script: dict[str, Any]) -> None:
    drawn = set(re.findall(r"^ +(\S+) --> (\S+) :", script["states"](), re.MULTILINE))
    assert drawn == {
        ("[*]" if each.before is TitleStatus.NONE else each.before.name, each.after.name)
        for each in TRANSITIONS
        if each.before is not each.after
    }


def test_each_act_has_entries_of_the_endorsement_chain_or_none(script: dict[str, Any]) -> None:
    told = [*script["DCSA"], *script["NO_ENTRY"]]
    assert sorted(act.name for act in told) == sorted(
        act.name for act in TitleAct if act is not TitleAct.NONE
    )


def test_every_action_code_is_one_of_dcsas(script: dict[str, Any]) -> None:
    said = {code for entries in script["DCSA"].values() for _, code, _, _ in entries}
    assert {part.rstrip("…") for code in said for part in code.split(", ")} <= ACTION_CODES
