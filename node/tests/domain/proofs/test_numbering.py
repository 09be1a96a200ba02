"""One id for one number of one issuer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.identifiers import ZERO_32, IssuerCode, PartyIndex
from tidan_node.domain.proofs.numbering import (
    Name,
    Named,
    Numbering,
    NumberingKey,
    issuer_code,
    normalised,
    verify_numbering,
)
from tidan_node.domain.proofs.problems import NumberingRefused, NumberMalformed
from tidan_node.domain.proofs.record_ids import record_id_of

FULL_WIDTH = "".join(chr(ord(character) + 0xFEE0) for character in "medugd-118204")
CODE = IssuerCode("SMDG:MSC")
KEY = NumberingKey(bytes(31) + b"\x05")
OTHER_KEY = NumberingKey(bytes(31) + b"\x06")
NAME = Name(Named.TITLE, CODE, "MEDUGD118204", "2")
ISSUER = PartyIndex(7)


def verified(public_key: bytes, name: Name, numbering: Numbering) -> None:
    """Passes where the number is the name's, under the id that its issuer has for it."""
    record = record_id_of(ISSUER, numbering.output)
    verify_numbering(public_key, name, issuer=ISSUER, record=record, proof=numbering.proof)


class TestNormalised:
    @pytest.mark.parametrize(
        "number",
        [
            *("MEDU GD-118204", "medugd-118204", " MEDU\u00a0GD-118204\n", FULL_WIDTH),
            *("MEDUGD\u2010118204", "MEDUGD\u2013118204", "MEDUGD\u2212118204"),
        ],
    )
    def test_what_reads_the_same_is_the_same(self, number: str) -> None:
        assert normalised(number, "number") == "MEDUGD-118204"

    @settings(deadline=None)
    @given(st.text())
    def test_it_changes_nothing_the_second_time(self, number: str) -> None:
        try:
            once = normalised(number, "number")
        except NumberMalformed:
            return
        assert normalised(once, "number") == once
        assert not re.search(r"\s", once)

    def test_hangul_letters_are_composed_after_the_white_space_between_them_is_gone(self) -> None:
        assert normalised("\u1100 \u1161", "number") == "가"

    @pytest.mark.parametrize(
        "number",
        [
            *("", " \t\n", "A\u200bB", "A\u00adB", "A\ufe0fB", "A\u0301\u0302", "A\x00B"),
            *("A\u202eB", "A\u3164B", "A\u2800B", "A\ue000B", "A" * 201),
        ],
    )
    def test_what_cannot_be_seen_or_is_too_long_is_refused(self, number: str) -> None:
        with pytest.raises(NumberMalformed) as refusal:
            normalised(number, "number")
        assert refusal.value.field == "number"


class TestName:
    def test_its_alpha_has_the_length_before_each_part(self) -> None:
        assert NAME.alpha() == (
            b"tidan/numbering/v1\x00\x05title\x00\x08SMDG:MSC\x00\x0cMEDUGD118204\x00\x012"
        )

    def test_an_absent_sub_reference_is_no_part(self) -> None:
        assert Name(Named.SERIES, CODE, "A").alpha() == (
            b"tidan/numbering/v1\x00\x06series\x00\x08SMDG:MSC\x00\x01A"
        )

    @settings(deadline=None)
    @given(st.data())
    def test_no_two_names_have_one_alpha(self, data: st.DataObject) -> None:
        part = st.text("AB:", min_size=1, max_size=3)
        names = st.builds(
            Name,
            st.sampled_from([Named.TITLE, Named.INVOICE]),
            part.map(lambda code: IssuerCode(f"A:{code}")),
            part,
            st.none() | part,
        )
        one, other = data.draw(names), data.draw(names)
        assert (one.alpha() == other.alpha()) == (one == other)

    @pytest.mark.parametrize(
        "code", ["", "MSC", ":MSC", "SMDG:", "smdg:MSC", "SMDG:M SC", "SMDG:提"]
    )
    def test_a_code_without_its_list_is_refused(self, code: str) -> None:
        with pytest.raises(NumberMalformed) as refusal:
            Name(Named.TITLE, IssuerCode(code), "A")
        assert refusal.value.field == "code"

    def test_a_series_has_no_sub_reference(self) -> None:
        with pytest.raises(NumberMalformed):
            Name(Named.SERIES, CODE, "A", "1")


class TestIssuerCode:
    def test_it_is_list_and_code_in_upper_case_without_white_space(self) -> None:
        assert issuer_code("lei", "5493 00od") == "LEI:549300OD"

    def test_what_cannot_be_a_code_is_none(self) -> None:
        assert [issuer_code("", "A"), issuer_code("A", ""), issuer_code("提", "A")] == [None] * 3


class TestNumberingKey:
    def test_a_new_key_comes_back_from_its_bytes(self) -> None:
        key = NumberingKey.generate()
        assert NumberingKey(key.secret_bytes()).public_key == key.public_key
        assert NumberingKey.generate().public_key != key.public_key

    @pytest.mark.parametrize("secret", [b"", bytes(32), b"\xff" * 32, b"\x01" * 33])
    def test_a_secret_that_is_no_scalar_is_refused(self, secret: bytes) -> None:
        with pytest.raises(ValueError, match="scalar"):
            NumberingKey(secret)


class TestNumbering:
    def test_the_number_is_proven_and_the_same_every_time(self) -> None:
        numbering = KEY.number(NAME)
        assert re.fullmatch("0x[0-9a-f]{64}", numbering.output)
        assert KEY.number(NAME) == numbering
        verified(KEY.public_key, NAME, numbering)

    def test_the_spelling_of_the_number_does_not_count(self) -> None:
        assert KEY.number(replace(NAME, number="medu gd118204")) == KEY.number(NAME)

    def test_kind_code_number_sub_reference_and_key_all_count(self) -> None:
        outputs = {
            KEY.number(NAME).output,
            OTHER_KEY.number(NAME).output,
            KEY.number(replace(NAME, named=Named.INVOICE)).output,
            KEY.number(replace(NAME, code=IssuerCode("SMDG:HLC"))).output,
            KEY.number(replace(NAME, number="MEDUGD118205")).output,
            KEY.number(replace(NAME, sub_reference="3")).output,
            KEY.number(replace(NAME, sub_reference=None)).output,
            KEY.number(Name(Named.SERIES, CODE, NAME.number)).output,
        }
        assert len(outputs) == 8

    def test_another_id_under_a_good_proof_is_refused(self) -> None:
        proof = KEY.number(NAME).proof
        with pytest.raises(NumberingRefused, match="another id"):
            verify_numbering(KEY.public_key, NAME, issuer=ISSUER, record=ZERO_32, proof=proof)

    def test_the_id_of_another_issuer_is_refused(self) -> None:
        """Whoever copies a number has an id of its own, which the key does not prove."""
        numbering = KEY.number(NAME)
        copied = record_id_of(PartyIndex(ISSUER + 1), numbering.output)
        with pytest.raises(NumberingRefused, match="another id"):
            verify_numbering(
                KEY.public_key, NAME, issuer=ISSUER, record=copied, proof=numbering.proof
            )

    def test_another_name_or_key_is_refused(self) -> None:
        numbering = KEY.number(NAME)
        with pytest.raises(NumberingRefused):
            verified(KEY.public_key, replace(NAME, sub_reference=None), numbering)
        with pytest.raises(NumberingRefused):
            verified(OTHER_KEY.public_key, NAME, numbering)
