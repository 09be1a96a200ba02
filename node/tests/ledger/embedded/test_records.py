"""Lines of the journal: read back as written, and never read when a byte is another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.ledger.embedded.records import (
    BlockIntent,
    BlockMined,
    BrokenLine,
    Record,
    Waiting,
    decode,
    encode,
)

INTENT = BlockIntent(
    height=3,
    timestamp=1_700_000_000,
    offset=60,
    transactions=(b"\x01\x02", b"\xff"),
    balances=(("0x" + "ab" * 20, 2**256 - 1),),
)
RECORDS: list[Record] = [INTENT, BlockMined(3, "0x" + "cd" * 32), Waiting((b"\x0a\x0d",))]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_is_read_back_as_it_was_written(record: Record) -> None:
    assert decode(encode(17, record)) == (17, record)


@pytest.mark.parametrize("record", RECORDS)
def test_a_line_is_one_line(record: Record) -> None:
    assert encode(1, record).count(b"\n") == 1
    assert encode(1, record).endswith(b"\n")


@given(st.integers(0), st.integers(1, 255))
def test_a_line_with_another_byte_is_broken(place: int, change: int) -> None:
    line = bytearray(encode(9, INTENT))
    line[place % len(line)] ^= change
    with pytest.raises(BrokenLine):
        decode(bytes(line))


def test_every_beginning_of_a_line_is_torn() -> None:
    line = encode(9, INTENT)
    for length in range(len(line)):
        with pytest.raises(BrokenLine):
            decode(line[:length])
