"""The gas to give a call, learnt from the calls before it that were like it."""

from __future__ import annotations

from typing import Final

from tidan_node.ledger.calls import Call

_TIMES: Final = 2
"""Calls that look alike differ in the slots that they write for the first time. What a transaction
does not use costs nothing."""

_WORD: Final = 32

Kind = tuple[str, str, int]
"""Contract, function, and how many words its data has."""


def kind_of(call: Call, data: bytes) -> Kind:
    """Calls of one kind cost about as much as each other."""
    return call.contract, call.function, len(data) // _WORD


class GasLimits:
    """What the chain's node said that calls need. It asks anew after a restart."""

    def __init__(self) -> None:
        self._most: dict[Kind, int] = {}
        self.of_block: int | None = None
        """What a whole block has: no transaction is given more."""

    def of(self, kind: Kind) -> int | None:
        """The gas to give a call of this kind; None: nobody has asked yet."""
        most = self._most.get(kind)
        return None if most is None else self.fitting(most * _TIMES)

    def learn(self, kind: Kind, gas: int) -> int:
        """The gas to give such a call, of which one was said to need so much."""
        self._most[kind] = max(gas, self._most.get(kind, 0))
        return self.fitting(self._most[kind] * _TIMES)

    def fitting(self, gas: int) -> int:
        """So much, or what a block has where that is less."""
        return gas if self.of_block is None else min(gas, self.of_block)
