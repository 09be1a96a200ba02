"""What reads JSON in one way only."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.canonical import canonical_bytes, is_nfc, pointer_to, read_json
from tidan_node.domain.proofs.problems import JsonMalformed

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc~/", max_size=2), inner)
    ),
    max_leaves=8,
)


class TestReadJson:
    @settings(deadline=None)
    @given(VALUES)
    def test_what_was_read_is_its_own_canonical_form(self, value: object) -> None:
        canonical = canonical_bytes(read_json(json.dumps(value).encode()))
        assert canonical_bytes(read_json(canonical)) == canonical

    def test_text_comes_out_composed(self) -> None:
        assert read_json('{"a": "Gu\u0308lsu\u0308n"}'.encode()) == {"a": "Gülsün"}

    def test_a_whole_number_has_one_type_however_it_is_written(self) -> None:
        assert [
            type(n) for n in [read_json(b"12000"), read_json(b"12000.0"), read_json(b"1.2e4")]
        ] == [
            int,
            int,
            int,
        ]

    def test_minus_zero_is_zero(self) -> None:
        assert canonical_bytes(read_json(b"-0.0")) == b"0"

    @pytest.mark.parametrize(
        ("raw", "rule"),
        [
            (b'\xef\xbb\xbf{"a":1}', "byte order mark"),
            (b'{"a":"\xff"}', "UTF-8 at byte 6"),
            ('{"a":1}'.encode("utf-16"), "UTF-8"),
            (b'{"a":1,"a":1}', "twice"),
            ('{"\u00fc":1,"u\u0308":2}'.encode(), "twice"),
            (b'{"a":NaN}', "NaN"),
            (b'{"a":-Infinity}', "Infinity"),
            (b'{"a":1e999}', "double"),
            (b'{"a":9007199254740993}', "double"),
            (b'{"a":0.1000000000000000055511151231257827}', "double"),
            (b'{"a":1e-400}', "double"),
            (b'{"a":' + b"9" * 5000 + b"}", "5000 characters"),
            (b'{"a":"\\ud800"}', "surrogate"),
            (b'{"a":"\\u0000"}', "NUL"),
            (b'{"a":1', "line 1, column 7"),
            (b'{"a":1}x', "line 1, column 8"),
            (b"{'a':1}", "column 2"),
            (b"", "column 1"),
            (b"[" * 100 + b"]" * 100, "deeper than 64"),
            (b"[" * 200_000 + b"]" * 200_000, "deeper than 64"),
        ],
    )
    def test_what_could_be_read_in_two_ways_is_refused(self, raw: bytes, rule: str) -> None:
        with pytest.raises(JsonMalformed, match=rule):
            read_json(raw)

    def test_brackets_in_text_do_not_nest(self) -> None:
        assert read_json(b'"' + b"[" * 1000 + b'\\"]"') == "[" * 1000 + '"]'
        assert read_json(b"[" * 64 + b"]" * 64)

    def test_a_long_text_without_an_end_takes_no_long_time(self) -> None:
        for raw in (
            b'"' + b'\\"' * 500_000,
            b'"' + b"\\\\" * 500_000 + b"\\",
            b"[" + b'"",' * 300_000,
        ):
            with pytest.raises(JsonMalformed):
                read_json(raw)

    def test_the_refusal_of_a_text_names_its_place(self) -> None:
        with pytest.raises(JsonMalformed) as refusal:
            read_json(b'{"a/b": [{"~": "\\udfff"}]}')
        assert refusal.value.field == "/a~1b/0/~0"


class TestCanonicalBytes:
    def test_the_example_of_rfc_8785_comes_out_as_printed_there(self) -> None:
        # RFC 8785 §3.2.2 and §3.2.3; the number 333333333.33333329 is 333333333.3333333 as double
        raw = b"""{
          "numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
          "literals": [null, true, false]
        }"""
        assert (
            canonical_bytes(read_json(raw))
            == (
                '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
                '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
            ).encode()
        )

    def test_null_empty_false_and_zero_are_four_values(self) -> None:
        assert len({canonical_bytes(value) for value in (None, "", False, 0)}) == 4

    def test_an_infinite_number_has_no_form(self) -> None:
        with pytest.raises(ValueError, match="not representable"):
            canonical_bytes(math.inf)


class TestIsNfc:
    def test_decomposed_text_and_half_a_pair_are_not(self) -> None:
        assert [is_nfc(text) for text in ("Gülsün", "Gu\u0308", "\ud800")] == [True, False, False]


class TestPointerTo:
    def test_tilde_and_slash_are_escaped(self) -> None:
        assert pointer_to("/lines", "a/b~c") == "/lines/a~1b~0c"
