"""The Council and its decisions are audited as the records are: chain, contract, rules, node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from tests.audit.audited import OfficeNode, chain_of
from tests.audit.lying import AnswerInstead
from tests.audit.tampering import audited, changed
from tests.council_acts import DAY, approve, execute, found, object_to, propose, wait
from tests.office import Consortium, Office, opened
from tidan_node.audit.council import audit_council
from tidan_node.audit.findings import Verdict
from tidan_node.audit.parties import audit_parties
from tidan_node.audit.platforms import audit_platforms
from tidan_node.domain import membership_events as membership
from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.ledger.calls import Call
from tidan_node.records.council_tables import council_proposals, council_seats, recognitions
from tidan_node.records.tables import parties

ONE, TWO, THREE, FOUR = (PartyIndex(index) for index in range(1, 5))
NEW = Address("0x" + "ab" * 20)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A Council that has recovered a key over an objection, and recognised a platform."""
    consortium = Consortium(tmp_path)
    for role in (Role.CARRIER, Role.BANK, Role.REGULATOR, Role.TRADER):
        consortium.enrol(role)
    story = consortium.story
    found(story, ONE, TWO, THREE)
    call = Call("PartyRegistry", "recover", (FOUR, NEW, "key lost"))
    recovery = propose(story, ONE, call, subject=FOUR)
    approve(story, recovery, TWO)
    object_to(story, recovery, FOUR)
    approve(story, recovery, THREE)
    terms = ("PORT", 2, b"did:web:port", 2, "records:read", story.now + 90 * DAY)
    platform = propose(story, TWO, Call("PlatformRegistry", "recognise", terms))
    approve(story, platform, THREE)
    propose(story, THREE, Call("Council", "removeSeat", (ONE,)))
    wait(story)
    for number in (recovery, platform):
        execute(story, number)
    async with opened(consortium, ONE) as office:
        await consortium.publish()
        yield office


def fields(audits: list[Any]) -> list[tuple[str, str, str]]:
    return [
        (each.kind, each.record, difference.field)
        for each in audits
        for difference in each.differences
    ]


async def test_an_honest_node_is_verified(office: Office) -> None:
    heard, _ = await audited(office)
    assert heard.findings == []
    kinds = [each.kind for each in heard.audits]
    assert [kinds.count(kind) for kind in ("council", "proposal", "recognition")] == [1, 3, 1]


class TestTheNodesRows:
    async def test_a_changed_seat_is_named(self, office: Office) -> None:
        await changed(office, update(council_seats).values(seats=[1, 2, 4]))
        heard, _ = await audited(office)
        (council,) = [each for each in heard.audits if each.kind == "council"]
        assert fields([council]) == [("council", "council", "seats")]

    async def test_a_changed_approval_is_named(self, office: Office) -> None:
        third = council_proposals.c.number == 3
        await changed(office, update(council_proposals).where(third).values(approvals=[3, 1]))
        heard, _ = await audited(office)
        assert heard.findings == [("proposal", "3", "different")]

    async def test_another_call_than_the_one_that_was_approved_is_named(
        self, office: Office
    ) -> None:
        third = council_proposals.c.number == 3
        await changed(office, update(council_proposals).where(third).values(call=b"\x00"))
        heard, _ = await audited(office)
        assert heard.findings == [("proposal", "3", "different")]

    async def test_a_proposal_that_is_kept_back_is_named(self, office: Office) -> None:
        await changed(office, delete(council_proposals).where(council_proposals.c.number == 2))
        heard, _ = await audited(office)
        assert heard.findings == [("proposal", "2", "different")]

    async def test_a_wider_scope_of_a_platform_is_named(self, office: Office) -> None:
        await changed(office, update(recognitions).values(acts="admin records:read"))
        heard, _ = await audited(office)
        ((kind, _, verdict),) = heard.findings
        assert (kind, verdict) == ("recognition", "different")

    async def test_a_recognition_that_is_kept_back_is_named(self, office: Office) -> None:
        await changed(office, delete(recognitions))
        heard, _ = await audited(office)
        assert [each[0] for each in heard.findings] == ["recognition"]

    async def test_an_invented_successor_is_named(self, office: Office) -> None:
        await changed(office, update(parties).where(parties.c.id == 4).values(successor=1))
        heard, _ = await audited(office)
        assert heard.findings == [("party", "4", "different")]


