"""The numbers of a title: acts, states, kinds, and what is stated at an issue or an offer."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.identifiers import ContentRoot, PartyIndex, Pledgee, SeriesId, TitleId
from tidan_node.domain.title_problems import TermsMalformed

TERMS: Final = (
    ("possessor", 32),
    ("titleholder", 32),
    ("kind", 8),
    ("schema", 16),
    ("version", 16),
    ("rulebook", 8),
)
"""What the word of a title's terms holds, from its last bits on, and in how many bits."""


class TitleAct(enum.IntEnum):
    """What can be done with a title, numbered as in TitleRegistry; new acts are appended."""

    NONE = 0
    ISSUE = 1
    OFFER = 2
    WITHDRAW = 3
    ACCEPT = 4
    DECLINE = 5
    SURRENDER_FOR_DELIVERY = 6
    ACCEPT_SURRENDER = 7
    REJECT_SURRENDER = 8
    ENDORSE = 9
    PROPOSE_PLEDGE = 10
    ACCEPT_PLEDGE = 11
    DECLINE_PLEDGE = 12
    CONSENT = 13
    RELEASE_PLEDGE = 14
    ENFORCE_PLEDGE = 15
    SURRENDER_FOR_AMENDMENT = 16
    CANCEL_SURRENDER = 17
    VOID = 18
    SWITCH_TO_PAPER = 19
    END_AS_PAPER = 20
    ISSUE_FROM_PAPER = 21
    ISSUE_SUCCESSOR = 22
    LOCK = 23
    EXPORT = 24
    RETURN = 25
    IMPORT = 26


class TitleStatus(enum.IntEnum):
    """The states of a title, numbered as in TitleRegistry."""

    NONE = 0
    LIVE = 1
    PENDING_DELIVERY = 2
    PENDING_AMENDMENT = 3
    DELIVERED = 4
    VOIDED = 5
    PAPER = 6
    IN_TRANSIT = 7
    EXPORTED = 8


class TitleKind(enum.IntEnum):
    """Who may take a title over, and how; numbered as in TitleRegistry."""

    STRAIGHT = 0
    ORDER = 1
    ORDER_FINAL = 2
    BLANK = 3


class Replaced(enum.IntEnum):
    """How a title was replaced by others, as the history of the one that is voided counts it."""

    AMENDMENT = 1
    SPLIT = 2
    COMBINATION = 3
    SWITCH = 4


class Offered(enum.IntFlag):
    """What an offer moves once it is accepted; FINAL makes the recipient the last titleholder."""

    POSSESSION = 1
    TITLE = 2
    FINAL = 4


@dataclass(frozen=True, slots=True)
class Issuance:
    """What a carrier states when it issues a title. Id and series are those that the registry
    derives from the carrier's numbers (`proofs.record_ids`)."""

    title_id: TitleId
    series: SeriesId
    content_root: ContentRoot
    possessor: PartyIndex
    titleholder: PartyIndex
    kind: TitleKind
    schema: int
    version: int
    rulebook: int = 0
    """Number of the rulebook's version; 0 for the one that the carrier has accepted last."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that waits for its recipient's word until its deadline (seconds, chain time).

    Of a pledged title nobody takes it up before the pledgee has consented to it; one that the
    pledgee itself makes is enforced, and its acceptance ends the pledge.
    """

    recipient: PartyIndex
    what: Offered
    deadline: int
    consented: bool = False
    enforced: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pledge that waits for its pledgee's word until its deadline."""

    pledgee: Pledgee
    deadline: int


def packed(*fields: int) -> int:
    """Possessor, titleholder, kind, schema, version and rulebook in one word."""
    word, at = 0, 0
    for value, (_, width) in zip(fields, TERMS, strict=True):
        word |= value << at
        at += width
    return word


def terms_word(issuance: Issuance) -> int:
    """The small fields of an issuance in one word, as contract, events and history have them."""
    return packed(
        issuance.possessor,
        issuance.titleholder,
        issuance.kind,
        issuance.schema,
        issuance.version,
        issuance.rulebook,
    )


def terms_of(word: int) -> dict[str, int]:
    """The fields in such a word, by their names, where it is one."""
    if word >> sum(width for _, width in TERMS):
        raise TermsMalformed("there are bits above those of the terms", field="terms")
    fields: dict[str, int] = {}
    for name, width in TERMS:
        fields[name] = word & (1 << width) - 1
        word >>= width
    if fields["kind"] > max(TitleKind):
        raise TermsMalformed(f"there is no kind {fields['kind']}", field="terms")
    return fields
