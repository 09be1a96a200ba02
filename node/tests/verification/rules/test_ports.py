"""The ports of the papers."""

from __future__ import annotations

import pytest

from tests.verification.dossiers import (
    BILL,
    BOUGHT,
    PACKED,
    RESALE,
    SOLD,
    altered,
    dossier,
    finding_of,
    rules_with_findings,
    verdict_of,
    without,
)


def test_the_ports_of_the_bill_pass() -> None:
    assert verdict_of("ports", dossier()) == "pass"


@pytest.mark.parametrize(
    ("paper", "old", "new"),
    [
        (BOUGHT, "DEHAM", "NLRTM"),
        (BOUGHT, "CNSHA", "CNNGB"),
        (SOLD, "DEHAM", "NLRTM"),
        (PACKED, "CNSHA", "CNNGB"),
        (RESALE, "Code>DE<", "Code>NL<"),
    ],
)
def test_another_port_is_found_and_by_no_other_rule(paper: str, old: str, new: str) -> None:
    papers = altered(paper, (old, new))

    assert rules_with_findings(papers) == {"ports"}
    assert {each.paper for each in finding_of("ports", papers).evidence} == {paper, BILL}


def test_a_place_named_with_fob_is_where_the_goods_are_loaded() -> None:
    free = altered(SOLD, (">CIF<", ">FOB<"))

    assert "sales-contract.xml would load at DEHAM" in finding_of("ports", free).detail


def test_a_place_of_no_scheme_that_is_known_cannot_be_compared() -> None:
    papers = altered(SOLD, ('schemeID="UNLOCODE"', 'schemeID="HOUSE"'), ("DEHAM", "NLRTM"))

    assert verdict_of("ports", papers) == "pass"


@pytest.mark.parametrize("missing", [(BILL,), (BOUGHT, SOLD)])
def test_without_bill_or_contracts_it_cannot_be_evaluated(missing: tuple[str, ...]) -> None:
    assert verdict_of("ports", without(*missing)) == "not_evaluable"
