"""The figures of invoices, and those of their contracts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verification.dossiers import (
    BOUGHT,
    PURCHASE,
    RESALE,
    SOLD,
    altered,
    dossier,
    finding_of,
    papers_of,
    rules_with_findings,
    verdict_of,
    without,
)
from tidan_node.verification.rules.lines import line_amount

FIGURES = st.decimals(min_value=0, max_value=10**8, places=4)


@given(FIGURES, FIGURES, st.decimals(min_value=1, max_value=1000, places=0), st.integers(0, 4))
def test_a_lines_amount_is_its_exact_value_rounded_half_up(
    quantity: Decimal, price: Decimal, base: Decimal, exponent: int
) -> None:
    exact = Fraction(quantity) * Fraction(price) / Fraction(base) * 10**exponent
    amount = line_amount(quantity, price, base, exponent)

    assert amount - Fraction(1, 2) <= exact < amount + Fraction(1, 2)


def test_invoices_that_add_up_pass() -> None:
    assert verdict_of("amounts-and-lines", dossier()) == "pass"


def test_the_public_invoices_of_both_legs_add_up(standards: Path) -> None:
    assert verdict_of("amounts-and-lines", papers_of(standards / "peppol" / "authored")) == "pass"


def test_a_price_that_does_not_make_its_line_is_found_and_by_no_other_rule() -> None:
    papers = altered(PURCHASE, (">9.80<", ">9.08<"))
    found = finding_of("amounts-and-lines", papers)

    assert rules_with_findings(papers) == {"amounts-and-lines"}
    assert found.detail == "1400 MTK at 9.08 USD are 12712.00 USD, not 13720.00 USD"
    assert {each.paper for each in found.evidence} == {PURCHASE}


@pytest.mark.parametrize(
    "total", ["LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount"]
)
def test_a_sum_that_does_not_add_up_is_found(total: str) -> None:
    old = f'<cbc:{total} currencyID="USD">35280.00<'
    papers = altered(RESALE, (old, old.replace("35280.00", "35281.00")))

    assert verdict_of("amounts-and-lines", papers) == "finding"


def test_a_price_for_a_hundred_is_divided_by_a_hundred() -> None:
    papers = altered(
        RESALE,
        ('"USD">12.60<', '"USD">1260<'),
        (
            "</cbc:PriceAmount>",
            '</cbc:PriceAmount><cbc:BaseQuantity unitCode="MTK">100</cbc:BaseQuantity>',
        ),
    )

    assert verdict_of("amounts-and-lines", papers) == "pass"


def test_without_an_invoice_nothing_adds_up() -> None:
    assert verdict_of("amounts-and-lines", without(PURCHASE, RESALE)) == "not_evaluable"


def test_prices_that_were_agreed_pass() -> None:
    assert verdict_of("amounts-against-contract", dossier()) == "pass"


def test_a_price_above_the_contracts_is_found_and_by_no_other_rule() -> None:
    papers = altered(
        SOLD, (">12.60<", ">12.10<"), (">17640.00<", ">16940.00<"), (">35280.00<", ">33880.00<")
    )
    found = finding_of("amounts-against-contract", papers)

    assert rules_with_findings(papers) == {"amounts-against-contract"}
    assert found.detail == "12.6 USD per MTK are invoiced, 12.1 were agreed"
    assert {each.paper for each in found.evidence} == {SOLD, RESALE}


@pytest.mark.parametrize(("agreed", "verdict"), [("33600.00", "pass"), ("33599.99", "finding")])
def test_five_per_cent_more_than_the_contracts_sum_are_allowed(agreed: str, verdict: str) -> None:
    papers = altered(SOLD, (">35280.00<", f">{agreed}<"))

    assert verdict_of("amounts-against-contract", papers) == verdict


@pytest.mark.parametrize("missing", [BOUGHT, SOLD, PURCHASE])
def test_without_both_contracts_and_both_legs_it_cannot_be_evaluated(missing: str) -> None:
    assert verdict_of("amounts-against-contract", without(missing)) == "not_evaluable"


def test_a_contract_whose_price_does_not_make_its_line_is_found() -> None:
    papers = altered(SOLD, (">12.60<", ">1.00<"))

    assert "1400 MTK at 1 USD" in finding_of("amounts-and-lines", papers).detail


def test_unit_prices_that_are_right_only_on_the_average_are_found() -> None:
    whole = dossier()[RESALE].decode()
    first, second = whole.split("<cac:InvoiceLine>", 2)[1:]
    dear = first.replace("12.60", "13.60").replace("17640.00", "19040.00")
    cheap = second.replace("12.60", "11.60").replace("17640.00", "16240.00")
    papers = {**dossier(), RESALE: whole.replace(first, dear).replace(second, cheap).encode()}

    found = finding_of("amounts-against-contract", papers)

    assert rules_with_findings(papers) == {"amounts-against-contract"}
    assert "13.6 USD per MTK are invoiced, 12.6 were agreed" in found.detail


def test_prices_in_units_that_are_not_the_contracts_cannot_be_evaluated() -> None:
    papers = altered(SOLD, ('"MTK"', '"H87"'))

    assert verdict_of("amounts-against-contract", papers) == "not_evaluable"
