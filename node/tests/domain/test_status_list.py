"""Status lists by the example of their standard, and against bombs."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.util import urlsafe_b64encode

from tidan_node.domain.status_list import (
    ENTRIES,
    StatusListMalformed,
    decode_list,
    encode_list,
    is_set,
)

# W3C Bitstring Status List v1.0: its example of a BitstringStatusListCredential, no bit set
NONE_SET = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def packed(bits: bytes) -> str:
    return "u" + urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode()


class TestDecodeList:
    def test_reads_the_example_of_the_standard(self) -> None:
        assert decode_list(NONE_SET) == bytes(ENTRIES // 8)

    def test_the_first_index_is_the_leftmost_bit(self) -> None:
        bits = decode_list(encode_list([0, 9]))
        assert (bits[0], bits[1]) == (0b1000_0000, 0b0100_0000)

    @given(st.sets(st.integers(0, ENTRIES - 1), max_size=20), st.integers(0, ENTRIES - 1))
    def test_exactly_what_is_revoked_is_set(self, revoked: set[int], other: int) -> None:
        bits = decode_list(encode_list(revoked))
        assert all(is_set(bits, index) for index in revoked)
        assert is_set(bits, other) == (other in revoked)

    @pytest.mark.parametrize(
        "encoded",
        [
            "",
            NONE_SET.removeprefix("u"),
            "u",
            "u%%",
            NONE_SET[:-8],
            NONE_SET + "AAAA",
            packed(bytes(ENTRIES // 8 - 1)),
            packed(bytes(100 * ENTRIES)),
        ],
    )
    def test_what_is_no_list_is_refused(self, encoded: str) -> None:
        with pytest.raises(StatusListMalformed):
            decode_list(encoded)


@pytest.mark.parametrize("index", [-1, ENTRIES])
def test_an_index_beyond_the_list_is_refused(index: int) -> None:
    with pytest.raises(StatusListMalformed):
        is_set(bytes(ENTRIES // 8), index)
