"""The parties that a question about the Council touches, read once: their names and standings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.party_fold import PartyState
from tidan_node.records.records import Records


@dataclass(frozen=True, slots=True)
class Members:
    """Some parties as the node's view has them."""

    parties: Mapping[PartyIndex, PartyState]

    @classmethod
    async def of(cls, records: Records, indices: Iterable[PartyIndex]) -> Members:
        return cls(await records.parties_of(indices))

    @property
    def names(self) -> Mapping[PartyIndex, str]:
        return {index: party.name for index, party in self.parties.items()}

    def standing_of(self, party: PartyIndex) -> Standing:
        """As the contract has it: a number that nobody has stands for nothing."""
        known = self.parties.get(party)
        return Standing(party, Role(0), PartyStatus.NONE) if known is None else known.standing
