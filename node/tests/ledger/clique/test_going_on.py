"""Validators as they may stand when a chain is started: only what they tell is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import cast

import pytest

from tidan_node.ledger.clique import going_on
from tidan_node.ledger.clique.going_on import wait_until_it_goes_on
from tidan_node.ledger.clique.problems import ChainDoesNotAdvance
from tidan_node.ledger.clique.validator import Seen, Validator

GETH = Path("geth")


@dataclass
class Standing:
    """A validator at block 1; once it was started again, its chain goes on."""

    chain: Chain
    block: str
    peers: int = 1

    def look(self) -> Seen:
        height = 2 if self.chain.goes_on else 1
        return Seen(height, "0x02" if self.chain.goes_on else self.block, 0, self.peers)

    def ask_to_stop(self) -> bool:
        self.chain.told.append(f"stop {self.block}")
        return True

    def wait_until_stopped(self) -> None:
        self.chain.told.append("gone")

    def start(self, _: Path) -> bool:
        self.chain.told.append("start")
        self.chain.goes_on = self.chain.is_healed_so
        return True


@dataclass
class Chain:
    is_healed_so: bool = True
    goes_on: bool = False
    told: list[str] = field(default_factory=list)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_on, "_POLL", 0.0)


def waited(*validators: Standing) -> None:
    """By a clock that goes on a second at each look."""
    seconds = count()
    wait_until_it_goes_on(
        cast(Sequence[Validator], validators), GETH, clock=lambda: float(next(seconds))
    )


def test_of_two_that_never_heard_of_each_others_first_block_one_is_started_again() -> None:
    chain = Chain()

    waited(Standing(chain, "0xaa"), Standing(chain, "0xbb"))

    assert chain.told == ["stop 0xbb", "gone", "start"]


def test_those_that_have_the_same_block_are_left_alone_and_told() -> None:
    chain = Chain()

    with pytest.raises(ChainDoesNotAdvance, match="validator 2 has had no block after 1"):
        waited(Standing(chain, "0xaa"), Standing(chain, "0xaa"))

    assert chain.told == []


def test_those_that_have_not_met_are_left_alone_and_told() -> None:
    chain = Chain()

    with pytest.raises(ChainDoesNotAdvance, match="validator 1 has 0 of 1 peers"):
        waited(Standing(chain, "0xaa", peers=0), Standing(chain, "0xbb", peers=0))

    assert chain.told == []


def test_where_it_does_not_help_it_is_told_in_the_end() -> None:
    chain = Chain(is_healed_so=False)

    with pytest.raises(ChainDoesNotAdvance, match="no block after 1"):
        waited(Standing(chain, "0xaa"), Standing(chain, "0xbb"))

    assert chain.told.count("start") > 1
