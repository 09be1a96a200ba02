"""The status of the transport document."""

from __future__ import annotations

import pytest

from tests.verification.dossiers import (
    BILL,
    dossier,
    finding_of,
    rewritten,
    rules_with_findings,
    verdict_of,
    without,
)

RULE = "bill-status"


def test_an_issued_bill_passes() -> None:
    assert verdict_of(RULE, dossier()) == "pass"


@pytest.mark.parametrize(
    "status", ["DRAFT", "VOID", "SURRENDERED_FOR_DELIVERY", "PENDING_SURRENDER_FOR_AMENDMENT"]
)
def test_a_bill_that_is_not_issued_is_found_and_by_no_other_rule(status: str) -> None:
    papers = rewritten(BILL, transportDocumentStatus=status)

    assert rules_with_findings(papers) == {RULE}
    assert status in finding_of(RULE, papers).detail


def test_without_a_bill_it_cannot_be_evaluated() -> None:
    assert verdict_of(RULE, without(BILL)) == "not_evaluable"
    # the form requires the member: what lacks it is no bill that can be read
    assert verdict_of(RULE, rewritten(BILL, transportDocumentStatus=None)) == "not_evaluable"
