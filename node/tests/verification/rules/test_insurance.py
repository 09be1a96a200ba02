"""The cover."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.verification.dossiers import (
    BILL,
    EVENTS,
    POLICY,
    RESALE,
    altered,
    dossier,
    finding_of,
    rewritten,
    rules_with_findings,
    verdict_of,
    without,
)

SUM, GOODS = "insured-sum", "insured-goods-and-voyage"


def insured_for(amount: float, currency: str = "USD") -> dict[str, bytes]:
    money = {"amount": amount, "currency": currency}
    goods: list[Any] = json.loads(dossier()[POLICY])["goods"]
    return rewritten(POLICY, sumInsured=money, goods=[goods[0] | {"insuredValue": money}])


def test_a_hundred_and_ten_per_cent_pass() -> None:
    assert verdict_of(SUM, dossier()) == "pass"


@pytest.mark.parametrize(
    ("amount", "verdict"), [(38808, "pass"), (38807.99, "finding"), (50000, "pass")]
)
def test_a_cent_less_than_a_hundred_and_ten_per_cent_is_found(amount: float, verdict: str) -> None:
    papers = insured_for(amount)

    assert verdict_of(SUM, papers) == verdict
    assert rules_with_findings(papers) <= {SUM}


def test_goods_that_are_insured_for_another_sum_in_all_are_found() -> None:
    papers = rewritten(POLICY, sumInsured={"amount": 40000, "currency": "USD"})

    assert "are insured for 38808.00 USD" in finding_of(SUM, papers).detail


def test_a_cover_in_another_currency_cannot_be_evaluated() -> None:
    assert verdict_of(SUM, insured_for(400000, "CNY")) == "not_evaluable"


@pytest.mark.parametrize("missing", [POLICY, RESALE])
def test_without_policy_or_sale_the_sum_cannot_be_evaluated(missing: str) -> None:
    papers = without(missing, "purchase-invoice.xml") if missing == RESALE else without(missing)

    assert verdict_of(SUM, papers) == "not_evaluable"


def test_these_goods_on_this_voyage_pass() -> None:
    assert verdict_of(GOODS, dossier()) == "pass"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"voyageNumber": "041W"', '"voyageNumber": "039W"'),
        ('"vesselName": "Paper Heron (demo)"', '"vesselName": "Paper Crane (demo)"'),
        ('"690721"', '"690722"'),
        ('"TDZU4170015"', '"CSQU3054383"'),
        ("JKD-2026-0388", "JKD-2026-0389"),
        ('"amount": 35280', '"amount": 35281'),
        ("TDZ2026HAM000417", "TDZ2026HAM000418"),
        ("TIDANDEMOSHIPPER0198", "SOMEBODYELSE"),
        ('"DEHAM" },\n    "vessel', '"NLRTM" },\n    "vessel'),
    ],
)
def test_another_cover_is_found_and_by_no_other_rule(old: str, new: str) -> None:
    papers = altered(POLICY, (old, new))
    found = finding_of(GOODS, papers)

    assert rules_with_findings(papers) == {GOODS}
    assert POLICY in {each.paper for each in found.evidence}


def test_another_ship_than_the_tracked_one_is_found() -> None:
    papers = altered(POLICY, ("9999993", "9074729"))

    assert rules_with_findings(papers) == {GOODS}


def test_without_a_policy_or_a_bill_nobody_can_tell() -> None:
    assert verdict_of(GOODS, without(POLICY)) == "not_evaluable"
    assert verdict_of(GOODS, without(BILL, EVENTS)) == "not_evaluable"


@pytest.mark.parametrize("member", ["transportDocuments", "equipmentReferences"])
def test_a_policy_that_names_no_bill_or_no_containers_is_no_pass(member: str) -> None:
    assert verdict_of(GOODS, rewritten(POLICY, **{member: None})) == "not_evaluable"
