"""What a credit note takes back of an invoice."""

from __future__ import annotations

import pytest

from tests.verification.dossiers import RECEIVED, altered, dossier, report_of, verdict_of

AMOUNTS = ("payment-against-invoice", "amounts-against-contract", "insured-sum", "quantities")
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def credited(amount: str, invoice: str = "JKD-2026-0388") -> dict[str, bytes]:
    note = f"""<CreditNote xmlns="{UBL}CreditNote-2"
      xmlns:cac="{UBL}CommonAggregateComponents-2" xmlns:cbc="{UBL}CommonBasicComponents-2">
      <cbc:ID>JKD-CN-1</cbc:ID>
      <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{invoice}</cbc:ID>
      </cac:InvoiceDocumentReference></cac:BillingReference>
      <cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="USD">{amount}</cbc:PayableAmount>
      </cac:LegalMonetaryTotal></CreditNote>"""
    return {"credit-note.xml": note.encode()}


@pytest.mark.parametrize("amount", ["35280.00", "1000.00"])
def test_an_invoice_that_is_credited_is_no_pass(amount: str) -> None:
    papers = {**dossier(), **credited(amount)}
    verdicts = {each.rule: each.verdict for each in report_of(papers).findings}

    assert {verdicts[rule] for rule in AMOUNTS} == {"not_evaluable"}
    assert "finding" not in verdicts.values()


@pytest.mark.parametrize(("amount", "verdict"), [("1000.00", "pass"), ("900.00", "finding")])
def test_what_is_left_after_the_credit_is_to_be_paid(amount: str, verdict: str) -> None:
    less = altered(RECEIVED, ('"USD">35280.00<', '"USD">34280.00<'))

    assert verdict_of("payment-against-invoice", {**less, **credited(amount)}) == verdict


def test_a_credit_of_another_invoice_changes_nothing() -> None:
    papers = {**dossier(), **credited("35280.00", "JKD-2025-0001")}

    assert {verdict_of(rule, papers) for rule in AMOUNTS} == {"pass"}
