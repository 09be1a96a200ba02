"""The order of the dates."""

from __future__ import annotations

import pytest

from tests.verification.dossiers import (
    BILL,
    BOUGHT,
    PACKED,
    PAID,
    POLICY,
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

RULE = "dates-in-order"


def test_dates_that_follow_each_other_pass() -> None:
    assert verdict_of(RULE, dossier()) == "pass"


@pytest.mark.parametrize(
    ("paper", "old", "new"),
    [
        (POLICY, '"coverFrom": "2026-10-03"', '"coverFrom": "2026-10-06"'),
        (POLICY, '"coverUntil": "2036-12-31"', '"coverUntil": "2026-11-08"'),
        (BILL, '"issueDate": "2026-10-06"', '"issueDate": "2026-10-04"'),
        (SOLD, "2026-10-15", "2026-10-04"),
        (SOLD, "2026-08-24", "2026-10-03"),
        (BOUGHT, "2026-08-18", "2026-10-14"),
        (PACKED, "2026-10-01", "2026-10-06"),
        (RESALE, "2026-12-05", "2026-10-01"),
        (PAID, "2026-10-13<", "2026-08-17<"),
    ],
)
def test_a_date_out_of_order_is_found_and_by_no_other_rule(paper: str, old: str, new: str) -> None:
    papers = altered(paper, (old, new))

    assert rules_with_findings(papers) == {RULE}
    assert paper in {each.paper for each in finding_of(RULE, papers).evidence}


def test_cover_from_the_day_of_loading_is_in_time() -> None:
    assert verdict_of(RULE, rewritten(POLICY, coverFrom="2026-10-05")) == "pass"


def test_a_policy_that_is_issued_later_is_good_where_it_covers_in_time() -> None:
    assert verdict_of(RULE, rewritten(POLICY, issueDate="2026-10-20")) == "pass"


@pytest.mark.parametrize("missing", [(BILL,), (POLICY,), (BOUGHT, SOLD)])
def test_without_bill_policy_or_contracts_it_cannot_be_evaluated(missing: tuple[str, ...]) -> None:
    assert verdict_of(RULE, without(*missing)) == "not_evaluable"


@pytest.mark.parametrize(("paper", "day"), [(BOUGHT, "2026-08-18"), (SOLD, "2026-08-24")])
def test_a_contract_without_a_date_is_no_pass(paper: str, day: str) -> None:
    papers = altered(paper, (f"<cbc:IssueDate>{day}</cbc:IssueDate>", ""))

    assert verdict_of(RULE, papers) == "not_evaluable"


def test_a_bill_without_a_date_of_issue_is_no_pass() -> None:
    assert verdict_of(RULE, rewritten(BILL, issueDate=None)) == "not_evaluable"
