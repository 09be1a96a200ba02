"""A title as security: it goes nowhere without its pledgee, and is nobody's but its holder's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.cast import (
    BANK,
    BUYER,
    LATER,
    NOW,
    SHIPPER,
    STRANGER,
    account_of,
    gate,
    issued,
    offered,
    pledged,
    revoked,
    surrendered,
    suspended,
)
from tidan_node.domain.parties import PartyNotActive, Role, Standing
from tidan_node.domain.title_problems import (
    ConsentGiven,
    ConsentMissing,
    DeadlineInThePast,
    KindForbidsPledge,
    NoOpenOffer,
    NoPledgeProposed,
    NotPledged,
    NotThePledgee,
    OfferAlreadyOpen,
    OfferEnforced,
    OfferExpired,
    OfferToSelf,
    Pledged,
    PledgeeUnfit,
)
from tidan_node.domain.titles import (
    Offered,
    Proposal,
    Title,
    TitleKind,
    endorsement,
    gateways,
    pledges,
    surrenders,
    transfers,
)

PLEDGEE = pledges.pledgee_of(BANK.party)
ACCOUNT = account_of(BANK)


def proposed(title: Title, deadline: int = LATER) -> Title:
    proposal = Proposal(PLEDGEE, deadline)
    return pledges.propose_pledge(
        title, proposal, caller=SHIPPER, gate=gate(), expected_seq=title.seq, now=NOW
    )


def consented(title: Title) -> Title:
    return pledges.consent(title, caller=ACCOUNT, gate=gate(), expected_seq=title.seq, now=NOW)


def enforced(title: Title, recipient: Standing = STRANGER) -> Title:
    return pledges.enforce_pledge(
        title,
        caller=ACCOUNT,
        gate=gate(),
        recipient=recipient,
        deadline=LATER,
        expected_seq=title.seq,
        now=NOW,
    )


class TestPropose:
    def test_a_proposal_binds_nobody_yet(self) -> None:
        title = proposed(issued())
        assert (title.pledgee, title.proposal) == (None, Proposal(PLEDGEE, LATER))

    @pytest.mark.parametrize("kind", [TitleKind.STRAIGHT, TitleKind.ORDER_FINAL])
    def test_only_a_title_to_order_or_in_blank_is_pledged(self, kind: TitleKind) -> None:
        with pytest.raises(KindForbidsPledge):
            proposed(issued(kind))

    def test_it_counts_as_the_open_offer(self) -> None:
        with pytest.raises(OfferAlreadyOpen):
            offered(proposed(issued()))
        with pytest.raises(OfferAlreadyOpen):
            proposed(offered(issued()))

    def test_an_expired_one_gives_way(self) -> None:
        title = proposed(issued())._replace(proposal=Proposal(PLEDGEE, NOW))
        assert offered(title).proposal is None

    def test_only_once(self) -> None:
        with pytest.raises(Pledged):
            proposed(pledged(issued()))

    def test_the_deadline_lies_ahead(self) -> None:
        with pytest.raises(DeadlineInThePast):
            proposed(issued(), NOW)

    @pytest.mark.parametrize(
        "bank", [suspended(BANK), revoked(BANK), replace(BANK, roles=Role.TRADER)]
    )
    def test_the_gate_decides_who_may_take_one(self, bank: Standing) -> None:
        with pytest.raises(PledgeeUnfit):
            pledges.propose_pledge(
                issued(),
                Proposal(PLEDGEE, LATER),
                caller=SHIPPER,
                gate=gate(bank),
                expected_seq=1,
                now=NOW,
            )

    def test_the_possessor_takes_it_back(self) -> None:
        title = transfers.withdraw(proposed(issued()), caller=SHIPPER, expected_seq=2)
        assert title.proposal is None


class TestAnswer:
    def test_the_pledgee_takes_it(self) -> None:
        assert pledged(issued()).pledgee == PLEDGEE

    def test_nobody_else_does(self) -> None:
        with pytest.raises(NotThePledgee):
            pledges.accept_pledge(
                proposed(issued()),
                caller=account_of(BUYER),
                gate=gate(),
                expected_seq=2,
                now=NOW,
            )

    def test_not_past_the_deadline_but_it_may_still_say_no(self) -> None:
        title = proposed(issued())
        with pytest.raises(OfferExpired):
            pledges.accept_pledge(title, caller=ACCOUNT, gate=gate(), expected_seq=2, now=LATER)
        said_no = pledges.decline_pledge(title, caller=ACCOUNT, gate=gate(), expected_seq=2)
        assert said_no.proposal is None

    def test_a_suspended_bank_may_only_say_no(self) -> None:
        title, at = proposed(issued()), gate(suspended(BANK))
        with pytest.raises(PledgeeUnfit):
            pledges.accept_pledge(title, caller=ACCOUNT, gate=at, expected_seq=2, now=NOW)
        assert pledges.decline_pledge(title, caller=ACCOUNT, gate=at, expected_seq=2)

    def test_there_is_nothing_to_answer_without_a_proposal(self) -> None:
        with pytest.raises(NoPledgeProposed):
            pledges.decline_pledge(offered(issued()), caller=ACCOUNT, gate=gate(), expected_seq=2)


class TestPledgedTitle:
    def test_it_goes_nowhere_without_consent(self) -> None:
        title = offered(pledged(issued()))
        with pytest.raises(ConsentMissing):
            transfers.accept(title, caller=BUYER, expected_seq=title.seq, now=NOW)

    def test_with_consent_it_moves_and_stays_pledged(self) -> None:
        title = consented(offered(pledged(issued())))
        after = transfers.accept(title, caller=BUYER, expected_seq=title.seq, now=NOW)
        assert (after.possessor, after.pledgee) == (BUYER.party, PLEDGEE)

    def test_consent_is_to_this_offer_alone(self) -> None:
        title = consented(offered(pledged(issued())))
        again = transfers.withdraw(title, caller=SHIPPER, expected_seq=title.seq)
        other = offered(again)
        with pytest.raises(ConsentMissing):
            transfers.accept(other, caller=BUYER, expected_seq=other.seq, now=NOW)

    def test_consent_is_given_once_and_to_something(self) -> None:
        with pytest.raises(ConsentGiven):
            consented(consented(offered(pledged(issued()))))
        with pytest.raises(NoOpenOffer):
            consented(pledged(issued()))
        with pytest.raises(NoOpenOffer):
            consented(enforced(pledged(issued())))
        with pytest.raises(NotPledged):
            consented(offered(issued()))

    def test_it_is_not_endorsed_surrendered_or_locked(self) -> None:
        title = pledged(issued())
        seq, gateway = title.seq, account_of(STRANGER)
        with pytest.raises(Pledged):
            endorsement.endorse(title, TitleKind.BLANK, caller=SHIPPER, expected_seq=seq, now=NOW)
        with pytest.raises(Pledged):
            surrenders.surrender_for_delivery(title, caller=SHIPPER, expected_seq=seq, now=NOW)
        with pytest.raises(Pledged):
            surrendered(title)
        with pytest.raises(Pledged):
            gateways.lock(
                title,
                gateway,
                b"\x01" * 32,
                caller=SHIPPER,
                recognised=True,
                expected_seq=seq,
                now=NOW,
            )


class TestRelease:
    def released(self, title: Title, bank: Standing = BANK) -> Title:
        return pledges.release_pledge(
            title, caller=ACCOUNT, gate=gate(bank), expected_seq=title.seq
        )

    @pytest.mark.parametrize("bank", [BANK, suspended(BANK), revoked(BANK)])
    def test_the_pledgee_releases_in_any_standing(self, bank: Standing) -> None:
        assert self.released(pledged(issued()), bank).pledgee is None

    def test_the_successor_of_a_revoked_bank_releases(self) -> None:
        bank = replace(revoked(BANK), successor=STRANGER.party)
        title = pledged(issued())

        def released(heir: Standing) -> Title:
            return pledges.release_pledge(
                *(title,), caller=account_of(heir), gate=gate(bank, heir), expected_seq=title.seq
            )

        assert released(replace(STRANGER, roles=Role.BANK)).pledgee is None
        with pytest.raises(NotThePledgee):
            released(replace(STRANGER, roles=Role.CARRIER))

    def test_an_open_offer_stays_and_needs_no_consent(self) -> None:
        title = self.released(offered(pledged(issued())))
        after = transfers.accept(title, caller=BUYER, expected_seq=title.seq, now=NOW)
        assert after.possessor == BUYER.party

    def test_an_enforcement_ends_with_the_pledge(self) -> None:
        assert self.released(enforced(pledged(issued()))).offer is None


class TestEnforce:
    def test_the_recipient_takes_all_and_the_pledge_ends(self) -> None:
        title = enforced(offered(pledged(issued())))
        after = transfers.accept(title, caller=STRANGER, expected_seq=title.seq, now=NOW)
        assert (after.possessor, after.titleholder) == (STRANGER.party,) * 2
        assert (after.pledgee, after.kind) == (None, TitleKind.ORDER)

    @pytest.mark.parametrize("kind", [TitleKind.BLANK, TitleKind.ORDER_FINAL])
    def test_the_kind_stays(self, kind: TitleKind) -> None:
        title = issued(kind)._replace(pledgee=PLEDGEE)
        after = transfers.accept(enforced(title), caller=STRANGER, expected_seq=2, now=NOW)
        assert (after.kind, after.possessor) == (kind, STRANGER.party)

    def test_the_possessor_cannot_take_it_back(self) -> None:
        title = enforced(pledged(issued()))
        with pytest.raises(OfferEnforced):
            transfers.withdraw(title, caller=SHIPPER, expected_seq=title.seq)

    def test_when_the_recipient_declines_the_pledge_stays(self) -> None:
        title = enforced(pledged(issued()))
        after = transfers.decline(title, caller=STRANGER, expected_seq=title.seq)
        assert (after.offer, after.pledgee) == (None, PLEDGEE)

    def test_not_to_who_has_it_all_nor_to_who_is_suspended(self) -> None:
        with pytest.raises(OfferToSelf):
            enforced(pledged(issued()), SHIPPER)
        with pytest.raises(PartyNotActive):
            enforced(pledged(issued()), suspended(BUYER))

    def test_only_of_a_pledged_title(self) -> None:
        with pytest.raises(NotPledged):
            enforced(offered(issued(), Offered.POSSESSION))
