"""Types of invoices, and the bill of lading that they name."""

from __future__ import annotations

import pytest

from tests.verification.dossiers import (
    BILL,
    PURCHASE,
    RESALE,
    altered,
    dossier,
    finding_of,
    rules_with_findings,
    verdict_of,
    without,
)

TYPE, NAMES = "invoice-type", "invoice-names-bill"
NUMBER = "<cbc:ID>TDZ2026HAM000417</cbc:ID>"
OTHER = NUMBER.replace("417", "418")


@pytest.mark.parametrize("code", ["380", "388", "326", "393"])
def test_an_invoice_that_demands_a_price_passes(code: str) -> None:
    assert verdict_of(TYPE, altered(RESALE, (">380<", f">{code}<"))) == "pass"


@pytest.mark.parametrize("code", ["325", "381", "384", "389", "751"])
def test_a_proforma_or_a_correction_is_found_and_by_no_other_rule(code: str) -> None:
    papers = altered(RESALE, (">380<", f">{code}<"))

    assert rules_with_findings(papers) == {TYPE}
    assert f"of type {code}" in finding_of(TYPE, papers).detail


def test_without_invoices_there_is_no_type() -> None:
    assert verdict_of(TYPE, without(PURCHASE, RESALE)) == "not_evaluable"


def test_invoices_that_name_the_bill_pass() -> None:
    assert verdict_of(NAMES, dossier()) == "pass"
    assert verdict_of(NAMES, altered(RESALE, (">705<", ">271<"))) == "pass"  # by its number


@pytest.mark.parametrize("name", [PURCHASE, RESALE])
def test_an_invoice_for_another_bill_is_found_and_by_no_other_rule(name: str) -> None:
    papers = altered(name, (NUMBER, OTHER))

    assert rules_with_findings(papers) == {NAMES}
    assert {each.paper for each in finding_of(NAMES, papers).evidence} == {name, BILL}


def test_a_resale_that_names_no_bill_or_one_that_is_not_here_cannot_be_evaluated() -> None:
    reference = f"<cac:AdditionalDocumentReference>\n    {NUMBER}"
    more = (
        f"<cac:AdditionalDocumentReference>{OTHER}<cbc:DocumentTypeCode>705"
        "</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
    )
    unnamed = altered(RESALE, (NUMBER, OTHER), (">705<", ">271<"))

    assert verdict_of(NAMES, altered(RESALE, (reference, more + reference))) == "not_evaluable"
    assert verdict_of(NAMES, unnamed) == "not_evaluable"
    assert verdict_of(NAMES, without(BILL)) == "not_evaluable"
