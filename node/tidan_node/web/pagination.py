"""Pages of a list: an opaque cursor over (sort key, id), so that a page never shifts."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Query

from tidan_node.web.refusals import CursorInvalid

LARGEST_PAGE: Final = 200
USUAL_PAGE: Final = 50
_LONGEST_CURSOR: Final = 512
_ROW: Final = re.compile(r"[!-~]{1,128}")
"""Ids of rows are visible ASCII; nothing else is handed on to SQL."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the sort key and the id of its last row."""

    key: int
    id: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How many rows are wanted, and after which."""

    limit: int = USUAL_PAGE
    after: Position | None = None


def cursor_of(position: Position) -> str:
    """The position as text that callers hand back and do not read."""
    packed = json.dumps([position.key, position.id], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def position_of(cursor: str) -> Position:
    """The position that a cursor stands for."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        match json.loads(packed):
            case [int(key), str(row)] if not isinstance(key, bool) and 0 <= key < 2**63:
                if _ROW.fullmatch(row):
                    return Position(key, row)
    except (binascii.Error, ValueError, RecursionError):
        pass  # falls through to the one refusal
    raise CursorInvalid("not a cursor of this list", field="cursor")


def page_request(
    limit: Annotated[
        int, Query(ge=1, le=LARGEST_PAGE, description="How many at most.")
    ] = USUAL_PAGE,
    cursor: Annotated[
        str | None,
        Query(max_length=_LONGEST_CURSOR, description="`nextCursor` of the page before."),
    ] = None,
) -> PageRequest:
    return PageRequest(limit, position_of(cursor) if cursor is not None else None)


Page = Annotated[PageRequest, Depends(page_request)]
