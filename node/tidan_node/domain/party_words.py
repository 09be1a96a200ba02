"""Sentences that name a party by its number, with the name that it goes by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tidan_node.domain.identifiers import PartyIndex

_UNNAMED: Final = re.compile(r"(?<!\()\bparty ([0-9]{1,10})\b(?! \()")


def unnamed_in(words: str) -> set[PartyIndex]:
    """The parties that a sentence calls by their numbers alone."""
    return {PartyIndex(int(each)) for each in _UNNAMED.findall(words)}


def worded(words: str, names: Mapping[PartyIndex, str]) -> str:
    """`party 3 (Name)` for `party 3`, as far as the name is known."""

    def with_name(found: re.Match[str]) -> str:
        name = names.get(PartyIndex(int(found[1])))
        return found[0] if name in (None, found[0]) else f"{found[0]} ({name})"

    return _UNNAMED.sub(with_name, words)
