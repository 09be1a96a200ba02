"""Where a text has not its form, people are told which form that is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.office import Consortium, opened
from tidan_node.domain.parties import Role
from tidan_node.web.pattern_words import WORDS, in_words


def patterns_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        found = part.get("pattern")
        if isinstance(found, str):
            yield found
        for each in part.values():
            yield from patterns_in(each)
    elif isinstance(part, list):
        for each in part:
            yield from patterns_in(each)


async def test_every_pattern_of_the_api_has_its_words(tmp_path: Path) -> None:
    consortium = Consortium(tmp_path)
    async with opened(consortium, consortium.enrol(Role.CARRIER)) as office:
        lacking = set(patterns_in(office.app.openapi())) - WORDS.keys()
        asked = {"name": "k", "scopes": ["records:read"], "user": "Carl C"}
        told = (await office.post("/v1/keys", asked)).json()
    assert not lacking
    assert "without spaces" in told["detail"]
    assert "^" not in told["detail"]


def test_a_pattern_without_words_is_not_shown_either() -> None:
    assert "^" not in in_words("^x+$")
