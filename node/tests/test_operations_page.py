"""The page about running a node names every setting, with its default, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from tidan_node.linked_chains import LinkedChain
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
_KNOB = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`)? ?\| (\S.*) \|$", re.MULTILINE)
KNOBS = {name: (default, meaning) for name, default, meaning in _KNOB.findall(PAGE)}
HOME = "home"
"""Named on the command line."""


def _written(default: Any) -> str:  # Any: a default of pydantic's
    if default is None or default is PydanticUndefined:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_every_setting_is_named_and_no_other() -> None:
    assert set(KNOBS) == set(Settings.model_fields) - {HOME}


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - {HOME}))
def test_its_default_is_the_one_of_the_code(name: str) -> None:
    default, meaning = KNOBS[name]
    assert default == _written(Settings.model_fields[name].default)
    assert meaning.endswith((".", ")", "`"))


@pytest.mark.parametrize("name", LinkedChain.model_fields)
def test_so_is_everything_that_is_set_about_a_linked_chain(name: str) -> None:
    section = PAGE.partition("## Following other chains")[2].partition("\n## ")[0]
    assert re.search(rf"^\| `{name}` \| \S.*\. \|$", section, re.MULTILINE)


@pytest.mark.parametrize("state", [*OperationStatus, *AttemptState])
def test_every_state_is_explained(state: str) -> None:
    assert f"| *{state}* |" in PAGE
