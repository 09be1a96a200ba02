"""RLP against the examples of the Ethereum documentation, and strict about its one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.ledger.embedded.rlp import NotRlp, decode, encode

LOREM = b"Lorem ipsum dolor sit amet, consectetur adipisicing elit"

# https://ethereum.org/en/developers/docs/data-structures-and-encoding/rlp/
EXAMPLES = [
    (b"dog", "83646f67"),
    ([b"cat", b"dog"], "c88363617483646f67"),
    (b"", "80"),
    ([], "c0"),
    (b"\x00", "00"),
    (b"\x0f", "0f"),
    (b"\x04\x00", "820400"),
    ([[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0"),
    (LOREM, "b838" + LOREM.hex()),
]

items = st.recursive(st.binary(max_size=80), lambda inner: st.lists(inner, max_size=5))


@pytest.mark.parametrize(("item", "encoded"), EXAMPLES)
def test_the_published_examples_come_out_in_both_directions(item: object, encoded: str) -> None:
    assert encode(item) == bytes.fromhex(encoded)
    assert decode(bytes.fromhex(encoded)) == item


@given(items)
def test_what_is_encoded_is_read_back(item: object) -> None:
    assert decode(encode(item)) == item


@pytest.mark.parametrize(
    ("encoded", "reason"),
    [
        ("", "too early"),
        ("83646f", "too early"),
        ("c88363617483646f", "too early"),
        ("b8", "too early"),
        ("83646f6700", "after the end"),
        ("8100", "small byte"),
        ("b803646f67", "longer than it has to be"),
        ("b90038" + "00" * 56, "longer than it has to be"),
        ("c283646f67", "longer than its list"),
        ("c1" * 40 + "c0", "too deep"),
    ],
)
def test_another_form_is_refused(encoded: str, reason: str) -> None:
    with pytest.raises(NotRlp, match=reason):
        decode(bytes.fromhex(encoded))


@given(st.binary(max_size=60))
def test_any_bytes_are_either_one_form_or_refused(encoded: bytes) -> None:
    try:
        item = decode(encoded)
    except NotRlp:
        return
    assert encode(item) == encoded
