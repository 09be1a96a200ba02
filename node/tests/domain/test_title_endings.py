"""What surrenders, answers and ends say of themselves, to whoever tells of them."""

from __future__ import annotations

from typing import Final

import pytest

from tests.story import hex_of
from tidan_node.domain import title_events as told
from tidan_node.domain.events import Event
from tidan_node.domain.identifiers import Address, PartyIndex, TitleId
from tidan_node.domain.reasons import AmendmentReason, SurrenderRefusal
from tidan_node.domain.title_endings import ending_details
from tidan_node.domain.titles import TitleStatus

TITLE, ONE, TWO = (TitleId(hex_of(name)) for name in ("title", "one", "two"))
BY: Final = PartyIndex(2)
GATEWAY: Final = Address(hex_of("gateway", size=20))
SPLIT: Final = int(AmendmentReason.SPLIT)


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (
            told.SurrenderRequested(TITLE, 2, BY, TitleStatus.PENDING_DELIVERY, 0),
            {"pending": "PENDING_DELIVERY"},
        ),
        (
            told.SurrenderRequested(TITLE, 2, BY, TitleStatus.PENDING_AMENDMENT, SPLIT),
            {"pending": "PENDING_AMENDMENT", "reason": "SPLIT"},
        ),
        (
            told.SurrenderRejected(TITLE, 3, BY, int(SurrenderRefusal.LEGAL_HOLD)),
            {"reason": "LEGAL_HOLD"},
        ),
        (told.SurrenderCancelled(TITLE, 3, BY), {}),
        (told.TitleSurrendered(TITLE, 3, BY), {}),
        (
            told.TitleSplit(TITLE, 3, BY, (ONE, TWO), SPLIT),
            {"how": "SPLIT", "successors": (ONE, TWO), "reason": "SPLIT"},
        ),
        (told.TitleExported(TITLE, 4, GATEWAY), {"gateway": GATEWAY}),
    ],
    ids=lambda given: type(given).__name__,
)
def test_an_act_says_what_it_adds(event: Event, says: dict[str, object]) -> None:
    assert ending_details(event) == says
