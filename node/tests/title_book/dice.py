"""Chance out of one number, so that a failing sequence of acts is a short list of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

Choice = TypeVar("Choice")

LARGEST: Final = 2**96 - 1


class Dice:
    """Rolls the number up digit by digit; 0, and one that is used up, rolls nothing but 0."""

    def __init__(self, number: int) -> None:
        self._left = number

    def roll(self, sides: int) -> int:
        self._left, rolled = divmod(self._left, sides)
        return rolled

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        return choices[self.roll(len(choices))]

    def rarely(self, sides: int = 8) -> bool:
        return self.roll(sides) == sides - 1
