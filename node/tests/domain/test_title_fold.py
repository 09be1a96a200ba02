"""A title's events make one history, and only in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chance import played
from tests.story import Story, hex_of
from tidan_node.domain.events import ChainEvent, InvoiceAccepted
from tidan_node.domain.history import head_of, word
from tidan_node.domain.identifiers import PartyIndex, RecordId, TitleId, to_bytes
from tidan_node.domain.parties import Role
from tidan_node.domain.steps import HistoryBroken
from tidan_node.domain.title_details import issue_detail, offer_detail
from tidan_node.domain.title_events import SurrenderRequested, TitleEvent, TitleIssued, TitleOffered
from tidan_node.domain.title_fold import advance_title, fold_title
from tidan_node.domain.titles import Issuance, Offer, Offered, TitleAct, TitleKind, TitleStatus

CARRIER, SHIPPER, BUYER = PartyIndex(1), PartyIndex(2), PartyIndex(3)


def consortium() -> Story:
    story = Story()
    for role in (Role.CARRIER, Role.TRADER, Role.TRADER):
        story.enrol(role)
    return story


def of_title(events: Iterable[ChainEvent], title: TitleId) -> list[ChainEvent]:
    return [
        each for each in events if isinstance(each.event, TitleEvent) and each.event.id == title
    ]


def abi_of(issuance: Issuance) -> bytes:
    """What TitleRegistry hashes: three words, and the terms in a fourth."""
    terms = issuance.possessor | issuance.titleholder << 32 | issuance.kind << 64
    terms |= issuance.schema << 72 | issuance.version << 88 | issuance.rulebook << 104
    words = map(to_bytes, (issuance.title_id, issuance.series, issuance.content_root))
    return encode(["bytes32", "bytes32", "bytes32", "uint256"], [*words, terms])


def journey() -> tuple[Story, TitleId, list[ChainEvent]]:
    """Issued, offered, accepted, surrendered, refused, surrendered again, delivered."""
    story = consortium()
    title = story.issue(CARRIER, SHIPPER)
    acts: list[Callable[[], None]] = [
        lambda: story.offer(title, BUYER),
        lambda: story.accept(title),
        lambda: story.surrender(title),
        lambda: story.reject_surrender(title, 3),
        lambda: story.surrender(title),
        lambda: story.accept_surrender(title),
    ]
    for act in acts:
        story.next_block()
        act()
    return story, title, of_title(story.events, title)


class TestFoldTitle:
    def test_tells_who_did_what_in_order(self) -> None:
        _, _, events = journey()
        assert [(step.act.kind.name, step.act.actor) for step in fold_title(events)] == [
            ("ISSUE", CARRIER),
            ("OFFER", SHIPPER),
            ("ACCEPT", BUYER),
            ("SURRENDER_FOR_DELIVERY", BUYER),
            ("REJECT_SURRENDER", CARRIER),
            ("SURRENDER_FOR_DELIVERY", BUYER),
            ("ACCEPT_SURRENDER", CARRIER),
        ]

    def test_knows_the_holders_after_each_act(self) -> None:
        _, _, events = journey()
        titles = [step.after.title for step in fold_title(events)]
        assert [title.possessor for title in titles] == [SHIPPER, SHIPPER] + [BUYER] * 5
        assert [title.titleholder for title in titles] == [SHIPPER, SHIPPER] + [BUYER] * 5
        assert titles[-1].status is TitleStatus.DELIVERED

    def test_carries_where_each_act_stands(self) -> None:
        _, _, events = journey()
        assert [step.origin for step in fold_title(events)] == [each.origin for each in events]

    def test_the_head_is_the_one_over_all_acts(self) -> None:
        _, _, events = journey()
        steps = fold_title(events)
        for length in range(1, len(steps) + 1):
            assert steps[length - 1].after.head == head_of([step.act for step in steps[:length]])

    def test_the_details_are_those_of_the_contract(self) -> None:
        story, title, events = journey()
        issued, offered, _, _, rejected, *_ = fold_title(events)
        issuance = Issuance(
            title_id=title,
            series=issued.after.series,
            content_root=issued.after.content_root,
            possessor=SHIPPER,
            titleholder=SHIPPER,
            kind=TitleKind.ORDER,
            schema=1,
            version=1,
        )
        assert issued.act.detail == issue_detail(issuance) == keccak(abi_of(issuance))
        offer = Offer(BUYER, Offered.POSSESSION | Offered.TITLE, offered.act.time + 3600)
        assert offered.act.detail == offer_detail(offer)
        assert rejected.act.detail == word(3)
        assert story.titles[title] == fold_title(events)[-1].after.title

    @settings(deadline=None)
    @given(random=st.randoms(use_true_random=False), acts=st.integers(0, 80))
    def test_any_history_that_the_rules_allow_ends_where_the_rules_end(
        self, random: Random, acts: int
    ) -> None:
        story = played(random, acts)
        for title_id, title in story.titles.items():
            steps = fold_title(of_title(story.events, title_id))
            assert steps[-1].after.title == title
            assert [step.act.seq for step in steps] == list(range(1, title.seq + 1))


class TestAdvanceTitle:
    def test_a_missing_event_is_noticed(self) -> None:
        _, _, events = journey()
        with pytest.raises(HistoryBroken, match="seq 3 where seq 2"):
            fold_title([events[0], *events[2:]])

    def test_two_events_in_the_wrong_order_are_noticed(self) -> None:
        _, _, events = journey()
        with pytest.raises(HistoryBroken, match="seq 3 where seq 2"):
            fold_title([events[0], events[2], events[1], *events[3:]])

    def test_an_event_told_twice_is_noticed(self) -> None:
        _, _, events = journey()
        with pytest.raises(HistoryBroken, match="seq 2 where seq 3"):
            fold_title([*events[:2], events[1]])

    def test_nothing_comes_before_the_issue(self) -> None:
        _, _, events = journey()
        with pytest.raises(HistoryBroken, match="before it was issued"):
            fold_title(events[1:])

    def test_a_title_is_issued_once(self) -> None:
        _, _, events = journey()
        with pytest.raises(HistoryBroken, match="issued twice"):
            fold_title([events[0], events[0]])

    def test_an_event_of_another_title_does_not_belong(self) -> None:
        _, _, events = journey()
        offered = events[1].event
        assert isinstance(offered, TitleOffered)
        stray = replace(events[1], event=replace(offered, id=TitleId(hex_of("another"))))
        with pytest.raises(HistoryBroken, match="among those of"):
            fold_title([events[0], stray])

    def test_an_event_of_an_invoice_does_not_belong(self) -> None:
        _, title, events = journey()
        stray = replace(events[1], event=InvoiceAccepted(RecordId(title), 2, BUYER))
        with pytest.raises(HistoryBroken, match="InvoiceAccepted is no event of a title"):
            fold_title([events[0], stray])

    def test_a_surrender_into_a_state_that_is_none_of_a_surrender_is_refused(self) -> None:
        _, title, events = journey()
        odd = SurrenderRequested(title, 2, SHIPPER, TitleStatus.EXPORTED, 0)
        with pytest.raises(HistoryBroken, match="EXPORTED"):
            advance_title(fold_title(events[:1])[0].after, replace(events[1], event=odd))

    def test_an_expired_offer_gives_way_to_the_next(self) -> None:
        story = consortium()
        title = story.issue(CARRIER, SHIPPER)
        story.offer(title, BUYER, lasting=5)
        story.next_block(10)
        story.offer(title, CARRIER)
        last = fold_title(of_title(story.events, title))[-1]
        assert last.act.kind is TitleAct.OFFER
        assert last.after.title.offer is not None
        assert last.after.title.offer.recipient == CARRIER

    def test_the_issue_stands_for_itself(self) -> None:
        _, _, events = journey()
        issued = events[0].event
        assert isinstance(issued, TitleIssued)
        state = advance_title(None, events[0]).after
        assert (state.series, state.content_root) == (issued.series, issued.content_root)
