"""What never breaks, whatever parties, pledgees, carriers and gateways try: many thousand acts on
the specification alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import pytest

from tests.sampling import TIMES
from tests.title_book.attempts import Attempt, Chance
from tests.title_book.book import Kept, Scene, TitleBook
from tests.title_book.calls import RULES, carry_out
from tests.title_book.dice import LARGEST
from tests.title_book.members import Members
from tests.title_book.told import events_of
from tidan_node.domain.events import ChainEvent, Origin
from tidan_node.domain.identifiers import (
    NO_PARTY,
    Address,
    BlockHash,
    PartyIndex,
    TitleId,
    TxHash,
)
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.title_events import TitleEvent
from tidan_node.domain.title_fold import TitleState, advance_title
from tidan_node.domain.titles import (
    Title,
    TitleAct,
    TitleKind,
    TitleStatus,
    surrenders,
    transfers,
)
from tidan_node.domain.titles.transitions import TERMINAL, TRANSITIONS
from tidan_node.problems import Problem

STORIES = 80 * TIMES
ACTS = 250
BEGUN = 1_700_000_000
ROLES = (
    *(Role.CARRIER, Role.CARRIER, Role.TRADER, Role.TRADER, Role.TRADER),
    *(Role.BANK, Role.BANK | Role.TRADER),
)
HERE = (TitleStatus.LIVE, TitleStatus.PENDING_DELIVERY, TitleStatus.PENDING_AMENDMENT)
HERE_OR_BETWEEN = (*HERE, TitleStatus.IN_TRANSIT)
ISSUES = (TitleAct.ISSUE, TitleAct.ISSUE_FROM_PAPER, TitleAct.ISSUE_SUCCESSOR)


def account(number: int) -> Address:
    return Address(f"0x{number:040x}")


GATEWAY, OTHER_GATEWAY, STRANGER = account(100), account(101), account(102)


@dataclass(frozen=True)
class Done:
    """A call that was carried out, and the book before and after it."""

    attempt: Attempt
    scene: Scene
    before: dict[TitleId, Kept]
    book: TitleBook
    events: list[TitleEvent]


class Story:
    """One consortium and what chance makes of it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.members = Members()
        for number, roles in enumerate(ROLES, start=1):
            self.members.enrol(PartyIndex(number), account(number), roles)
        self.members.gateways |= {GATEWAY, OTHER_GATEWAY}
        self.members.admissions = {
            *((PartyIndex(1), GATEWAY), (PartyIndex(2), GATEWAY)),
            (PartyIndex(2), OTHER_GATEWAY),
        }
        self.book = TitleBook(self.members)
        self.chance = Chance(self.book, (GATEWAY, OTHER_GATEWAY, STRANGER))
        self.now = BEGUN
        self.refused: set[type[Problem]] = set()

    def acts(self) -> Iterator[Done]:
        for number in range(ACTS):
            if number % 40 == 39:
                self._change_a_member()
            attempt = self.chance.attempt(self.random.randint(0, LARGEST), self.now)
            self.now += attempt.wait
            before, scene = dict(self.book.kept), Scene(attempt.account, self.now)
            try:
                carry_out(self.book, attempt.call, scene)
            except Problem as refusal:
                self.refused.add(type(refusal))
                assert self.book.kept == before
                continue
            events = events_of(self.book, before, attempt.call, scene)
            yield Done(attempt, scene, before, self.book, events)

    def _change_a_member(self) -> None:
        party = PartyIndex(self.random.randint(1, len(ROLES)))
        status = self.members.standing(party).status
        suspended = self.members.first(lambda each: each.status is PartyStatus.SUSPENDED)
        if suspended:
            self.members.change_status(suspended[0].party, PartyStatus.ACTIVE)
        elif status is PartyStatus.ACTIVE and self.random.random() < 0.25:
            successor = PartyIndex(2) if party == 1 and self.random.random() < 0.5 else NO_PARTY
            self.members.revoke(party, successor, self.now)
        elif status is PartyStatus.ACTIVE:
            self.members.change_status(party, PartyStatus.SUSPENDED)


@pytest.fixture(scope="module")
def told() -> dict[str, set[object]]:
    """What happened in all stories, gathered once; every act is held against the invariants."""
    found: dict[str, set[object]] = {"arrows": set(), "refused": set(), "functions": set()}
    for seed in range(STORIES):
        story = Story(seed)
        states: dict[TitleId, TitleState] = {}
        for done in story.acts():
            found["functions"].add(done.attempt.call.function)
            found["arrows"] |= arrows(done)
            hold_invariants(done)
            fold(done, states)
        found["refused"] |= story.refused
    return found


def arrows(done: Done) -> set[object]:
    """The act, the states before and after it and the event, of each title that it touched."""
    found: set[object] = set()
    for title_id, event in zip(done.book.touched, done.events, strict=True):
        before, after = done.before.get(title_id), done.book.kept[title_id]
        status = TitleStatus.NONE if before is None else before.title.status
        name = type(event).__name__
        found.add((after.acts[-1].kind, status, after.title.status, name))
    return found


