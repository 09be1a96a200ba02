"""On a real chain, the heads that the contract keeps are those that the fold computes."""

from __future__ import annotations

import pytest

from tests.live_chain import LiveChain
from tests.live_trade import Trade, trade_on
from tests.story import hex_of
from tidan_node.audit.anchors import anchors_of
from tidan_node.audit.facts import Facts, facts_of
from tidan_node.audit.findings import Verdict
from tidan_node.audit.kinds import INVOICE, POLICY, TITLE
from tidan_node.audit.node import Reply
from tidan_node.audit.parties import audit_parties, party_count
from tidan_node.audit.records import NodeAnswer, audit_answers
from tidan_node.audit.survey import survey
from tidan_node.domain.identifiers import PartyIndex, TitleId
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import TitleKind, TitleStatus
from tidan_node.ledger import record_chain
from tidan_node.ledger.record_chain import LedgerChain

NEVER = TitleId(hex_of("never"))


@pytest.fixture
async def trade(live_chain: LiveChain) -> Trade:
    return await trade_on(live_chain)


async def journey(trade: Trade) -> TitleId:
    """Every act that a title knows."""
    title = await trade.issue("a")
    registry, seller, buyer, carrier = "TitleRegistry", trade.seller, trade.buyer, trade.carrier
    await trade.act(seller, registry, "offer", title, 1, buyer, 3, await trade.deadline())
    await trade.act(seller, registry, "withdraw", title, 2)
    await trade.act(seller, registry, "offer", title, 3, buyer, 3, await trade.deadline())
    await trade.act(buyer, registry, "decline", title, 4)
    await trade.act(seller, registry, "offer", title, 5, buyer, 3, await trade.deadline())
    await trade.act(buyer, registry, "accept", title, 6)
    await trade.live.administration.change_status(buyer, PartyStatus.SUSPENDED, "late fees")
    await trade.act(buyer, registry, "surrenderForDelivery", title, 7)
    await trade.act(carrier, registry, "rejectSurrender", title, 8, 3)
    await trade.act(buyer, registry, "surrenderForDelivery", title, 9)
    await trade.act(carrier, registry, "acceptSurrender", title, 10)
    return title


async def title_facts(chain: LedgerChain, title: TitleId) -> Facts[TitleState]:
    (facts,) = await facts_of(chain, TITLE, [title])
    return facts


class TestFactsOf:
    async def test_a_journey_of_every_act_fits_contract_and_rules(self, trade: Trade) -> None:
        title = await journey(trade)
        other = await trade.issue("b", TitleKind.BLANK)
        facts = await title_facts(trade.chain, title)
        assert facts.faults == ()
        assert len(facts.steps) == 11
        last = facts.steps[-1].after
        assert last.title.status is TitleStatus.DELIVERED
        assert last.head == await trade.head_of("TitleRegistry", title)
        assert (await title_facts(trade.chain, other)).faults == ()

    async def test_an_open_offer_fits_the_contract(self, trade: Trade) -> None:
        title = await trade.issue("a")
        await trade.act(
            trade.seller, "TitleRegistry", "offer", title, 1, trade.buyer, 1, await trade.deadline()
        )
        facts = await title_facts(trade.chain, title)
        assert (facts.faults, len(facts.steps)) == ((), 2)

    async def test_a_title_that_was_never_issued_has_neither_acts_nor_faults(
        self, trade: Trade
    ) -> None:
        facts = await title_facts(trade.chain, NEVER)
        assert not facts.exists

    async def test_a_node_that_knows_nothing_of_a_new_title_is_behind(self, trade: Trade) -> None:
        before = await trade.chain.head()
        title = await trade.issue("a")
        as_of = {"block": before.number, "hash": before.hash}
        said = {title: NodeAnswer(None, None, as_of)}
        (audit,) = await audit_answers(trade.chain, TITLE, said)
        assert audit.verdict is Verdict.BEHIND


