"""A carrier, a shipper, a buyer and a stranger, and titles as their tests begin with them."""

from __future__ import annotations

from dataclasses import replace

from tidan_node.domain.identifiers import NO_PARTY, ContentRoot, PartyIndex, SeriesId, TitleId
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.titles import Issuance, Offer, Offered, Title, TitleKind

NOW = 1_700_000_000
LATER = NOW + 3600
BOTH = Offered.POSSESSION | Offered.TITLE


def standing(
    index: int, roles: Role = Role.TRADER, status: PartyStatus = PartyStatus.ACTIVE
) -> Standing:
    return Standing(PartyIndex(index), roles, status)


CARRIER = standing(1, Role.CARRIER)
SHIPPER = standing(2)
BUYER = standing(3)
STRANGER = standing(4)


def suspended(party: Standing) -> Standing:
    return replace(party, status=PartyStatus.SUSPENDED)


def revoked(party: Standing) -> Standing:
    return replace(party, status=PartyStatus.REVOKED)


def issuance(kind: TitleKind = TitleKind.ORDER, titleholder: PartyIndex | None = None) -> Issuance:
    named = NO_PARTY if kind is TitleKind.BLANK else SHIPPER.party
    return Issuance(
        title_id=TitleId("0x" + "11" * 32),
        series=SeriesId("0x" + "22" * 32),
        content_root=ContentRoot("0x" + "33" * 32),
        possessor=SHIPPER.party,
        titleholder=named if titleholder is None else titleholder,
        kind=kind,
        schema=1,
        version=1,
    )


def issued(kind: TitleKind = TitleKind.ORDER) -> Title:
    return Title.issue(
        issuance(kind),
        carrier=CARRIER,
        possessor=SHIPPER,
        titleholder=None if kind is TitleKind.BLANK else SHIPPER,
        id_taken=False,
        series_taken=False,
    )


def offered(title: Title, what: Offered = BOTH, deadline: int = LATER) -> Title:
    return title.make_offer(
        Offer(BUYER.party, what, deadline),
        caller=SHIPPER,
        recipient=BUYER,
        expected_seq=title.seq,
        now=NOW,
    )
