"""Possession to whom the title is made out: the way out of who may not act, on either side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.cast import (
    BOTH,
    BUYER,
    LATER,
    NOW,
    SHIPPER,
    STRANGER,
    issued,
    revoked,
    suspended,
)
from tidan_node.domain.identifiers import NO_PARTY
from tidan_node.domain.parties import PartyNotActive, Standing
from tidan_node.domain.titles import Offer, Offered, Title, TitleKind, TitleStatus, transfers

MADE_OUT = (TitleKind.STRAIGHT, TitleKind.ORDER, TitleKind.ORDER_FINAL)


def held(kind: TitleKind = TitleKind.ORDER) -> Title:
    """What the shipper possesses, and is made out to the buyer."""
    return issued(kind)._replace(titleholder=BUYER.party)


def given(
    title: Title,
    what: Offered = Offered.POSSESSION,
    *,
    by: Standing = SHIPPER,
    to: Standing = BUYER,
) -> Title:
    offer = Offer(to.party, what, LATER)
    return transfers.make_offer(
        title, offer, caller=by, recipient=to, expected_seq=title.seq, now=NOW
    )


@pytest.mark.parametrize("kind", MADE_OUT)
@pytest.mark.parametrize("by", [suspended(SHIPPER), revoked(SHIPPER)])
@pytest.mark.parametrize("to", [BUYER, suspended(BUYER), revoked(BUYER)])
def test_it_is_given_and_taken_in_any_standing(kind: TitleKind, by: Standing, to: Standing) -> None:
    title = given(held(kind), by=by, to=to)
    after = transfers.accept(title, caller=to, expected_seq=title.seq, now=NOW)
    assert (after.possessor, after.titleholder, after.kind) == (BUYER.party, BUYER.party, kind)


def test_nothing_else_is_given_by_who_may_not_act() -> None:
    for what in (BOTH, Offered.TITLE):
        with pytest.raises(PartyNotActive):
            given(held(), what, by=revoked(SHIPPER))
    with pytest.raises(PartyNotActive):
        given(held(), by=revoked(SHIPPER), to=STRANGER)
    blank = issued(TitleKind.BLANK)
    with pytest.raises(PartyNotActive):
        given(blank, by=revoked(SHIPPER), to=replace(STRANGER, party=NO_PARTY))


def test_nothing_else_is_taken_by_who_may_not_act() -> None:
    title = given(held(), to=STRANGER)
    with pytest.raises(PartyNotActive):
        transfers.accept(title, caller=revoked(STRANGER), expected_seq=title.seq, now=NOW)


def test_a_title_that_arrives_is_taken_by_active_parties_alone() -> None:
    offer = Offer(BUYER.party, Offered.POSSESSION, LATER)
    arriving = held()._replace(status=TitleStatus.IN_TRANSIT, possessor=NO_PARTY, offer=offer)
    with pytest.raises(PartyNotActive):
        transfers.accept(arriving, caller=revoked(BUYER), expected_seq=1, now=NOW)
