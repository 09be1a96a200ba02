"""A call on titles that one has signed and another sends, and what the relay asks of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.title_book.book import Call
from tidan_node.domain.title_problems import (
    ActNotSignable,
    SignatureExpired,
    SignatureInvalid,
    TermsMalformed,
)
from tidan_node.domain.titles.terms import terms_of

WORDS_OF_ISSUANCE = 4
NOT_SIGNED = ("exportTitle", "returnTitle", "importTitle")


@dataclass(frozen=True)
class Relayed:
    """How a call is signed, and by whom it is sent: rightly, or with one thing wrong."""

    sender: str
    valid_for: int
    signer: str
    altered: bool


def require_signed(call: Call, relayed: Relayed, signer: str) -> None:
    """What the relay asks, in its order."""
    if relayed.valid_for + (1 if relayed.altered else 0) < 0:
        raise SignatureExpired("it was valid until before")
    if call.function in NOT_SIGNED:
        raise ActNotSignable("it is a gateway's")
    for terms in terms_in(call.arguments):
        terms_of(terms)
    if relayed.altered or relayed.signer != signer:
        raise SignatureInvalid("it is another's, or over another act")


def terms_in(arguments: Iterable[object]) -> list[int]:
    """The words with the terms of all issuances among the arguments."""
    found: list[int] = []
    for each in arguments:
        if isinstance(each, tuple) and len(each) == WORDS_OF_ISSUANCE:
            found.append(each[-1])
        elif isinstance(each, list):
            found += terms_in(each)
    return found


def is_formed(terms: int) -> bool:
    try:
        terms_of(terms)
    except TermsMalformed:
        return False
    return True
