"""Each chapter of the command has its story."""

from __future__ import annotations

import pytest

from tidan_cli.demo.chapters import CHAPTERS
from tidan_cli.demo.command import ChapterName


def test_the_command_names_every_chapter() -> None:
    assert {*CHAPTERS, ChapterName.MAIN.value} == {each.value for each in ChapterName}


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_called_as_it_is_asked_for(name: str) -> None:
    assert CHAPTERS[name]().name == name
