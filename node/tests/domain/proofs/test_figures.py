"""Amounts, weights and quantities as integers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.figures import Figure, FigureRule, currency_exponent
from tidan_node.domain.proofs.leaves import FIELD_ORDER
from tidan_node.domain.proofs.problems import FigureMalformed

MONEY = FigureRule(1, unit_property="currency", unit_constant="", scale=None)
WEIGHT = FigureRule(2, unit_property=None, unit_constant="KGM", scale=3)
FIGURES = st.builds(
    Figure,
    st.integers(-(2**64) + 1, 2**64 - 1),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8),
    st.integers(0, 9),
)


class TestFigure:
    def test_its_decimal_is_what_the_document_said(self) -> None:
        assert Figure(-1250, "EUR", 2).decimal() == Decimal("-12.5")

    @pytest.mark.parametrize(
        ("amount", "unit", "scale"),
        [
            *((2**64, "EUR", 2), (-(2**64), "EUR", 2), (1, "EUR", 10), (1, "EUR", -1)),
            *((1, "NINECHARS", 2), (1, "K M", 2), (1, "€", 2)),
        ],
    )
    def test_what_cannot_be_packed_is_refused(self, amount: int, unit: str, scale: int) -> None:
        with pytest.raises(FigureMalformed):
            Figure(amount, unit, scale)


class TestPacked:
    def test_it_has_the_layout_that_circuits_rely_on(self) -> None:
        packed = Figure(-1250, "EUR", 2).packed(schema=1, tag=0x0203)
        expected = "0001 0203 4555520000000000 02 01 00000000000004e2".replace(" ", "")
        assert f"{packed:044x}" == expected

    @settings(deadline=None)
    @given(FIGURES, FIGURES)
    def test_it_is_injective_and_an_element_of_the_field(self, one: Figure, other: Figure) -> None:
        packed = one.packed(schema=65535, tag=65535)
        assert (packed == other.packed(schema=65535, tag=65535)) == (one == other)
        assert packed < FIELD_ORDER


class TestFigureOfRule:
    @pytest.mark.parametrize(
        ("value", "currency", "amount", "scale"),
        [
            (12.5, "EUR", 1250, 2),
            (0.1, "USD", 10, 2),
            (1000, "JPY", 1000, 0),
            (1.234, "KWD", 1234, 3),
            (1.5, "CLF", 15000, 4),
            (1.11, "XXX", 111, 2),
            (-7, "CNY", -700, 2),
            (0, "CNY", 0, 2),
            (9007199254740.91, "EUR", 900719925474091, 2),
        ],
    )
    def test_money_is_counted_in_the_smallest_unit_of_its_currency(
        self, value: float, currency: str, amount: int, scale: int
    ) -> None:
        assert MONEY.figure(value, currency) == Figure(amount, currency, scale)

    @pytest.mark.parametrize(
        ("value", "currency"),
        [
            *((12.345, "EUR"), (0.5, "JPY"), (1e18, "EUR"), (5e-324, "EUR"), (1.7e308, "EUR")),
            *((1, ""), (1, "eur"), (1, "EURO")),
        ],
    )
    def test_money_that_is_not_exact_or_has_no_currency_is_refused(
        self, value: float, currency: str
    ) -> None:
        with pytest.raises(FigureMalformed):
            MONEY.figure(value, currency)

    @settings(deadline=None)
    @given(st.integers(-(10**12), 10**12))
    def test_a_decimal_is_never_off_by_a_bit(self, thousandths: int) -> None:
        figure = WEIGHT.figure(thousandths / 1000, "KGM")
        assert figure == Figure(thousandths, "KGM", 3)


class TestAdmits:
    def test_a_figure_of_another_unit_or_scale_is_not_admitted(self) -> None:
        assert WEIGHT.admits(Figure(1, "KGM", 3))
        assert not WEIGHT.admits(Figure(1, "LBR", 3))
        assert not WEIGHT.admits(Figure(1, "KGM", 2))

    def test_money_brings_its_own_scale_and_needs_a_currency(self) -> None:
        assert MONEY.admits(Figure(1, "EUR", 3))
        assert not MONEY.admits(Figure(1, "KGM5", 2))


class TestCurrencyExponent:
    def test_currencies_have_the_decimals_of_iso_4217(self) -> None:
        known = {
            code: currency_exponent(code) for code in ("EUR", "CNY", "JPY", "KRW", "BHD", "KWD")
        }
        assert known == {"EUR": 2, "CNY": 2, "JPY": 0, "KRW": 0, "BHD": 3, "KWD": 3}
