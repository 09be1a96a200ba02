"""A party follows from its events, whatever it writes about itself."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chance import played
from tests.story import Story, hex_of
from tidan_node.domain import events as happened
from tidan_node.domain import membership_events as membership
from tidan_node.domain.identifiers import ZERO_20, Address, IssuerCode, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.party_fold import PartyEvent, PartyState, Rotation, advance_party
from tidan_node.domain.standings import Standings
from tidan_node.domain.steps import HistoryBroken

NEW = Address("0x" + "ab" * 20)


def folded(story: Story, index: PartyIndex) -> PartyState:
    state: PartyState | None = None
    for each in story.events:
        if isinstance(each.event, PartyEvent) and each.event.party == index:
            state = advance_party(state, each)
    assert state is not None
    return state


class TestAdvanceParty:
    def test_an_enrolled_party_is_active_with_its_account_and_profile(self) -> None:
        story = Story()
        index = story.enrol(Role.CARRIER | Role.TRADER)
        party = folded(story, index)
        assert (party.roles, party.status) == (Role.CARRIER | Role.TRADER, PartyStatus.ACTIVE)
        assert party.has_account(story.accounts[index][0])
        assert party.name == "Party 1 Ltd"
        assert (party.rulebook, party.governing_law) == ("rules-1", "SG")

    def test_since_when_it_is_revoked_is_known(self) -> None:
        story = Story()
        index = story.enrol(Role.CARRIER)
        before = folded(story, index).standing
        story.next_block()
        story.change_status(index, PartyStatus.REVOKED)
        story.next_block()
        assert (before.revoked_at, folded(story, index).standing.revoked_at) == (0, story.now - 5)

    def test_a_removed_account_stays_known_and_acts_no_more(self) -> None:
        story = Story()
        index = story.enrol(Role.TRADER)
        story.emit(happened.AccountAdded(index, NEW))
        story.emit(happened.AccountRemoved(index, story.accounts[index][0]))
        party = folded(story, index)
        assert party.has_account(NEW)
        assert not party.has_account(story.accounts[index][0])
        assert {known.account for known in party.accounts} == {NEW, story.accounts[index][0]}

    def test_a_profile_that_is_none_leaves_its_hash_and_the_reason(self) -> None:
        story = Story()
        index = story.enrol(Role.TRADER)
        story.emit(happened.ProfileChanged(index, hex_of("bad"), b"\x00not json"))
        party = folded(story, index)
        assert party.profile is None
        assert party.profile_hash == hex_of("bad")
        assert party.profile_error == "profile: not JSON"
        assert party.name == "party 1"

    def test_a_good_profile_heals_a_bad_one(self) -> None:
        story = Story()
        index = story.enrol(Role.TRADER, profile=b"[]")
        raw = story.profile_of(index).canonical()
        story.emit(happened.ProfileChanged(index, hex_of(raw), raw))
        party = folded(story, index)
        assert (party.profile, party.profile_error) == (story.profile_of(index), None)

    def test_numbering_keys_add_up(self) -> None:
        story = Story()
        index = story.enrol(Role.CARRIER)
        for code in ("SMDG:AAA", "SMDG:BBB"):
            key = b"\x03" + bytes(32)
            story.emit(happened.NumberingKeyRegistered(index, hex_of(code), IssuerCode(code), key))
        assert [key.code for key in folded(story, index).numbering_keys] == ["SMDG:AAA", "SMDG:BBB"]

    def test_a_status_keeps_its_reason(self) -> None:
        story = Story()
        index = story.enrol(Role.TRADER)
        story.change_status(index, PartyStatus.SUSPENDED)
        party = folded(story, index)
        assert (party.status, party.status_reason) == (PartyStatus.SUSPENDED, "is suspended now")

    def test_a_rotation_is_open_until_it_is_completed_or_cancelled(self) -> None:
        story = Story()
        index = story.enrol(Role.TRADER)
        story.emit(membership.RotationRequested(index, NEW, ZERO_20, 1_800_000_000))
        assert folded(story, index).rotation == Rotation(NEW, None, 1_800_000_000)
        for end in (membership.RotationCancelled(index), membership.RotationCompleted(index)):
            story.emit(end)
            assert folded(story, index).rotation is None
            story.emit(membership.RotationRequested(index, ZERO_20, NEW, 1_800_000_000))
            assert folded(story, index).rotation == Rotation(None, NEW, 1_800_000_000)

    def test_a_recovery_and_a_successor_are_kept(self) -> None:
        story = Story()
        index, other = story.enrol(Role.CARRIER), story.enrol(Role.CARRIER)
        story.emit(
            membership.PartyRecovered(index, "key lost"), membership.SuccessorNamed(index, other)
        )
        party = folded(story, index)
        assert (party.recovery_reason, party.successor) == ("key lost", other)

    def test_nothing_comes_before_the_enrolment(self) -> None:
        story = Story()
        story.enrol(Role.TRADER)
        with pytest.raises(HistoryBroken, match="before it was enrolled"):
            advance_party(None, story.events[1])

    def test_a_party_is_enrolled_once(self) -> None:
        story = Story()
        index = story.enrol(Role.TRADER)
        with pytest.raises(HistoryBroken, match="enrolled twice"):
            advance_party(folded(story, index), story.events[0])

    def test_an_event_of_another_party_does_not_belong(self) -> None:
        story = Story()
        first, _ = story.enrol(Role.TRADER), story.enrol(Role.TRADER)
        with pytest.raises(HistoryBroken, match="among those of 1"):
            advance_party(folded(story, first), story.events[-1])


class TestStandings:
    @settings(deadline=None)
    @given(random=st.randoms(use_true_random=False), acts=st.integers(0, 60))
    def test_are_at_the_end_what_the_story_says(self, random: Random, acts: int) -> None:
        story = played(random, acts)
        story.next_block()
        story.anchor(PartyIndex(1))
        end = story.events[-1].origin
        standings = Standings(story.events)
        assert {index: standings.at(index, end) for index in story.standings} == story.standings

    def test_are_those_just_before_the_place(self) -> None:
        story = Story()
        index = story.enrol(Role.TRADER)
        story.change_status(index, PartyStatus.SUSPENDED)
        suspended = story.events[-1].origin
        story.change_status(index, PartyStatus.REVOKED)
        revoked = story.events[-1].origin
        standings = Standings(story.events)
        assert standings.at(index, suspended).status is PartyStatus.ACTIVE
        assert standings.at(index, revoked).status is PartyStatus.SUSPENDED

    def test_a_party_that_was_not_enrolled_yet_has_none(self) -> None:
        story = Story()
        index = story.enrol(Role.TRADER)
        standings = Standings(story.events)
        assert standings.at(index, story.events[0].origin).status is PartyStatus.NONE
        assert standings.at(PartyIndex(9), story.events[-1].origin).status is PartyStatus.NONE
