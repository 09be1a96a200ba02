"""How far a recognition goes: for which parties, for what, and how long."""

from __future__ import annotations

from tidan_node.domain.parties import Standing
from tidan_node.domain.platforms import Recognition
from tidan_node.people.caller import NEVER_A_PLATFORMS, Scope


def scopes_of(recognition: Recognition) -> frozenset[Scope]:
    """What users of the platform may do here at most; acts not known to this node are none."""
    return frozenset(each for each in Scope if each in recognition.scopes) - NEVER_A_PLATFORMS


def covers(recognition: Recognition, party: Standing) -> bool:
    """Whether its users may act in the name of this party."""
    return bool(recognition.roles & party.roles)
