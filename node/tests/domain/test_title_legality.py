"""What the contract let pass is held against the rules once more."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chance import played
from tests.story import Story
from tidan_node.domain import title_events
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import PartyIndex, TitleId
from tidan_node.domain.legality import IllegalAct
from tidan_node.domain.membership_events import SuccessorNamed
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.standings import Standings
from tidan_node.domain.title_events import TitleEvent
from tidan_node.domain.title_fold import fold_title
from tidan_node.domain.title_legality import illegal_acts
from tidan_node.domain.titles import Offered, TitleKind

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


def judged(events: list[ChainEvent], title: TitleId) -> list[IllegalAct]:
    ours = [e for e in events if isinstance(e.event, TitleEvent) and e.event.id == title]
    return list(illegal_acts(fold_title(ours), Standings(events).at))


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