class TestEventsAbout:
    async def test_pages_of_blocks_lose_nothing(
        self, trade: Trade, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        title = await journey(trade)
        chain, head = trade.chain, await trade.chain.head()
        at_once = await chain.events_about([title, str(trade.buyer)], head)
        monkeypatch.setattr(record_chain, "_PAGE", 2)
        assert await chain.events_about([title, str(trade.buyer)], head) == at_once
        assert len(at_once) == 11 + 4  # enrolled, account, profile, suspended

    async def test_only_what_was_asked_for_comes(self, trade: Trade) -> None:
        title = await journey(trade)
        head = await trade.chain.head()
        assert len(await trade.chain.events_about([title], head)) == 11
        assert await trade.chain.events_about([], head) == []


class TestOtherRecords:
    async def test_an_invoices_head_is_the_one_that_the_fold_computes(self, trade: Trade) -> None:
        number, registry = hex_of("invoice"), "InvoiceRegistry"
        seller, buyer = trade.seller, trade.buyer
        invoice = record_id_of(PartyIndex(seller), number)
        await trade.act(seller, registry, "register", number, hex_of("root"), buyer, 2, 1)
        await trade.act(buyer, registry, "dispute", invoice, 1, 4)
        await trade.act(seller, registry, "link", invoice, 2, hex_of("title"))
        await trade.act(buyer, registry, "accept", invoice, 3)
        await trade.act(seller, registry, "settle", invoice, 4)
        (facts,) = await facts_of(trade.chain, INVOICE, [invoice])
        assert (facts.faults, len(facts.steps)) == ((), 5)
        assert facts.steps[-1].after.head == await trade.head_of(registry, invoice)

    async def test_a_policys_head_is_the_one_that_the_fold_computes(self, trade: Trade) -> None:
        number, registry = hex_of("policy"), "PolicyRegistry"
        insurer, insured = trade.carrier, trade.seller
        policy = record_id_of(PartyIndex(insurer), number)
        expires = await trade.deadline()
        await trade.act(insurer, registry, "issue", number, hex_of("root"), insured, expires, 3, 1)
        await trade.act(insurer, registry, "endorse", policy, 1, hex_of("root 2"), 2)
        await trade.act(insured, registry, "assign", policy, 2, trade.buyer)
        await trade.act(insurer, registry, "endorse", policy, 3, hex_of("root 3"), 3)
        await trade.act(insurer, registry, "cancel", policy, 4)
        (facts,) = await facts_of(trade.chain, POLICY, [policy])
        assert (facts.faults, len(facts.steps)) == ((), 5)
        assert facts.steps[-1].after.head == await trade.head_of(registry, policy)


class Silent:
    """A node that knows nothing."""

    async def get(self, path: str, **query: str) -> Reply:
        return Reply(404, {})


class TestParties:
    async def test_what_the_events_say_of_a_party_is_what_the_registry_keeps(
        self, trade: Trade
    ) -> None:
        await trade.live.administration.change_status(trade.buyer, PartyStatus.SUSPENDED, "late")
        count = await party_count(trade.chain, await trade.chain.head())
        assert count == 3
        audits = await audit_parties(trade.chain, Silent(), [trade.carrier, trade.buyer])
        assert [each.faults for each in audits] == [(), ()]
        assert {each.verdict for each in audits} == {Verdict.DIFFERENT}

    async def test_the_anchors_that_were_told_are_those_that_the_contract_keeps(
        self, trade: Trade
    ) -> None:
        for up_to in (3, 7):
            await trade.act(trade.seller, "TrailAnchor", "anchor", up_to, hex_of("anchor", up_to))
        found = await anchors_of(trade.chain, [trade.seller, trade.buyer])
        assert found[trade.seller].checkpoints == {up: hex_of("anchor", up) for up in (3, 7)}
        assert found[trade.buyer].checkpoints == {}
        assert found[trade.seller].faults == found[trade.buyer].faults == ()


class TestEverything:
    async def test_pages_have_every_event_once_and_a_survey_every_record(
        self, trade: Trade, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        title = await journey(trade)
        monkeypatch.setattr(record_chain, "_PAGE", 3)
        head = await trade.chain.head()
        pages = [page async for page in trade.chain.everything(head)]
        places = [
            (each.origin.block_number, each.origin.log_index)
            for page in pages
            for each in page.events
        ]
        assert places == sorted(set(places))
        assert pages[-1].up_to == head.number
        found = await survey(trade.chain, counted=lambda done, of: None)
        assert (list(found.records["title"]), found.events) == ([title], len(places))
