"""The head of a record: one hash over all of its acts, made as `libraries/History.sol` makes it."""

from __future__ import annotations

import enum
import struct
from typing import Final, NamedTuple

from eth_abi.abi import encode
from eth_hash.auto import keccak

from tidan_node.domain.identifiers import ZERO_32, Head, PartyIndex, TitleId, to_bytes, to_hex
from tidan_node.domain.titles import TitleAct

FIRST_HEAD = Head(ZERO_32)
_FOUR_WORDS: Final = struct.Struct(">24xQ24xQ24xQ24xQ")


class InvoiceAct(enum.IntEnum):
    """What can be done with an invoice, numbered as in InvoiceRegistry."""

    NONE = 0
    REGISTER = 1
    ACCEPT = 2
    DISPUTE = 3
    SETTLE = 4
    CANCEL = 5
    LINK = 6


class PolicyAct(enum.IntEnum):
    """What can be done with a policy, numbered as in PolicyRegistry."""

    NONE = 0
    ISSUE = 1
    ENDORSE = 2
    ASSIGN = 3
    CANCEL = 4


class Act(NamedTuple):
    """One act of a record: what, by whom, at which chain time (seconds), and its detail."""

    kind: TitleAct | InvoiceAct | PolicyAct
    seq: int
    actor: PartyIndex
    time: int
    detail: bytes = bytes(32)


def next_head(head: Head, act: Act) -> Head:
    """The head after this act, from the one before it."""
    try:
        done = _FOUR_WORDS.pack(act.kind, act.seq, act.actor, act.time)
    except struct.error as error:  # a proof may come from anybody
        raise ValueError("an act's numbers are whole, and of 64 bits at most") from error
    return Head(to_hex(keccak(to_bytes(head) + done + act.detail)))


def head_of(acts: list[Act]) -> Head:
    """The head after all these acts, the first of which made the record."""
    head = FIRST_HEAD
    for act in acts:
        head = next_head(head, act)
    return head


def link_detail(title: TitleId) -> bytes:
    return to_bytes(title)


def hashed_detail(types: list[str], values: list[object]) -> bytes:
    """The detail of an act whose arguments do not fit a word: the hash of their ABI encoding."""
    return keccak(encode(types, values))


def word(number: int) -> bytes:
    """A number as the 32 bytes that Solidity makes of it."""
    return number.to_bytes(32, "big")


def words(*numbers: int) -> bytes:
    """What abi.encode makes of values that fill a word each; eth_abi does it 20 times slower."""
    return b"".join(map(word, numbers))
