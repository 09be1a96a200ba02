"""The table of docs/titles.md that says how each command is prepared as an act to be signed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from tidan_cli.main import titles
from tidan_cli.prepared_acts import function_named
from tidan_contracts import load_artifact

PAGE = (Path(__file__).parents[2] / "docs" / "titles.md").read_text(encoding="utf-8")
TABLE = PAGE.split("as an act to prepare")[1].split("\n\n")[1]
ROWS = [line.strip("|").split("|")[:3] for line in TABLE.splitlines()[2:]]
INPUTS = {
    each["name"]: {given["name"] for given in each["inputs"]}
    for each in load_artifact("TitleRegistry").abi
    if each["type"] == "function"
}


def words(cell: str) -> list[str]:
    return [each.split()[0] for each in re.findall("`([^`]*)`", cell)]


@pytest.mark.parametrize(("command", "act", "arguments"), ROWS)
def test_each_row_is_a_command_and_an_act_with_these_arguments(
    command: str, act: str, arguments: str
) -> None:
    stated = re.sub(r"\([^)]*\)", "", arguments)

    assert set(words(command)) <= set(get_command(titles.app).commands)
    for each in map(function_named, words(act)):
        given = {name for name in words(stated) if not name.startswith("--")}
        assert given <= INPUTS[each]
        documents = {"issuance", "successor", "successors", "withdrawal"}
        assert INPUTS[each] - given <= {"id", "expectedSeq", "expectedSeqs"} | documents
        assert ("--document" in stated) == bool(INPUTS[each] & documents)


def test_every_command_that_is_not_in_the_table_is_the_act_of_its_name() -> None:
    told = {name for command, *_ in ROWS for name in words(command)}
    others = {
        *("withdraw", "accept", "decline", "accept-pledge", "decline-pledge", "consent"),
        *("release-pledge", "cancel-surrender", "end-as-paper"),
    }

    assert len(ROWS) > 10
    assert not told & others
    assert all(INPUTS[function_named(each)] == {"id", "expectedSeq"} for each in others)