def hold_invariants(done: Done) -> None:
    for title_id in done.book.touched:
        kept, before = done.book.kept[title_id], done.before.get(title_id)
        title = kept.title
        assert not before or before.title.status not in TERMINAL
        assert title.status is not TitleStatus.LIVE or title.possessor != NO_PARTY
        assert title.offer is None or title.proposal is None
        assert title.pledgee is None or title.status is TitleStatus.LIVE
        if before is not None:
            hold_control(done, before.title, title)
    hold_series(done.book)


def hold_control(done: Done, before: Title, after: Title) -> None:
    """Possession and title move by the offeree's own act alone, of what its giver has offered; of a
    pledged title only as the pledgee has agreed."""
    holders = (before.possessor, before.titleholder)
    function = done.attempt.call.function
    by = done.book.members.party_of(done.scene.account)
    if after.status is TitleStatus.IN_TRANSIT and function == "importTitle":
        assert before.status is TitleStatus.EXPORTED
        return
    if holders != (after.possessor, after.titleholder):
        if function == "endorse":
            assert by == before.possessor == after.possessor
            assert after.titleholder in (NO_PARTY, by)
        else:
            assert function == "accept"
            assert before.offer is not None
            assert by == before.offer.recipient
    if before.pledgee is not None and function == "accept":
        assert before.offer is not None
        assert before.offer.consented or before.offer.enforced
        assert (after.pledgee is None) == before.offer.enforced
    if before.pledgee is not None and after.status is not TitleStatus.LIVE:
        raise AssertionError("a pledged title went away")


def hold_series(book: TitleBook) -> None:
    """At most one record of a series is here, and it is the series' present title."""
    here = [
        kept.issuance.series for kept in book.kept.values() if kept.title.status in HERE_OR_BETWEEN
    ]
    assert len(here) == len(set(here))
    for title_id in book.touched:
        kept = book.kept[title_id]
        if kept.title.status in HERE_OR_BETWEEN:
            assert book.current[kept.issuance.series] == title_id


def fold(done: Done, states: dict[TitleId, TitleState]) -> None:
    """The events alone make the same titles and heads."""
    for title_id, event in zip(done.book.touched, done.events, strict=True):
        origin = Origin(1, GATEWAY, 1, BlockHash(""), done.scene.now, TxHash(""), 0)
        step = advance_title(states.get(title_id), ChainEvent(event, origin))
        states[title_id] = step.after
        kept = done.book.kept[title_id]
        assert step.after.title == kept.title
        assert step.after.head == kept.head
        assert step.act == kept.acts[-1]


class TestManyActs:
    def test_they_keep_the_invariants_and_their_events_tell_them(
        self, told: dict[str, set[object]]
    ) -> None:
        assert told["functions"] == set(RULES)

    def test_the_table_has_every_arrow_that_the_rules_have_and_no_other(
        self, told: dict[str, set[object]]
    ) -> None:
        table = {(each.act, each.before, each.after, each.event) for each in TRANSITIONS}
        assert told["arrows"] == table

    def test_the_table_has_every_act(self) -> None:
        assert {each.act for each in TRANSITIONS} == set(TitleAct) - {TitleAct.NONE}

    def test_no_arrow_leaves_a_terminal_state(self) -> None:
        assert not [each for each in TRANSITIONS if each.before in TERMINAL]


class TestHistories:
    def test_seqs_follow_one_another_and_a_title_begins_once(self) -> None:
        story = Story(0)
        for _ in story.acts():
            pass
        for kept in story.book.kept.values():
            assert all(two.seq == one.seq + 1 for one, two in pairwise(kept.acts))
            assert not [act for act in kept.acts[1:] if act.kind in ISSUES]

    def test_nobody_can_keep_a_holder_from_its_way_out(self) -> None:
        """Whatever is open and however the holder stands: a title that is not pledged, and whose
        possessor is entitled, goes back to its carrier by its possessor's own acts."""
        story = Story(1)
        for _ in story.acts():
            pass
        ways_out = 0
        for kept in story.book.kept.values():
            title = kept.title
            if title.status is not TitleStatus.LIVE or title.pledgee is not None:
                continue
            holder = replace(story.members.standing(title.possessor), status=PartyStatus.REVOKED)
            if title.has_open_offer(story.now):
                title = transfers.withdraw(title, caller=holder, expected_seq=title.seq)
            entitled = title.titleholder == title.possessor
            if entitled or title.kind in (TitleKind.STRAIGHT, TitleKind.BLANK):
                title = surrenders.surrender_for_amendment(
                    title,
                    AmendmentReason.OTHER,
                    caller=holder,
                    expected_seq=title.seq,
                    now=story.now,
                )
                ways_out += 1
        assert ways_out
