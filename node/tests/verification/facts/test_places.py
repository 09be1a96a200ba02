"""Texts, figures and dates at a place of a paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.domain.proofs.canonical import JsonValue
from tidan_node.domain.proofs.figures import currency_exponent
from tidan_node.verification.facts.places import Place
from tidan_node.verification.facts.problems import PaperUnreadable
from tidan_node.verification.facts.said import Money


def place(value: JsonValue) -> Place:
    return Place("paper", "", value)


def amount(text: str, currency: str = "USD") -> Place:
    return place({"Amount": {"value": text, "currencyID": currency}})


def test_a_value_knows_its_paper_and_its_place() -> None:
    said = place({"Line": [{"ID": "1"}, {"ID": "2"}]})
    second = list(said.every("Line", "ID"))[1].text()

    assert second is not None
    assert (second.value, second.paper, second.path) == ("2", "paper", "/Line/1/ID")


def test_what_is_not_there_reads_as_nothing() -> None:
    nothing = place({"a": None, "b": "", "c": {}})

    assert [nothing.text(name) for name in "abcd"] == [None] * 4
    assert nothing.money("d") is None
    assert nothing.date("d") is None


@given(
    st.integers(min_value=-(10**15), max_value=10**15),
    st.sampled_from(["USD", "JPY", "KWD", "CLF", "EUR"]),
)
def test_money_is_read_to_the_last_digit(units: int, currency: str) -> None:
    text = f"{Decimal(units).scaleb(-currency_exponent(currency)):f}"
    said = amount(text, currency).money("Amount")

    assert said is not None
    assert said.value == Money(units, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("12.345", "USD"),
        ("1.5", "JPY"),
        ("1e3", "USD"),
        ("1e999", "USD"),
        ("12,50", "USD"),
        ("0x10", "USD"),
        ("NaN", "USD"),
        ("9" * 40, "USD"),
        ("1", "usd"),
        ("1", "US"),
    ],
)
def test_an_amount_that_is_none_in_its_currency_is_refused(text: str, currency: str) -> None:
    with pytest.raises(PaperUnreadable) as refused:
        amount(text, currency).money("Amount")

    assert (refused.value.rule, refused.value.path) == ("value-malformed", "/Amount")


def test_zeros_beyond_the_currencys_decimals_are_no_fault() -> None:
    said = amount("12.500000").money("Amount")

    assert said is not None
    assert said.value == Money(1250, "USD")


def test_a_quantity_below_nothing_is_refused_where_it_cannot_be() -> None:
    less = place({"Quantity": {"value": "-1", "unitCode": "MTK"}})

    assert less.signed_quantity("Quantity") is not None
    with pytest.raises(PaperUnreadable, match="negative"):
        less.quantity("Quantity")


@pytest.mark.parametrize("text", ["2026-10-05", "2026-10-05T23:30:00+08:00", "2026-10-05T01:00Z"])
def test_the_day_of_a_moment_is_its_writers(text: str) -> None:
    said = place({"on": text}).date("on")

    assert said is not None
    assert said.value == date(2026, 10, 5)


@pytest.mark.parametrize("text", ["2026-02-30", "05.10.2026", "20261005", "soon"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(PaperUnreadable):
        place({"on": text}).date("on")


def test_an_hour_that_no_day_has_is_no_moment() -> None:
    with pytest.raises(PaperUnreadable):
        place({"at": "2026-10-05T25:00+00:00"}).moment("at")


def test_a_moment_without_offset_is_refused() -> None:
    with pytest.raises(PaperUnreadable, match="offset"):
        place({"at": "2026-10-05T09:40:00"}).moment("at")
