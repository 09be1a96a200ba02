"""Whether a chain that was started makes blocks, and what helps where it does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tidan_node.ledger.clique.problems import ChainDoesNotAdvance
from tidan_node.ledger.clique.validator import Seen, Validator

_PATIENCE: Final = 120.0
_STANDSTILL: Final = 10.0
_POLL: Final = 0.05


def wait_until_it_goes_on(
    validators: Sequence[Validator], binary: Path, clock: Callable[[], float] = time.monotonic
) -> None:
    """Each has all others as peers, and a block more than any had at first.

    Validators that made a first block each before they met may never hear of the other's: geth
    tells its head to a peer that comes, and then only what is new, and nothing new comes where each
    waits for the others. Whoever is started again meets them anew.
    """
    first = max(validator.look().height for validator in validators)
    began = clock()
    stir_at = began + _STANDSTILL
    while lacking := _lacking(seen := [each.look() for each in validators], first):
        now = clock()
        if now > began + _PATIENCE:
            raise ChainDoesNotAdvance("; ".join(lacking))
        if now > stir_at and _parted(seen):
            _start_again(validators[-1], binary)
            stir_at = clock() + _STANDSTILL
        time.sleep(_POLL)


def _parted(seen: Sequence[Seen]) -> bool:
    """All are connected, and have other blocks."""
    connected = all(each.peers == len(seen) - 1 for each in seen)
    return connected and len({each.block_hash for each in seen}) > 1


def _start_again(validator: Validator, binary: Path) -> None:
    validator.ask_to_stop()
    validator.wait_until_stopped()
    validator.start(binary)


def _lacking(seen: Sequence[Seen], first: int) -> list[str]:
    """What keeps each validator from its work, where anything does."""
    lacking, others = [], len(seen) - 1
    for number, each in enumerate(seen, 1):
        name = f"validator {number}"
        if each.peers < others:
            lacking.append(f"{name} has {each.peers} of {others} peers")
        elif each.height <= first:
            lacking.append(f"{name} has had no block after {each.height}")
    return lacking