class TestLies:
    async def test_a_proposal_that_never_was_is_named(self, office: Office) -> None:
        node = OfficeNode(office)
        page = (await node.get("/v1/council/proposals")).document
        invented = {**page["items"][0], "number": 9}  # type: ignore[index]  # JSON
        told = {**page, "items": [invented, *page["items"]]}  # type: ignore[misc]  # JSON
        liar = AnswerInstead(node, {"/v1/council/proposals": told})
        audits = await audit_council(chain_of(office), liar)
        assert fields(audits) == [("proposal", "9", "proposal")]

    async def test_that_nobody_has_founded_it_is_named(self, office: Office) -> None:
        node = OfficeNode(office)
        said = (await node.get("/v1/council")).document
        lie = {**said, "founded": False, "seats": [], "terms": None}
        audits = await audit_council(chain_of(office), AnswerInstead(node, {"/v1/council": lie}))
        assert {each[2] for each in fields(audits)} == {"founded", "seats", "terms"}

    async def test_a_node_behind_the_chain_is_not_false(self, office: Office) -> None:
        story = office.consortium.story
        (anchor,) = story.recognitions
        propose(story, ONE, Call("Council", "removeSeat", (TWO,)))
        approve(story, 3, TWO)
        withdrawal = propose(story, ONE, Call("PlatformRegistry", "withdraw", (anchor,)))
        approve(story, withdrawal, TWO)
        wait(story)
        execute(story, withdrawal)
        execute(story, 3)
        story.change_status(FOUR, PartyStatus.SUSPENDED)
        chain = chain_of(office)
        chain.length = story.block
        node = OfficeNode(office)
        audits = [
            *await audit_council(chain, node),
            *await audit_platforms(chain, node),
            *await audit_parties(chain, node, [TWO, FOUR]),
        ]
        assert {(each.kind, each.record): each.behind and each.behind.acts for each in audits} == {
            ("council", "council"): 1,
            ("proposal", "1"): None,
            ("proposal", "2"): None,
            ("proposal", "3"): 2,
            ("recognition", anchor): 1,
            ("party", "2"): None,
            ("party", "4"): 1,
        }
        assert {each.verdict for each in audits} == {Verdict.VERIFIED, Verdict.BEHIND}


class TestTheChainItself:
    async def test_an_execution_that_its_rules_forbid_is_a_fault(self, office: Office) -> None:
        story = office.consortium.story
        story.emit(membership.Executed(3))
        proposal = story.council.proposals[3]
        executed = replace(proposal, executed_at=story.now)
        story.council = replace(story.council, proposals={**story.council.proposals, 3: executed})
        await office.consortium.publish()
        audits = await audit_council(chain_of(office), OfficeNode(office))
        assert [each.rule for each in audits[0].faults] == ["approvals-missing"]

    async def test_an_approval_that_was_left_out_is_a_fault(self, office: Office) -> None:
        chain = chain_of(office)
        last = next(
            each
            for each in reversed(chain.events)
            if isinstance(each.event, membership.Approved) and each.event.proposal == 2
        )
        chain.events.remove(last)
        audits = await audit_council(chain, OfficeNode(office))
        assert "unlike-the-contract" in {each.rule for each in audits[0].faults}

    async def test_an_event_out_of_order_is_a_fault(self, office: Office) -> None:
        chain = chain_of(office)
        first = next(each for each in chain.events if isinstance(each.event, membership.Proposed))
        chain.events.remove(first)
        audits = await audit_council(chain, OfficeNode(office))
        assert [each.rule for each in audits[0].faults] == ["history-broken"]

    async def test_a_withdrawal_that_was_left_out_is_a_fault(self, office: Office) -> None:
        story = office.consortium.story
        (anchor,) = story.recognitions
        story.recognitions[anchor] = replace(story.recognitions[anchor], withdrawn=True)
        (audit,) = await audit_platforms(chain_of(office), OfficeNode(office))
        assert [each.rule for each in audit.faults] == ["unlike-the-contract"]
