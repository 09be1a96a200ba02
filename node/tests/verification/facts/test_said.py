"""Values as they are compared and told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.verification.facts.said import (
    Money,
    PaperParty,
    Quantity,
    normal_number,
    plain,
)

LEI = frozenset({"LEI:TIDANDEMOBUYER000125"})


def party(name: str | None, *identifiers: str) -> PaperParty:
    return PaperParty(name, frozenset(identifiers))


def test_an_identifier_in_common_makes_one_party_of_two_names() -> None:
    assert party("Elbe Imports", *LEI).is_same(party("ELBE DEMO IMPORTS GMBH", *LEI, "0192:7"))


def test_two_identifiers_of_one_scheme_make_two_parties_of_one_name() -> None:
    assert not party("Elbe", "LEI:A").is_same(party("Elbe", "LEI:B"))


def test_where_no_scheme_is_in_common_names_decide_whatever_their_case_and_width() -> None:
    assert party("Elbe  Demo Imports", "LEI:A").is_same(party("elbe \uff44emo imports", "0192:1"))
    assert not party("Elbe", "LEI:A").is_same(party("Weser", "0192:1"))


def test_a_party_without_name_and_identifier_is_nobody_elses() -> None:
    assert not party(None).is_same(party(None))


@pytest.mark.parametrize(
    ("money", "told"),
    [
        (Money(3528000, "USD"), "35280.00 USD"),
        (Money(-5, "EUR"), "-0.05 EUR"),
        (Money(1200, "JPY"), "1200 JPY"),
        (Money(1, "KWD"), "0.001 KWD"),
    ],
)
def test_money_is_told_with_the_decimals_of_its_currency(money: Money, told: str) -> None:
    assert str(money) == told


@pytest.mark.parametrize(
    ("quantity", "kilograms"),
    [
        (Quantity(Decimal("1.5"), "TNE"), Decimal(1500)),
        (Quantity(Decimal(2000), "GRM"), Decimal(2)),
        (Quantity(Decimal(1000), "LBR"), Decimal("453.59237")),
    ],
)
def test_masses_are_compared_in_kilograms(quantity: Quantity, kilograms: Decimal) -> None:
    assert quantity.comparable() == Quantity(kilograms, "KGM")


def test_what_is_no_mass_keeps_its_unit() -> None:
    assert Quantity(Decimal(3), "MTK").comparable() == Quantity(Decimal(3), "MTK")


def test_numbers_are_compared_without_spaces_dashes_and_case() -> None:
    assert normal_number("jkd\u20132026 0388") == normal_number("JKD-2026-0388") == "jkd20260388"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**9))
def test_a_plain_number_is_the_same_number(number: Decimal) -> None:
    told = plain(number)

    assert Decimal(told) == number
    assert "E" not in told
