"""What the numbers are worth that a party states of itself: form, check digits, and who else has
them."""

from __future__ import annotations

from typing import Final

from tidan_node.domain.checks import Check
from tidan_node.domain.profiles import Identifier
from tidan_node.domain.registers import IdentifierInvalid, check_identifier, standing_of
from tidan_node.records.claims import Claims

IDENTIFIER: Final = "identifier"
ALONE: Final = "identifier-alone"


def number_check(identifier: Identifier) -> Check:
    """Whether there can be such a number."""
    name = str(identifier)
    if standing_of(identifier) == "unchecked":
        return Check.not_evaluable(IDENTIFIER, "this list has no rule known here", name)
    try:
        check_identifier(identifier)
    except IdentifierInvalid as invalid:
        return Check.failed(IDENTIFIER, invalid.detail, name)
    return Check.verified(IDENTIFIER, name)


def alone_check(identifier: Identifier, others: Claims, vouched: str | None) -> Check:
    """Whether nobody else states this number; or an authority has said whose it is (`vouched`)."""
    name = str(identifier)
    also = others.get(identifier, [])
    if not also or name == vouched:
        return Check.verified(ALONE, name)
    who = ", ".join(str(each) for each in also[:5])
    return Check.not_evaluable(ALONE, f"it is stated by another party, too: {who}", name)
