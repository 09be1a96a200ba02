"""What PolicyRegistry let pass is held against the rules once more."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chance import played
from tests.story import Story
from tidan_node.domain import events as happened
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import ContentRoot, PartyIndex, RecordId
from tidan_node.domain.legality import IllegalAct
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.policy_legality import policy_legality
from tidan_node.domain.record_fold import PolicyEvent, fold_policy
from tidan_node.domain.standings import Standings

INSURER, INSURED, BANK = (PartyIndex(index) for index in range(1, 4))
ROOT = ContentRoot("0x" + "33" * 32)


def consortium() -> tuple[Story, RecordId]:
    story = Story()
    for role in (Role.INSURER, Role.TRADER, Role.BANK):
        story.enrol(role)
    return story, story.issue_policy(INSURER, INSURED)


def judged(events: list[ChainEvent], policy: RecordId) -> list[IllegalAct]:
    ours = [e for e in events if isinstance(e.event, PolicyEvent) and e.event.id == policy]
    return list(policy_legality(fold_policy(ours), Standings(events).at))


class TestPolicyLegality:
    @settings(deadline=None)
    @given(random=st.randoms(use_true_random=False), acts=st.integers(0, 80))
    def test_nothing_is_found_where_the_rules_were_kept(self, random: Random, acts: int) -> None:
        story = played(random, acts)
        for policy in story.policies:
            assert judged(story.events, policy) == []

    def test_an_issue_by_who_is_no_insurer_is_found(self) -> None:
        story, _ = consortium()
        policy = RecordId("0x" + "88" * 32)
        story.emit(happened.PolicyIssued(policy, BANK, INSURED, ROOT, story.now + 9, 3, 1))
        (found,) = judged(story.events, policy)
        assert (found.seq, found.rule) == (1, "role-missing")

    def test_an_assignment_by_the_insurer_is_found(self) -> None:
        story, policy = consortium()
        story.emit(happened.PolicyAssigned(policy, 2, INSURER, BANK))
        (found,) = judged(story.events, policy)
        assert (found.seq, found.rule) == (2, "not-the-insured")

    def test_a_second_assignment_is_found(self) -> None:
        story, policy = consortium()
        story.act_on_policy(policy, happened.PolicyAssigned)
        story.emit(happened.PolicyAssigned(policy, 3, INSURED, INSURED))
        (found,) = judged(story.events, policy)
        assert (found.seq, found.rule) == (3, "wrong-status")

    def test_an_assignment_to_a_suspended_party_is_found(self) -> None:
        story, policy = consortium()
        story.change_status(BANK, PartyStatus.SUSPENDED)
        story.emit(happened.PolicyAssigned(policy, 2, INSURED, BANK))
        (found,) = judged(story.events, policy)
        assert (found.seq, found.rule) == (2, "party-not-active")

    def test_an_endorsement_that_is_no_later_version_is_found(self) -> None:
        story, policy = consortium()
        story.emit(happened.PolicyEndorsed(policy, 2, INSURER, ROOT, 1))
        (found,) = judged(story.events, policy)
        assert (found.seq, found.rule) == (2, "version-not-ahead")

    def test_a_cancellation_after_the_end_of_cover_is_found(self) -> None:
        story, policy = consortium()
        story.next_block(10_000)
        story.emit(happened.PolicyCancelled(policy, 2, INSURER))
        (found,) = judged(story.events, policy)
        assert (found.seq, found.rule) == (2, "policy-expired")

    def test_an_act_after_the_cancellation_is_found(self) -> None:
        story, policy = consortium()
        story.act_on_policy(policy, happened.PolicyCancelled)
        story.emit(happened.PolicyEndorsed(policy, 3, INSURER, ROOT, 2))
        (found,) = judged(story.events, policy)
        assert (found.seq, found.rule) == (3, "wrong-status")
