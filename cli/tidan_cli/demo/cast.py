"""Who plays in the demo: parties that are made up, and that say so in their names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One party of the story, with a node of its own."""

    key: str
    name: str
    role: str
    identifier: str

    @property
    def part(self) -> str:
        """What the party is in the story, for the timeline."""
        return self.key.capitalize()


@dataclass(frozen=True, slots=True)
class Chamber:
    """Who founds the Council, and how many of them decide."""

    founders: tuple[Member, ...]
    threshold: int


CARRIER = Member("carrier", "Paper Heron Demo Line", "CARRIER", "LEI:TIDANDEMOCARRIER0125")
SHIPPER = Member("shipper", "Jade Kiln Demo Exports", "TRADER", "LEI:TIDANDEMOSHIPPER0198")
BUYER = Member("buyer", "Elbe Demo Imports", "TRADER", "LEI:TIDANDEMOBUYER000125")
INSURER = Member("insurer", "Lantern Demo Marine Insurance", "INSURER", "LEI:TIDANDEMOINSURER0175")
BANK = Member("bank", "Harbour Lamp Demo Bank", "BANK", "LEI:TIDANDEMOBANK0000114")
REGULATOR = Member("regulator", "Demo Trade Authority", "REGULATOR", "LEI:TIDANDEMOREGULATOR19")
