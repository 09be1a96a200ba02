"""An audit believes the chain alone, and names everything that a node says otherwise."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.audit.audited import (
    BANK,
    BUYER,
    CARRIER,
    SHIPPER,
    Json,
    StoryChain,
    a_title,
    audit_title,
    chain_of,
    said_of,
)
from tests.chance import played
from tests.office import Consortium, Office, opened
from tests.sampling import TIMES
from tests.story import hex_of
from tidan_node.audit.findings import Audit, Verdict
from tidan_node.audit.records import NodeAnswer
from tidan_node.domain import events as told
from tidan_node.domain import title_events
from tidan_node.domain.identifiers import TitleId
from tidan_node.domain.titles import TitleKind


def fields_of(audit: Audit) -> list[str]:
    return [difference.field for difference in audit.differences]


class TestVerified:
    async def test_an_honest_node_is_verified(self, office: Office) -> None:
        title = await a_title(office)
        audit = await audit_title(chain_of(office), title, await said_of(office, title))
        assert audit.document() == {
            "kind": "title",
            "record": title,
            "verdict": "verified",
            "asOf": {
                "block": office.consortium.story.block - 1,
                "hash": hex_of("main", "block", office.consortium.story.block - 1),
            },
            "head": (await said_of(office, title)).record["head"],  # type: ignore[index]  # there
            "acts": 6,
            "parties": [
                {"index": index, "name": f"Party {index} Ltd"}
                for index in (CARRIER, SHIPPER, BUYER, BANK)
            ],
            "unanswered": None,
            "behind": None,
            "differences": [],
            "faults": [],
            "damage": [],
        }

    @pytest.mark.parametrize("seed", range(3 * TIMES))
    async def test_every_title_of_any_story_is_verified(self, tmp_path: Path, seed: int) -> None:
        consortium = Consortium(tmp_path, story=played(Random(seed), 150))
        async with opened(consortium, CARRIER) as office:
            await consortium.publish()
            titles = list(consortium.story.titles)
            audits = [
                await audit_title(chain_of(office), title, await said_of(office, title))
                for title in titles
            ]
        assert {audit.verdict for audit in audits} == {Verdict.VERIFIED}

    def test_those_stories_have_titles_of_every_kind(self) -> None:
        stories = [played(Random(seed), 150) for seed in range(3)]
        kinds = {title.kind for story in stories for title in story.titles.values()}
        assert kinds == set(TitleKind)

    async def test_a_node_may_miss_blocks_without_news_of_the_title(self, office: Office) -> None:
        title = await a_title(office)
        answer = await said_of(office, title)
        office.consortium.story.next_block(10)
        office.consortium.story.anchor(BANK)
        audit = await audit_title(StoryChain.of(office.consortium.story), title, answer)
        assert (audit.verdict, audit.behind) == (Verdict.VERIFIED, None)


class TestDifferent:
    async def test_a_difference_says_what_each_side_says(self, office: Office) -> None:
        title = await a_title(office)
        answer = copy.deepcopy(await said_of(office, title))
        answer.record["possessor"]["index"] = 4  # type: ignore[index]  # it is there
        (difference,) = (await audit_title(chain_of(office), title, answer)).differences
        assert (difference.field, difference.chain, difference.node) == ("possessor", 3, 4)

    async def test_a_node_that_missed_an_event_is_not_merely_behind(self, office: Office) -> None:
        title = await a_title(office)
        earlier = await said_of(office, title)
        office.consortium.story.withdraw(title)
        await office.consortium.publish()
        now = (await said_of(office, title)).record
        assert now is not None
        stale = NodeAnswer({**(earlier.record or {}), "asOf": now["asOf"]}, earlier.history)
        audit = await audit_title(chain_of(office), title, stale)
        assert audit.verdict is Verdict.DIFFERENT
        assert {"seq", "head", "offer.recipient"} <= set(fields_of(audit))

    async def test_a_title_that_the_chain_does_not_have_is_named(self, office: Office) -> None:
        title = await a_title(office)
        answer = await said_of(office, title)
        invented = TitleId(hex_of("invented"))
        audit = await audit_title(chain_of(office), invented, answer)
        assert audit.verdict is Verdict.DIFFERENT
        assert [(d.field, d.chain) for d in audit.differences] == [("title", None)]

    async def test_a_title_that_the_node_ought_to_have_is_named(self, office: Office) -> None:
        title = await a_title(office)
        as_of = (await said_of(office, title)).as_of
        audit = await audit_title(chain_of(office), title, NodeAnswer(None, None, as_of))
        assert (audit.verdict, fields_of(audit)) == (Verdict.DIFFERENT, ["title"])


class TestBehind:
    async def test_what_was_so_at_the_nodes_block_is_behind_and_not_false(
        self, office: Office
    ) -> None:
        title = await a_title(office)
        answer = await said_of(office, title)
        story = office.consortium.story
        story.withdraw(title)
        story.next_block(3)
        story.offer(title, SHIPPER)
        audit = await audit_title(StoryChain.of(story), title, answer)
        assert audit.verdict is Verdict.BEHIND
        assert audit.document()["behind"] == {"blocks": 4, "acts": 2}
        assert audit.differences == ()

    async def test_a_title_issued_since_is_not_missing(self, office: Office) -> None:
        story = office.consortium.story
        answer = await said_of(office, TitleId(hex_of("none")))
        title = story.issue(CARRIER, SHIPPER)
        audit = await audit_title(StoryChain.of(story), title, answer)
        assert (audit.verdict, audit.differences) == (Verdict.BEHIND, ())

    async def test_being_behind_excuses_nothing_that_was_never_so(self, office: Office) -> None:
        title = await a_title(office)
        answer = copy.deepcopy(await said_of(office, title))
        answer.record["titleholder"]["index"] = 4  # type: ignore[index]  # it is there
        office.consortium.story.withdraw(title)
        audit = await audit_title(StoryChain.of(office.consortium.story), title, answer)
        assert (audit.verdict, fields_of(audit)) == (Verdict.DIFFERENT, ["titleholder"])


class TestForked:
    @pytest.mark.parametrize(
        "as_of",
        [
            {"block": 3, "hash": "0x" + "00" * 32},
            {"block": 10**6, "hash": "0x" + "00" * 32},
            {"block": -1, "hash": "0x" + "00" * 32},
        ],
    )
    async def test_a_node_on_a_block_that_the_chain_does_not_have_is_named(
        self, office: Office, as_of: Json
    ) -> None:
        title = await a_title(office)
        answer = await said_of(office, title)
        elsewhere = NodeAnswer({**(answer.record or {}), "asOf": as_of}, answer.history)
        audit = await audit_title(chain_of(office), title, elsewhere)
        assert audit.verdict is Verdict.FORKED


def _place_of(chain: StoryChain, kind: type[told.Event]) -> int:
    return next(i for i, each in enumerate(chain.events) if isinstance(each.event, kind))


class TestChainFaulty:
    async def test_an_event_that_the_chains_node_leaves_out_is_noticed(
        self, office: Office
    ) -> None:
        title = await a_title(office)
        chain = chain_of(office)
        del chain.events[_place_of(chain, title_events.TitleTransferred)]
        audit = await audit_title(chain, title, await said_of(office, title))
        assert audit.verdict is Verdict.CHAIN_FAULTY
        assert (audit.faults[0].rule, audit.faults[0].seq) == ("gap", 3)

    async def test_a_last_event_that_is_left_out_is_noticed_by_the_head(
        self, office: Office
    ) -> None:
        title = await a_title(office)
        chain = chain_of(office)
        last = max(
            i for i, e in enumerate(chain.events) if isinstance(e.event, title_events.TitleOffered)
        )
        del chain.events[last]
        audit = await audit_title(chain, title, await said_of(office, title))
        assert audit.verdict is Verdict.CHAIN_FAULTY
        assert {fault.detail.split(":")[0] for fault in audit.faults} == {
            "offeree",
            "seq",
            "offered",
            "deadline",
            "head",
        }

    async def test_an_event_that_was_changed_on_the_way_is_noticed_by_the_head(
        self, office: Office
    ) -> None:
        title = await a_title(office)
        chain = chain_of(office)
        place = _place_of(chain, title_events.SurrenderRejected)
        event = chain.events[place].event
        assert isinstance(event, title_events.SurrenderRejected)
        chain.events[place] = replace(chain.events[place], event=replace(event, reason=1))
        audit = await audit_title(chain, title, await said_of(office, title))
        assert audit.verdict is Verdict.CHAIN_FAULTY
        assert [fault.detail.split(":")[0] for fault in audit.faults] == ["head"]

    async def test_a_title_that_only_the_contract_has_is_noticed(self, office: Office) -> None:
        title = await a_title(office)
        chain = chain_of(office)
        chain.events = [
            e for e in chain.events if not isinstance(e.event, title_events.TitleIssued)
        ]
        audit = await audit_title(chain, title, NodeAnswer(None, None, None))
        assert audit.verdict is Verdict.CHAIN_FAULTY

    async def test_an_act_that_the_rules_forbid_is_named_though_the_contract_let_it_pass(
        self, office: Office
    ) -> None:
        title = await a_title(office)
        story = office.consortium.story
        # a contract with a fault: it lets the stranger decline
        before = story.titles[title]
        story.emit(title_events.OfferDeclined(title, before.seq + 1, SHIPPER))
        after = before._replace(seq=before.seq + 1, offer=None)
        story.book.kept[title] = replace(story.book.kept[title], title=after)
        await office.consortium.publish()
        audit = await audit_title(chain_of(office), title, await said_of(office, title))
        assert audit.verdict is Verdict.CHAIN_FAULTY
        assert [(fault.rule, fault.seq) for fault in audit.faults] == [("not-the-offeree", 7)]

    async def test_a_record_of_the_same_id_elsewhere_does_not_disturb(self, office: Office) -> None:
        title = await a_title(office)
        story = office.consortium.story
        same: Any = title
        root: Any = hex_of("root")
        story.emit(told.InvoiceRegistered(same, SHIPPER, BUYER, root, 2, 1))
        await office.consortium.publish()
        audit = await audit_title(chain_of(office), title, await said_of(office, title))
        assert audit.verdict is Verdict.VERIFIED
