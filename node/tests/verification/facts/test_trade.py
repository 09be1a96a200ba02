"""The legs of a trade, and who stands between them."""

from __future__ import annotations

from pathlib import Path

from tests.verification.dossiers import (
    BOUGHT,
    PAID,
    PURCHASE,
    RESALE,
    SOLD,
    altered,
    dossier,
    papers_of,
    trade_from,
    without,
)
from tidan_node.verification.facts.trade import Leg


def papers_in(leg: Leg) -> set[str]:
    return {invoice.paper for invoice in leg.invoices}


def test_who_buys_and_sells_on_stands_between_the_legs() -> None:
    trade = trade_from(dossier())

    assert trade.middle is not None
    assert trade.middle.value.name == "Jade Kiln Demo Exports"
    assert (papers_in(trade.purchase), papers_in(trade.resale)) == ({PURCHASE}, {RESALE})
    assert [each.paper for each in trade.purchase.contracts] == [BOUGHT]
    assert [each.paper for each in trade.resale.contracts] == [SOLD]


def test_where_the_invoices_do_not_meet_the_contracts_say_who_it_is() -> None:
    stranger = altered(PURCHASE, ("TIDANDEMOSHIPPER0198", "OTHER"), ("Jade Kiln Demo", "Other"))
    trade = trade_from(stranger)

    assert (papers_in(trade.purchase), papers_in(trade.resale)) == ({PURCHASE}, {RESALE})


def test_a_sale_of_the_shippers_alone_is_the_resale() -> None:
    trade = trade_from(without(PURCHASE, BOUGHT, SOLD))

    assert not trade.purchase.is_there
    assert papers_in(trade.resale) == {RESALE}


def test_a_contract_is_found_by_its_number_and_else_by_its_parties() -> None:
    renumbered = altered(RESALE, ("EDI-PO-2026-88", "SOMETHING-ELSE"))
    for papers in (dossier(), renumbered):
        trade = trade_from(papers)
        contract = trade.contract_of(trade.resale.invoices[0])
        assert contract is not None
        assert contract.paper == SOLD


def test_a_payment_is_found_by_the_number_in_its_words() -> None:
    words = altered(
        PAID,
        ("<Nb>KVW-2026-1107</Nb>", ""),
        ("<RmtInf>", "<RmtInf><Ustrd>Rechnung KVW-2026-1107, danke</Ustrd>"),
    )
    trade = trade_from(words)

    assert len(trade.payments_of(trade.purchase.invoices[0])) == 1


def test_a_payment_that_two_papers_tell_of_is_one() -> None:
    twice = {**dossier(), "copy.xml": dossier()[PAID]}

    assert len(trade_from(twice).payments) == len(trade_from(dossier()).payments) == 2


def test_credit_notes_are_no_leg(standards: Path) -> None:
    trade = trade_from(papers_of(standards / "peppol" / "authored"))

    assert papers_in(trade.purchase) == {"purchase-leg-invoice.xml"}
    assert "resale-short-delivery-creditnote.xml" not in papers_in(trade.resale)
