"""Check digits, against the examples of their standards."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.verification.dossiers import (
    BILL,
    EVENTS,
    POLICY,
    altered,
    dossier,
    finding_of,
    papers_of,
    verdict_of,
    without,
)
from tidan_node.verification.rules.check_digits import container_check_digit, imo_check_digit

DIGITS = st.text("0123456789", min_size=6, max_size=6)


@pytest.mark.parametrize(
    "number",
    [
        "CSQU3054383",  # ISO 6346, as Wikipedia's "ISO 6346" works it out
        "TOLU4734787",  # Bureau International des Containers, "Check digit"
        "TEXU3070079",  # ISO 6346:1995, annex A
    ],
)
def test_published_container_numbers_have_their_digit(number: str) -> None:
    assert container_check_digit(number[:10]) == int(number[10])


@pytest.mark.parametrize(
    "number",
    [
        "9074729",  # worked out in Wikipedia's "IMO number"
        "9321483",  # DCSA's sample of track and trace
        "1234567",
    ],
)
def test_published_imo_numbers_have_their_digit(number: str) -> None:
    assert imo_check_digit(number[:6]) == int(number[6])


@given(DIGITS, st.integers(0, 5), st.integers(1, 9))
def test_one_digit_altered_is_found_but_where_ten_and_nought_are_one(
    serial: str, place: int, by: int
) -> None:
    """ISO 6346 writes a remainder of 10 as 0: its only blind spot."""
    other = serial[:place] + str((int(serial[place]) + by) % 10) + serial[place + 1 :]
    digits = container_check_digit("TDZU" + serial), container_check_digit("TDZU" + other)
    assume(digits != (0, 0))

    assert digits[0] != digits[1]


@given(DIGITS)
def test_neighbours_that_are_exchanged_are_found_in_an_imo_number(six: str) -> None:
    swapped = six[1] + six[0] + six[2:]
    assume(swapped != six)

    assert imo_check_digit(six) != imo_check_digit(swapped)


def test_the_dossiers_containers_and_ship_pass() -> None:
    assert verdict_of("container-check-digit", dossier()) == "pass"
    assert verdict_of("imo-check-digit", dossier()) == "pass"


@pytest.mark.parametrize("number", ["TDZU4170016", "TDZX4170015", "TDZ 417"])
def test_a_container_that_cannot_be_is_found(number: str) -> None:
    found = finding_of("container-check-digit", altered(POLICY, ("TDZU4170015", number)))

    assert found.verdict == "finding"
    assert [(each.paper, each.value) for each in found.evidence] == [(POLICY, number)]


def test_a_ship_that_cannot_be_is_found() -> None:
    found = finding_of("imo-check-digit", altered(POLICY, ("9999993", "9999994")))

    assert (found.verdict, found.detail) == ("finding", "9999994 would have to end in 3")


def test_without_a_bill_there_are_no_containers_to_check() -> None:
    assert verdict_of("container-check-digit", without(BILL)) == "not_evaluable"


def test_papers_that_name_no_ship_by_number_cannot_be_checked() -> None:
    assert verdict_of("imo-check-digit", without(POLICY, EVENTS)) == "not_evaluable"


def test_of_dcsas_samples_the_placeholders_are_found_and_the_ships_pass(standards: Path) -> None:
    papers = papers_of(standards / "samples" / "dcsa")

    assert verdict_of("container-check-digit", papers) == "finding"
    assert verdict_of("imo-check-digit", papers) == "pass"
