"""Commodity codes and seals."""

from __future__ import annotations

import pytest

from tests.verification.dossiers import (
    BILL,
    PACKED,
    PURCHASE,
    RESALE,
    altered,
    dossier,
    rules_with_findings,
    verdict_of,
    without,
)

CODES, SEALS = "commodity-codes", "seals"


@pytest.mark.parametrize("code", ["690721", "6907.21", "69072190", "6907"])
def test_the_same_goods_pass_however_finely_they_are_named(code: str) -> None:
    assert verdict_of(CODES, altered(RESALE, (">690721<", f">{code}<"))) == "pass"


def test_other_goods_invoiced_are_found_and_by_no_other_rule() -> None:
    assert rules_with_findings(altered(RESALE, (">690721<", ">710812<"))) == {CODES}


@pytest.mark.parametrize("missing", [(BILL,), (PURCHASE, RESALE)])
def test_without_codes_the_goods_cannot_be_compared(missing: tuple[str, ...]) -> None:
    assert verdict_of(CODES, without(*missing)) == "not_evaluable"
    assert verdict_of(CODES, altered(RESALE, ('listID="HS"', 'listID="XX"'))) == "not_evaluable"


def test_the_seals_that_were_shipped_pass() -> None:
    assert verdict_of(SEALS, dossier()) == "pass"


def test_another_seal_is_found_and_by_no_other_rule() -> None:
    papers = altered(PACKED, ("TDZ-SEAL-0071", "TDZ-SEAL-0099"))

    assert rules_with_findings(papers) == {SEALS}


@pytest.mark.parametrize("missing", [BILL, PACKED])
def test_without_seals_on_both_papers_they_cannot_be_compared(missing: str) -> None:
    bare = altered(PACKED, ("<cbc:ID>TDZ-SEAL-0071</cbc:ID>", ""))

    assert verdict_of(SEALS, without(missing)) == "not_evaluable"
    assert verdict_of(SEALS, bare) == "not_evaluable"
