"""Every intention with an invoice becomes an act that the contract carries out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acting import act, told
from tests.live_chain import LiveChain
from tests.story import hex_of
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.invoice_legality import invoice_legality
from tidan_node.domain.parties import Role
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.domain.record_fold import InvoiceEvent, fold_invoice
from tidan_node.domain.record_problems import NotTheBuyer, WrongStatus
from tidan_node.domain.standings import Standings
from tidan_node.invoices import operations as kinds
from tidan_node.ledger.calls import Call

SELLER, BUYER = 1, 2
NUMBER, TITLE = hex_of("invoice"), hex_of("title")
INVOICE = record_id_of(PartyIndex(SELLER), NUMBER)
BY_KIND = {handler.kind: handler for handler in kinds.HANDLERS}


def intent(seq: int, **more: Any) -> dict[str, Any]:
    return {"id": INVOICE, "expectedSeq": seq} | more


@pytest.fixture
async def chain(live_chain: LiveChain) -> LiveChain:
    """A chain with an invoice of the seller to the buyer."""
    parties = [
        await live_chain.enrol(Role.TRADER, live_chain.signers[one].address)
        for one in (SELLER, BUYER)
    ]
    terms = {"contentRoot": hex_of("root"), "buyer": int(parties[1]), "schema": 2, "version": 1}
    await act(live_chain, SELLER, BY_KIND[kinds.REGISTER], {"number": NUMBER} | terms)
    return live_chain


async def test_its_life_on_the_chain_is_the_one_that_the_rules_know(chain: LiveChain) -> None:
    for account, kind, wish in (
        (BUYER, kinds.DISPUTE, intent(1, reason=255)),
        (SELLER, kinds.LINK, intent(2, title=TITLE)),
        (BUYER, kinds.ACCEPT, intent(3)),
        (SELLER, kinds.SETTLE, intent(4)),
    ):
        await act(chain, account, BY_KIND[kind], wish)

    events = await told(chain)
    steps = fold_invoice(e for e in events if isinstance(e.event, InvoiceEvent))
    (head,) = await chain.gateway.view(Call("InvoiceRegistry", "headOf", (INVOICE,)))
    assert [step.act.kind.name for step in steps] == [
        "REGISTER",
        "DISPUTE",
        "LINK",
        "ACCEPT",
        "SETTLE",
    ]
    assert steps[-1].after.head == head
    assert list(invoice_legality(steps, Standings(events).at)) == []


async def test_it_can_be_taken_back(chain: LiveChain) -> None:
    await act(chain, SELLER, BY_KIND[kinds.CANCEL], intent(1))

    with pytest.raises(WrongStatus):
        await act(chain, BUYER, BY_KIND[kinds.ACCEPT], intent(2))


async def test_what_the_contract_refuses_is_told_in_the_words_of_the_rules(
    chain: LiveChain,
) -> None:
    with pytest.raises(NotTheBuyer, match="party 1"):
        await act(chain, SELLER, BY_KIND[kinds.ACCEPT], intent(1))


def test_no_two_kinds_are_alike() -> None:
    assert len(BY_KIND) == len(kinds.HANDLERS)
    assert len({handler.function for handler in kinds.HANDLERS}) == len(kinds.HANDLERS)
