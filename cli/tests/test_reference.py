"""docs/cli.md says what the commands say, and its examples are commands that can be typed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.reference import commands, reference

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "write it anew: python -m tidan_cli.reference > docs/cli.md"
    )


@pytest.mark.parametrize(
    ("words", "command"),
    list(commands()),
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_each_example_is_a_line_that_its_command_takes(
    words: tuple[str, ...], command: Any
) -> None:
    examples = command.epilog.removeprefix("Example: ").split("  ·  ")
    for example in examples:
        typed = shlex.split(example)
        assert typed[: len(words) + 1] == ["tidan", *words]
        command.make_context(words[-1], typed[len(words) + 1 :])
