"""Payments and currencies."""

from __future__ import annotations

import pytest

from tests.verification.dossiers import (
    PAID,
    POLICY,
    RECEIVED,
    RESALE,
    SOLD,
    altered,
    dossier,
    finding_of,
    rewritten,
    rules_with_findings,
    verdict_of,
    without,
)

RULE = "payment-against-invoice"


def test_what_is_paid_as_invoiced_passes() -> None:
    assert verdict_of(RULE, dossier()) == "pass"
    assert verdict_of("currency", dossier()) == "pass"


def test_a_payment_that_falls_short_is_found_and_by_no_other_rule() -> None:
    papers = altered(RECEIVED, ('"USD">35280.00<', '"USD">30280.00<'))
    found = finding_of(RULE, papers)

    assert rules_with_findings(papers) == {RULE}
    assert found.detail == "30280.00 USD were paid for resale-invoice.xml, 35280.00 USD are payable"
    assert {each.paper for each in found.evidence} == {RECEIVED, RESALE}


@pytest.mark.parametrize(("paid", "verdict"), [("35244.72", "pass"), ("35244.71", "finding")])
def test_banks_on_the_way_may_take_a_thousandth(paid: str, verdict: str) -> None:
    assert verdict_of(RULE, altered(RECEIVED, ('"USD">35280.00<', f'"USD">{paid}<'))) == verdict


def test_an_invoice_that_is_paid_in_two_parts_is_paid() -> None:
    halves = altered(RECEIVED, ('"USD">35280.00<', '"USD">17640.00<'))
    second = altered(RECEIVED, ("EDI-JKD-2026-0388", "EDI-JKD-2026-0388-B"), papers=halves)
    papers = {**halves, "second.xml": second[RECEIVED]}

    assert verdict_of(RULE, papers) == "pass"


def test_a_payment_for_no_invoice_of_the_trade_is_found() -> None:
    papers = altered(PAID, ("<Nb>KVW-2026-1107</Nb>", "<Nb>KVW-2026-1108</Nb>"))

    assert "is for no invoice of this trade" in finding_of(RULE, papers).detail


@pytest.mark.parametrize("missing", [PAID, RECEIVED])
def test_an_invoice_without_payment_is_no_pass(missing: str) -> None:
    assert verdict_of(RULE, without(missing)) == "not_evaluable"
    assert verdict_of("currency", without(missing)) == "not_evaluable"


def test_a_payment_in_another_currency_is_found_by_the_rule_of_currencies_alone() -> None:
    papers = altered(PAID, ('<IntrBkSttlmAmt Ccy="USD">', '<IntrBkSttlmAmt Ccy="EUR">'))

    assert rules_with_findings(papers) == {"currency"}
    assert verdict_of(RULE, papers) == "not_evaluable"


def test_a_contract_in_another_currency_is_found() -> None:
    code = "<cbc:DocumentCurrencyCode>"
    papers = altered(SOLD, (f"{code}USD", f"{code}EUR"))

    assert "its contract in EUR" in finding_of("currency", papers).detail


def test_claims_that_are_paid_in_another_currency_are_found() -> None:
    papers = rewritten(POLICY, claimsPayableIn="CNY")

    assert rules_with_findings(papers) == {"currency"}


def test_without_a_policy_the_currencies_cannot_be_evaluated() -> None:
    assert verdict_of("currency", without(POLICY)) == "not_evaluable"


@pytest.mark.parametrize(
    ("old", "new"),
    [("TIDANDEMOSHIPPER0198", "TIDANDEMOSTRANGER192"), (">KVW-2026-1107</Nb>", ">KVW-1</Nb>")],
)
def test_two_papers_that_tell_differently_of_one_payment_are_found(old: str, new: str) -> None:
    papers = {**dossier(), "second.xml": altered(PAID, (old, new))[PAID]}

    told = finding_of(RULE, papers).detail
    assert "tell differently of the payment JKD-KVW-2026-1107" in told


def test_a_payment_that_went_out_instead_is_found_and_by_no_other_rule() -> None:
    papers = altered(RECEIVED, ("CRDT", "DBIT"))

    assert rules_with_findings(papers) == {RULE}
    assert "went out from Jade Kiln Demo Exports" in finding_of(RULE, papers).detail


def test_a_notice_that_does_not_say_its_direction_is_no_pass() -> None:
    unsaid = altered(RECEIVED, ("<CdtDbtInd>CRDT</CdtDbtInd>", ""))

    assert verdict_of(RULE, unsaid) == "not_evaluable"


@pytest.mark.parametrize("wrong", ["3528.00", "70560.00"])
def test_an_entry_of_another_amount_than_its_transactions_is_found(wrong: str) -> None:
    entry = '<NtryRef>1</NtryRef>\n        <Amt Ccy="USD">'
    papers = altered(RECEIVED, (f"{entry}35280.00", f"{entry}{wrong}"))

    assert rules_with_findings(papers) == {RULE}
    assert "are booked for transactions of 35280.00 USD" in finding_of(RULE, papers).detail


def test_an_entry_that_goes_the_other_way_than_its_transaction_is_found() -> None:
    old = "<CdtDbtInd>CRDT</CdtDbtInd>\n        <Sts>"

    assert verdict_of(RULE, altered(RECEIVED, (old, old.replace("CRDT", "DBIT")))) == "finding"
