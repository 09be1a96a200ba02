"""What the contract let pass is held against the rules once more."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chance import played
from tests.story import GATEWAY, Story, hex_of
from tests.title_book.members import DAY
from tidan_node.domain import title_events
from tidan_node.domain.circumstances import Circumstances
from tidan_node.domain.events import AccountAdded, AccountRemoved, ChainEvent
from tidan_node.domain.identifiers import Address, ContentRoot, PartyIndex, SeriesId, TitleId
from tidan_node.domain.legality import IllegalAct
from tidan_node.domain.membership_events import AdmissionWithdrawn, SuccessorNamed
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.title_events import TitleEvent
from tidan_node.domain.title_fold import fold_title
from tidan_node.domain.title_legality import illegal_acts
from tidan_node.domain.titles import Offered, TitleKind, TitleStatus
from tidan_node.domain.titles.pledges import pledgee_of

CARRIER, SHIPPER, BUYER, STRANGER = (PartyIndex(index) for index in range(1, 5))


def consortium() -> tuple[Story, TitleId]:
    story = Story()
    for role in (Role.CARRIER, Role.TRADER, Role.TRADER, Role.TRADER):
        story.enrol(role)
    return story, story.issue(CARRIER, SHIPPER)


def surrendered_to_a_revoked_carrier(successor: PartyIndex) -> tuple[Story, TitleId]:
    story, title = consortium()
    story.surrender(title)
    story.change_status(CARRIER, PartyStatus.REVOKED)
    story.emit(SuccessorNamed(CARRIER, successor))
    return story, title


def judged(
    events: list[ChainEvent], title: TitleId, *, account: Address | None = None
) -> list[IllegalAct]:
    """`account` did all the acts, if it is known."""
    ours = [e for e in events if isinstance(e.event, TitleEvent) and e.event.id == title]
    circumstances = Circumstances.told_by(events, account_at=lambda _: account, paper_delay=DAY)
    return list(illegal_acts(fold_title(ours), circumstances))


class TestIllegalActs:
    @settings(deadline=None)
    @given(random=st.randoms(use_true_random=False), acts=st.integers(0, 80))
    def test_there_are_none_where_the_rules_were_kept(self, random: Random, acts: int) -> None:
        story = played(random, acts)
        for title in story.titles:
            assert judged(story.events, title) == []

    def test_an_offer_by_who_does_not_possess_is_found(self) -> None:
        story, title = consortium()
        story.offer(title, BUYER)
        offered = story.events[-1].event
        assert isinstance(offered, title_events.TitleOffered)
        story.events[-1] = replace(story.events[-1], event=replace(offered, sender=STRANGER))
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (2, "not-the-possessor")

    def test_a_transfer_to_who_was_not_offered_is_found(self) -> None:
        story, title = consortium()
        story.offer(title, BUYER)
        story.emit(
            title_events.TitleTransferred(title, 3, STRANGER, STRANGER, STRANGER, TitleKind.ORDER)
        )
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (3, "not-the-offeree")

    def test_a_transfer_of_more_than_was_offered_is_found(self) -> None:
        story, title = consortium()
        story.offer(title, BUYER, what=Offered.POSSESSION)
        story.emit(title_events.TitleTransferred(title, 3, BUYER, BUYER, BUYER, TitleKind.ORDER))
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (3, "other-effect")

    def test_an_act_of_a_suspended_party_is_found(self) -> None:
        story, title = consortium()
        story.change_status(SHIPPER, PartyStatus.SUSPENDED)
        offer = Offered.POSSESSION
        story.emit(title_events.TitleOffered(title, 2, SHIPPER, BUYER, offer, story.now + 60))
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (2, "party-not-active")

    def test_the_answer_of_a_revoked_carriers_successor_is_lawful(self) -> None:
        story, title = surrendered_to_a_revoked_carrier(successor=STRANGER)
        story.emit(title_events.TitleSurrendered(title, 3, STRANGER))
        assert judged(story.events, title) == []

    def test_the_answer_of_who_was_not_named_yet_is_found(self) -> None:
        story, title = surrendered_to_a_revoked_carrier(successor=STRANGER)
        story.emit(title_events.TitleSurrendered(title, 3, BUYER), SuccessorNamed(CARRIER, BUYER))
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (3, "not-the-issuer")

    def test_an_answer_to_what_a_title_was_not_surrendered_for_is_found(self) -> None:
        story, title = consortium()
        pending, asked = TitleStatus.PENDING_AMENDMENT, AmendmentReason.CORRECTION
        story.emit(title_events.SurrenderRequested(title, 2, SHIPPER, pending, asked))
        story.emit(title_events.TitleSwitchedToPaper(title, 3, CARRIER, AmendmentReason.TO_PAPER))
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (3, "surrendered-for-another")

    def test_an_issue_by_who_is_no_carrier_is_found(self) -> None:
        story, title = consortium()
        issued = story.events[-1].event
        assert isinstance(issued, title_events.TitleIssued)
        story.events[-1] = replace(story.events[-1], event=replace(issued, issuer=STRANGER))
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (1, "role-missing")

    def test_an_acceptance_after_the_deadline_is_found(self) -> None:
        story, title = consortium()
        story.offer(title, BUYER, lasting=5)
        story.next_block()
        story.emit(title_events.TitleTransferred(title, 3, BUYER, BUYER, BUYER, TitleKind.ORDER))
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (3, "offer-expired")


class TestGateways:
    def locked(self, story: Story, title: TitleId) -> None:
        seq, transfer = story.titles[title].seq + 1, hex_of("transfer")
        story.emit(title_events.TitleLocked(title, seq, SHIPPER, GATEWAY, transfer))

    def arrived(self, story: Story) -> TitleId:
        arriving = TitleId(hex_of("arriving"))
        story.emit(
            title_events.TitleImported(
                *(arriving, 1, GATEWAY, CARRIER, SeriesId(hex_of("series"))),
                *(ContentRoot(hex_of("root")), SHIPPER, SHIPPER, TitleKind.ORDER),
                *(1, 1, 0, hex_of("transfer")),
            )
        )
        return arriving

    def test_a_lock_for_a_recognised_gateway_is_lawful(self) -> None:
        story, title = consortium()
        story.recognise_gateway()
        self.locked(story, title)
        assert judged(story.events, title) == []

    def test_a_lock_for_one_that_was_never_recognised_is_found(self) -> None:
        story, title = consortium()
        self.locked(story, title)
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (2, "gateway-unknown")

    def test_a_lock_for_one_that_was_dismissed_before_is_found(self) -> None:
        story, title = consortium()
        story.recognise_gateway()
        story.dismiss_gateway()
        self.locked(story, title)
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (2, "gateway-unknown")

    def test_a_lock_before_the_recognition_is_found(self) -> None:
        story, title = consortium()
        self.locked(story, title)
        story.recognise_gateway()
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (2, "gateway-unknown")

    def test_what_is_locked_comes_back_also_from_one_that_is_dismissed(self) -> None:
        story, title = consortium()
        story.recognise_gateway()
        self.locked(story, title)
        story.dismiss_gateway()
        story.emit(title_events.TitleReturned(title, 3, GATEWAY))
        assert judged(story.events, title) == []

    def test_an_arrival_by_a_recognised_gateway_is_lawful(self) -> None:
        story, _ = consortium()
        story.recognise_gateway()
        story.admit_gateway(CARRIER)
        assert judged(story.events, self.arrived(story)) == []

    def test_an_arrival_by_one_that_its_carrier_has_not_admitted_is_found(self) -> None:
        story, _ = consortium()
        story.recognise_gateway()
        story.admit_gateway(STRANGER)
        arriving = self.arrived(story)
        story.admit_gateway(CARRIER)
        (found,) = judged(story.events, arriving)
        assert (found.seq, found.rule) == (1, "gateway-not-admitted")

    def test_an_arrival_after_its_carrier_has_withdrawn_the_admission_is_found(self) -> None:
        story, _ = consortium()
        story.recognise_gateway()
        story.admit_gateway(CARRIER)
        story.emit(AdmissionWithdrawn(CARRIER, GATEWAY))
        (found,) = judged(story.events, self.arrived(story))
        assert (found.seq, found.rule) == (1, "gateway-not-admitted")

    def test_a_return_by_another_gateway_than_it_left_by_is_found(self) -> None:
        story, title = consortium()
        other = Address(hex_of("another gateway", size=20))
        for gateway in (GATEWAY, other):
            story.recognise_gateway(gateway)
        self.locked(story, title)
        story.emit(title_events.TitleExported(title, 3, GATEWAY))
        issued = story.book.kept[title].issuance
        story.emit(
            title_events.TitleImported(
                *(title, 4, other, CARRIER, issued.series, issued.content_root),
                *(BUYER, BUYER, TitleKind.ORDER, 1, 1, 0, hex_of("transfer")),
            )
        )
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (4, "not-the-gateway")

    def test_an_arrival_by_any_other_account_is_found(self) -> None:
        story, _ = consortium()
        (found,) = judged(story.events, self.arrived(story))
        assert (found.seq, found.rule) == (1, "gateway-unknown")


class TestPaperDelay:
    def ended(self, after: int) -> list[IllegalAct]:
        """What is said of a title that its possessor ended so many seconds after the revocation."""
        story, title = consortium()
        story.change_status(CARRIER, PartyStatus.REVOKED)
        story.next_block(after // 5)
        story.emit(title_events.TitleEndedAsPaper(title, 2, SHIPPER))
        return judged(story.events, title)

    def test_an_end_as_paper_before_the_delay_is_over_is_found(self) -> None:
        (found,) = self.ended(DAY - 5)
        assert (found.seq, found.rule) == (2, "paper-too-early")

    def test_an_end_as_paper_after_it_is_lawful(self) -> None:
        assert self.ended(DAY) == []


class TestPledgees:
    def pledged(self) -> tuple[Story, TitleId, PartyIndex]:
        story, title = consortium()
        bank = story.enrol(Role.BANK)
        proposed = title_events.PledgeProposed(title, 2, SHIPPER, pledgee_of(bank), story.now + DAY)
        story.emit(proposed)
        story.emit(title_events.TitlePledged(title, 3, pledgee_of(bank)))
        return story, title, bank

    def test_the_act_of_an_account_of_the_pledgee_is_lawful(self) -> None:
        story, title, bank = self.pledged()
        assert judged(story.events, title, account=story.accounts[bank][0]) == []

    def test_the_act_of_another_partys_account_is_found(self) -> None:
        story, title, _ = self.pledged()
        (found,) = judged(story.events, title, account=story.accounts[STRANGER][0])
        assert (found.seq, found.rule) == (3, "not-the-pledgee")

    def test_the_act_of_an_account_that_was_taken_from_the_pledgee_is_found(self) -> None:
        story, title, bank = self.pledged()
        lost, pledge = story.accounts[bank][0], story.events.pop()
        story.emit(AccountRemoved(bank, lost))
        story.emit(pledge.event)
        (found,) = judged(story.events, title, account=lost)
        assert (found.seq, found.rule) == (3, "not-the-pledgee")

    def test_the_act_of_an_account_that_it_got_only_later_is_found(self) -> None:
        story, title, bank = self.pledged()
        later = Address(hex_of("later", size=20))
        story.emit(AccountAdded(bank, later))
        (found,) = judged(story.events, title, account=later)
        assert (found.seq, found.rule) == (3, "not-the-pledgee")

    def test_a_revoked_banks_successor_acts_for_it(self) -> None:
        story, title, bank = self.pledged()
        story.change_status(bank, PartyStatus.REVOKED)
        story.change_roles(STRANGER, Role.BANK)
        story.emit(SuccessorNamed(bank, STRANGER))
        story.emit(title_events.PledgeReleased(title, 4, pledgee_of(bank)))
        found = judged(story.events, title, account=story.accounts[STRANGER][0])
        assert [each.seq for each in found] == [3]  # it was nobody's successor yet

    def test_where_no_account_is_known_the_pledgee_that_is_named_must_do(self) -> None:
        story, title, _ = self.pledged()
        assert judged(story.events, title) == []
        story.emit(title_events.PledgeReleased(title, 4, pledgee_of(STRANGER)))
        (found,) = judged(story.events, title)
        assert (found.seq, found.rule) == (4, "not-the-pledgee")
