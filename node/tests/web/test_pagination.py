"""Cursors are opaque, and what is not one is refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.web.pagination import Position, cursor_of, page_request, position_of
from tidan_node.web.refusals import CursorInvalid


@given(st.integers(0, 2**63 - 1), st.from_regex(r"[!-~]{1,128}", fullmatch=True))
def test_a_cursor_gives_back_its_position(key: int, row: str) -> None:
    assert position_of(cursor_of(Position(key, row))) == Position(key, row)


@pytest.mark.parametrize(
    "cursor",
    ["", "!", "a", "ä", cursor_of(Position(1, "a"))[:-2]]
    + [
        base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
        for packed in (
            *(b"[]", b'["a","b"]', b'[true,"b"]', b'[-1,"b"]', b'[1,"b",2]', b"{", b"\xff"),
            *(b'[1,""]', b'[1,"a b"]', b'[1,"\\u0000"]', b'[1,"\\ud800"]', '[1,"ä"]'.encode()),
        )
    ],
)
def test_what_no_list_gave_is_no_cursor(cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        position_of(cursor)


def test_a_page_begins_where_its_cursor_says() -> None:
    asked = page_request(limit=7, cursor=cursor_of(Position(5, "0xab")))

    assert (asked.limit, asked.after) == (7, Position(5, "0xab"))
