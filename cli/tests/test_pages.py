"""The commands on the pages about identity, threats and running nodes can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tidan_cli.reference import commands

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("identity.md", "operations.md", "threat-model.md")
COMMANDS = dict(commands())
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\(([^)#]+)\)")


def _lines(page: str) -> Iterator[str]:
    """Those of the blocks, and what stands between backticks in the text."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for block in _BLOCK.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from re.findall(r"`(tidan [^`]+)`", _BLOCK.sub("", text))


def typed(page: str) -> list[list[str]]:
    """The words of every `tidan` command on the page."""
    lines = [shlex.split(line, comments=True) for line in _lines(page)]
    return [words[1:] for words in lines if words[:1] == ["tidan"]]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_the_page_is_one(page: str) -> None:
    found = typed(page)

    assert found
    for words in found:
        name = max((each for each in COMMANDS if tuple(words[: len(each)]) == each), default=None)
        assert name is not None, words
        options = words[len(name) :]
        context = COMMANDS[name].make_context(name[-1], options, resilient_parsing=not options)
        assert context.command is COMMANDS[name]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_on_the_page_leads_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")

    targets = [each for each in _LINK.findall(text) if "://" not in each]
    assert targets
    assert [each for each in targets if not (DOCS / each).exists()] == []
