"""The rules that a record stands under: those that its issuer accepted when it was enrolled."""

from __future__ import annotations

from tidan_node.domain.party_fold import PartyState
from tidan_node.web.shapes import Shape


class AcceptedTerms(Shape):
    """The rulebook and the governing law that the record's issuer accepted when it was enrolled."""

    rulebook: str
    governing_law: str

    @classmethod
    def of(cls, issuer: PartyState | None) -> AcceptedTerms | None:
        """None where the node has not read of the issuer."""
        if issuer is None:
            return None
        return cls(rulebook=issuer.rulebook, governing_law=issuer.governing_law)
