"""On a real chain, a record's own events make the head that its contract keeps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.acting import told
from tests.live_chain import LiveChain
from tests.live_trade import Trade, trade_on
from tests.story import hex_of
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.indexer.event_rows import record_of
from tidan_node.ledger.gateway import ChainMoved
from tidan_node.records.proving import HistoryDiffers, Rows, prove
from tidan_node.records.registers import INVOICES, POLICIES, TITLES, Register


@pytest.fixture
async def trade(live_chain: LiveChain) -> Trade:
    return await trade_on(live_chain)


async def a_title(trade: Trade) -> str:
    """Offered and withdrawn, with an act on another title between."""
    title = await trade.issue("a")
    registry, seller, buyer = "TitleRegistry", trade.seller, trade.buyer
    await trade.act(seller, registry, "offer", title, 1, buyer, 3, await trade.deadline())
    await trade.issue("b")
    await trade.act(seller, registry, "withdraw", title, 2)
    return title


async def an_invoice(trade: Trade) -> str:
    number, registry = hex_of("invoice"), "InvoiceRegistry"
    invoice = record_id_of(PartyIndex(trade.seller), number)
    await trade.act(trade.seller, registry, "register", number, hex_of("root"), trade.buyer, 2, 1)
    await trade.act(trade.seller, registry, "link", invoice, 1, hex_of("title"))
    await trade.act(trade.buyer, registry, "accept", invoice, 2)
    return invoice


async def a_policy(trade: Trade) -> str:
    number, registry, root = hex_of("policy"), "PolicyRegistry", hex_of("root")
    policy = record_id_of(PartyIndex(trade.carrier), number)
    expires = await trade.deadline()
    await trade.act(trade.carrier, registry, "issue", number, root, trade.seller, expires, 3, 1)
    await trade.act(trade.seller, registry, "assign", policy, 1, trade.buyer)
    await trade.act(trade.carrier, registry, "cancel", policy, 2)
    return policy


async def rows_of(trade: Trade, record: str, contract: str) -> Rows:
    """What a node that has read everything keeps of the record."""
    registry = trade.live.manifest.address_of(contract)
    events: list[ChainEvent | None] = [
        each
        for each in await told(trade.live)
        if record_of(each.event) == record and each.origin.contract == registry
    ]
    return Rows(record, events, await trade.live.gateway.head())


@pytest.mark.parametrize(
    ("made", "register"), [(a_title, TITLES), (an_invoice, INVOICES), (a_policy, POLICIES)]
)
async def test_a_history_is_proven_by_its_contracts_head(
    trade: Trade, made: Callable[[Trade], Awaitable[str]], register: Register[Any]
) -> None:
    record = await made(trade)
    rows = await rows_of(trade, record, register.contract)

    proven = await prove(trade.chain, register, rows)

    assert len(proven.steps) == 3
    assert proven.heads[-1] == await trade.head_of(register.contract, record)
    assert proven.held_against == rows.as_of


async def test_a_history_is_proven_at_the_block_that_it_was_true_at(trade: Trade) -> None:
    title = await a_title(trade)
    rows = await rows_of(trade, title, "TitleRegistry")
    await trade.act(trade.seller, "TitleRegistry", "surrenderForDelivery", title, 3)

    proven = await prove(trade.chain, TITLES, rows)

    assert (len(proven.steps), proven.held_against) == (3, rows.as_of)
    assert proven.heads[-1] != await trade.head_of("TitleRegistry", title)


async def test_a_title_that_the_node_does_not_know_of_differs_from_its_first_act(
    trade: Trade,
) -> None:
    title = await a_title(trade)
    head = await trade.live.gateway.head()

    with pytest.raises(HistoryDiffers) as differs:
        await prove(trade.chain, TITLES, Rows(title, [], head))

    assert differs.value.extra == {"seq": 1}


async def test_a_block_that_the_chain_has_not_got_yet_claims_nothing(trade: Trade) -> None:
    title = await a_title(trade)
    rows = await rows_of(trade, title, "TitleRegistry")
    ahead = replace(rows.as_of, number=rows.as_of.number + 5)

    with pytest.raises(ChainMoved):
        await prove(trade.chain, TITLES, replace(rows, as_of=ahead))
