"""Parties in sentences: by number, and by name where that is known."""

from __future__ import annotations

import pytest

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.party_words import unnamed_in, worded

NAMES = {PartyIndex(5): "Jade Kiln", PartyIndex(12): "Quay Bank", PartyIndex(7): "party 7"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("the title is offered to party 5", "the title is offered to party 5 (Jade Kiln)"),
        ("party 12, not party 5", "party 12 (Quay Bank), not party 5 (Jade Kiln)"),
        ("there is no party 99", "there is no party 99"),
        ("party 7 has no readable profile", "party 7 has no readable profile"),
        ("party 5 (Jade Kiln) is revoked", "party 5 (Jade Kiln) is revoked"),
        ("suspend Jade Kiln (party 5)", "suspend Jade Kiln (party 5)"),
        ("5 parties, 2 of them banks", "5 parties, 2 of them banks"),
    ],
)
def test_a_number_is_told_with_the_name_that_is_known(words: str, said: str) -> None:
    assert worded(words, NAMES) == said


def test_those_that_have_their_names_are_not_asked_for() -> None:
    assert unnamed_in("party 5 (Jade Kiln) is not party 12") == {12}
