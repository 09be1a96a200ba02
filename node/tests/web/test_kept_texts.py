"""Texts are made anew when they must be, and no oftener."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tidan_node.web.kept_texts import KeptTexts

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LIFE = timedelta(hours=1)


@dataclass
class Making:
    """Counts what it makes."""

    kept: KeptTexts = field(default_factory=KeptTexts)
    made: int = 0

    def ask(self, name: int = 1, says: int = 0, minutes: float = 0) -> str:
        now = NOW + timedelta(minutes=minutes)
        return self.kept.text(name, says, now=now, life=LIFE, make=self._make)

    def _make(self) -> str:
        self.made += 1
        return f"text {self.made}"


def test_what_says_the_same_is_made_once() -> None:
    making = Making()
    assert {making.ask(minutes=each) for each in (0, 1, 29)} == {"text 1"}


@pytest.mark.parametrize("changed", [{"says": 1}, {"minutes": 30}, {"minutes": -1}, {"name": 2}])
def test_what_says_something_else_or_is_half_over_is_made_anew(changed: dict[str, int]) -> None:
    making = Making()
    making.ask()
    assert making.ask(**changed) == "text 2"


def test_texts_of_two_names_are_kept_beside_each_other() -> None:
    making = Making()
    assert [making.ask(name) for name in (1, 2, 1, 2)] == ["text 1", "text 2"] * 2
