"""Numbers nearly like the one that was typed, of documents that the node shows to the caller."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from tidan_cli.client import NodeClient
from tidan_cli.failures import Answered

_MOST: Final = 3
_ALIKE: Final = 0.85
_FEWEST: Final = 3
"""Fewer characters are the beginning of too much, and are like too much."""
_AT_ONCE: Final = 200


def near_numbers(client: NodeClient, kind: str, scheme: str, typed: str) -> list[str]:
    """As the documents write them, the nearest first; none for a key that may not search. The two
    begin alike: at half of what was typed, or at its first characters."""
    bare = _bare(typed)
    if len(bare) < _FEWEST:
        return []
    for length in sorted({max(_FEWEST, len(bare) // 2), _FEWEST}, reverse=True):
        wanted = {"text": bare[:length], "kind": kind, "scheme": scheme, "limit": _AT_ONCE}
        try:
            items = client.ask("/v1/search", wanted)["items"]
        except Answered:
            return []
        written = {_bare(each["value"]): each["value"] for each in items if each["current"]}
        found = get_close_matches(bare, written, n=_MOST, cutoff=_ALIKE)
        if found:
            return [written[each] for each in found]
    return []


def _bare(text: str) -> str:
    """Case, spaces and dashes make no other number."""
    return "".join(each for each in text.upper() if each.isalnum())
