"""A Council of some seats, and proposals before it."""

from __future__ import annotations

from collections.abc import Callable

from tidan_node.domain.council import CouncilState
from tidan_node.domain.identifiers import NO_PARTY, ZERO_20, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.proposals import Motion, Terms

DAY = 86_400
TERMS = Terms(threshold=2, delay=DAY, objection_window=3 * DAY)
ONE, TWO, THREE, STRANGER = (PartyIndex(index) for index in (1, 2, 3, 9))
NOW = 1_700_000_000


def standing(party: PartyIndex, status: PartyStatus = PartyStatus.ACTIVE) -> Standing:
    return Standing(party, Role.TRADER, status)


def with_status(**of: PartyStatus) -> Callable[[PartyIndex], Standing]:
    """All are active but those named, as `p1=SUSPENDED`."""
    return lambda party: standing(party, of.get(f"p{party}", PartyStatus.ACTIVE))


ACTIVE = with_status()


def council() -> CouncilState:
    return CouncilState(TERMS).found([standing(ONE), standing(TWO), standing(THREE)])


def motion(subject: PartyIndex = NO_PARTY, reason: str = "because") -> Motion:
    return Motion(ZERO_20, b"\x01\x02\x03\x04", reason, subject)


def proposed(subject: PartyIndex = NO_PARTY) -> CouncilState:
    """By the first member."""
    return council().propose(motion(subject), caller=standing(ONE), at=NOW)


def approved(subject: PartyIndex = NO_PARTY) -> CouncilState:
    """By the first two members."""
    return proposed(subject).approve(1, caller=standing(TWO), standing_of=ACTIVE, at=NOW + 10)
