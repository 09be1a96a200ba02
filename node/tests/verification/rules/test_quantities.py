"""Quantities and weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verification.dossiers import (
    BILL,
    BOUGHT,
    PACKED,
    POLICY,
    PURCHASE,
    SOLD,
    altered,
    dossier,
    finding_of,
    papers_of,
    rules_with_findings,
    verdict_of,
    without,
)


def test_as_much_ordered_bought_sold_and_packed_passes() -> None:
    assert verdict_of("quantities", dossier()) == "pass"


def test_fewer_packages_packed_than_shipped_are_found() -> None:
    papers = altered(PACKED, ('"PX">40<', '"PX">38<'))
    found = finding_of("quantities", papers)

    assert found.detail == "38 PX are packed and 40 PX are shipped"
    assert {each.paper for each in found.evidence} == {PACKED, BILL}


def test_packages_in_another_container_are_found() -> None:
    papers = altered(PACKED, ('"PX">20<', '"PX">21<'))

    assert (
        "TDZU4170015 has 21 PX packed and 20 PX shipped" in finding_of("quantities", papers).detail
    )


def test_less_bought_than_sold_is_found() -> None:
    papers = altered(PURCHASE, (">1400<", ">1300<"))

    assert "2600 MTK are bought and 2800 MTK are sold" in finding_of("quantities", papers).detail


@pytest.mark.parametrize(("ordered", "verdict"), [(1334, "pass"), (1333, "finding")])
def test_five_per_cent_more_than_ordered_are_allowed(ordered: int, verdict: str) -> None:
    papers = altered(SOLD, (">1400<", f">{ordered}<"))

    assert verdict_of("quantities", papers) == verdict


def test_of_things_that_are_counted_none_more_is_allowed() -> None:
    pieces = dossier()
    for name in (PURCHASE, "resale-invoice.xml", BOUGHT, SOLD, PACKED):
        pieces = altered(name, ('"MTK">1400<', '"H87">1400<'), papers=pieces)
    assert verdict_of("quantities", pieces) == "pass"

    fewer = altered(SOLD, ('"H87">1400<', '"H87">1399<'), papers=pieces)
    assert verdict_of("quantities", fewer) == "finding"


def test_nothing_in_all_invoiced_is_found() -> None:
    papers = altered(PURCHASE, (">1400<", ">0<"))

    assert "0 MTK in all are invoiced" in finding_of("quantities", papers).detail


@pytest.mark.parametrize("missing", [PURCHASE, BOUGHT, PACKED, BILL])
def test_quantities_without_one_of_their_papers_cannot_be_evaluated(missing: str) -> None:
    assert verdict_of("quantities", without(missing)) == "not_evaluable"


def test_units_that_have_nothing_in_common_cannot_be_compared() -> None:
    papers = altered(SOLD, ('"MTK"', '"H87"'))

    assert verdict_of("quantities", papers) == "not_evaluable"


def test_weights_that_agree_pass() -> None:
    assert verdict_of("weights", dossier()) == "pass"


def test_a_heavier_container_on_the_bill_is_found_and_by_no_other_rule() -> None:
    papers = altered(
        BILL, ('"cargoGrossWeight": { "value": 24000', '"cargoGrossWeight": { "value": 25500')
    )

    assert rules_with_findings(papers) == {"weights"}


@pytest.mark.parametrize(("packed", "verdict"), [(48240, "pass"), (48241, "finding")])
def test_two_scales_may_differ_by_half_a_per_cent(packed: int, verdict: str) -> None:
    assert verdict_of("weights", altered(PACKED, (">48000<", f">{packed}<"))) == verdict


def test_more_net_than_gross_is_found() -> None:
    papers = altered(
        BILL, ('"cargoNetWeight": { "value": 23400', '"cargoNetWeight": { "value": 24001')
    )

    assert "48002 KGM net are more than 48000 KGM gross" in finding_of("weights", papers).detail


def test_tonnes_and_kilograms_are_one() -> None:
    papers = altered(PACKED, ('"KGM">48000<', '"TNE">48<'))

    assert verdict_of("weights", papers) == "pass"


def test_more_sold_by_weight_than_was_shipped_is_found(standards: Path) -> None:
    folders = (standards / "samples" / "dcsa", standards / "peppol" / "authored")
    papers = {name: content for folder in folders for name, content in papers_of(folder).items()}

    assert "640000 KGM are sold" in finding_of("weights", papers).detail


def test_one_paper_with_weights_cannot_be_compared() -> None:
    assert verdict_of("weights", without(PACKED, POLICY)) == "not_evaluable"
    assert verdict_of("weights", without(BILL)) == "not_evaluable"


@pytest.mark.parametrize("unit", ["LTR", "XXX"])
def test_weights_in_no_unit_of_mass_are_no_pass(unit: str) -> None:
    every = altered(PACKED, ('"KGM"', f'"{unit}"'))
    some = altered(PACKED, ('"KGM">24000<', f'"{unit}">24000<'))

    assert verdict_of("weights", every) == verdict_of("weights", some) == "not_evaluable"
