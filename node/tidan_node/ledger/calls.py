"""What a transaction asks a contract to do, in the contract's own words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One function of one contract of the manifest, with its arguments.

    Hex strings stand for bytes, and a tuple for a struct, its members in the contract's order.
    """

    contract: str
    function: str
    args: tuple[object, ...] = ()
