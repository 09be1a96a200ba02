"""What keys and people may be called: something that can be shown on one line."""

from __future__ import annotations

import unicodedata
from typing import Final

from tidan_node.problems import InvalidInput

_LONGEST_NAME: Final = 100


def shown_name(name: str, whose: str) -> str:
    """The name without blanks around it; whose it is stands in the refusal."""
    stripped = name.strip()
    if not 0 < len(stripped) <= _LONGEST_NAME:
        raise InvalidInput(f"{whose} name has 1 to {_LONGEST_NAME} characters", field="name")
    if any(unicodedata.category(letter).startswith("C") for letter in stripped):
        raise InvalidInput(f"{whose} name has characters that cannot be seen", field="name")
    return stripped
