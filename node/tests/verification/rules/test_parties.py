"""The parties of both legs."""

from __future__ import annotations

import pytest

from tests.verification.dossiers import (
    BILL,
    BOUGHT,
    PAID,
    PURCHASE,
    RESALE,
    SOLD,
    altered,
    dossier,
    finding_of,
    rules_with_findings,
    verdict_of,
    without,
)

RULE = "parties-of-both-legs"
JADE, ELBE, WORKS = "TIDANDEMOSHIPPER0198", "TIDANDEMOBUYER000125", "TIDANDEMOWORKS000112"


def test_the_same_parties_on_every_paper_pass() -> None:
    assert verdict_of(RULE, dossier()) == "pass"


def test_a_purchase_by_somebody_else_is_found_and_by_no_other_rule() -> None:
    papers = altered(PURCHASE, (JADE, "SOMEBODYELSE"))

    assert rules_with_findings(papers) == {RULE}
    assert PURCHASE in {each.paper for each in finding_of(RULE, papers).evidence}


@pytest.mark.parametrize(
    ("paper", "old", "new"),
    [(SOLD, ELBE, "SOMEBODYELSE"), (BOUGHT, WORKS, "SOMEBODYELSE"), (PAID, WORKS, "SOMEBODYELSE")],
)
def test_another_party_on_a_contract_or_a_payment_is_found(paper: str, old: str, new: str) -> None:
    found = finding_of(RULE, altered(paper, (old, new)))

    assert found.verdict == "finding"
    assert paper in {each.paper for each in found.evidence}


def test_a_shipper_that_sells_on_neither_leg_is_found() -> None:
    assert "shipper" in finding_of(RULE, altered(BILL, (JADE, "SOMEBODYELSE"))).detail


def test_goods_that_are_sold_back_to_their_maker_are_found() -> None:
    papers = altered(RESALE, (ELBE, WORKS))

    assert "sells back" in finding_of(RULE, papers).detail


@pytest.mark.parametrize("missing", [PURCHASE, RESALE, BILL])
def test_without_both_legs_and_the_bill_nobody_can_tell(missing: str) -> None:
    assert verdict_of(RULE, without(missing)) == "not_evaluable"
    assert verdict_of(RULE, without(missing, BOUGHT, SOLD)) == "not_evaluable"
