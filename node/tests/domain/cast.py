"""A carrier, a shipper, a buyer and a stranger, and titles as their tests begin with them."""

from __future__ import annotations

from dataclasses import replace

from tidan_node.domain.identifiers import (
    NO_PARTY,
    Address,
    ContentRoot,
    PartyIndex,
    SeriesId,
    TitleId,
)
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.titles import Issuance, Offer, Offered, Proposal, Title, TitleKind, transfers
from tidan_node.domain.titles.issues import issue
from tidan_node.domain.titles.pledges import (
    BankGate,
    accept_pledge,
    pledgee_of,
    propose_pledge,
)
from tidan_node.domain.titles.surrenders import surrender_for_amendment

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
BANK = standing(5, Role.BANK)
OTHER_CARRIER = standing(6, Role.CARRIER)


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
    return issue(
        issuance(kind),
        carrier=CARRIER,
        possessor=SHIPPER,
        titleholder=None if kind is TitleKind.BLANK else SHIPPER,
        id_taken=False,
        series_taken=False,
    )


def offered(title: Title, what: Offered = BOTH, deadline: int = LATER) -> Title:
    return transfers.make_offer(
        title,
        Offer(BUYER.party, what, deadline),
        caller=SHIPPER,
        recipient=BUYER,
        expected_seq=title.seq,
        now=NOW,
    )


def account_of(party: Standing) -> Address:
    return Address(f"0x{party.party:040x}")


def gate(*parties: Standing) -> BankGate:
    """Who takes pledges: the bank, as it stands in these tests."""
    known = {each.party: each for each in (BANK, STRANGER, *parties)}
    return BankGate(
        lambda party: known.get(party, standing(party, Role(0), PartyStatus.NONE)),
        lambda account: PartyIndex(int(account, 16)),
    )


def pledged(title: Title) -> Title:
    """The title, pledged to the bank."""
    proposal = Proposal(pledgee_of(BANK.party), LATER)
    proposed = propose_pledge(
        title, proposal, caller=SHIPPER, gate=gate(), expected_seq=title.seq, now=NOW
    )
    return accept_pledge(
        proposed, caller=account_of(BANK), gate=gate(), expected_seq=proposed.seq, now=NOW
    )


def surrendered(title: Title, reason: int = AmendmentReason.OTHER) -> Title:
    """The title, given back to be changed as its carrier sees fit, unless a test says otherwise."""
    return surrender_for_amendment(title, reason, caller=SHIPPER, expected_seq=title.seq, now=NOW)
