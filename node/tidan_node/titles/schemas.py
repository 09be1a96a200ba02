"""Titles as callers see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, Pledgee
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Offer, Offered, Proposal
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.titles.act_schemas import Moved
from tidan_node.web.accepted_terms import AcceptedTerms
from tidan_node.web.acts import ActAnswer
from tidan_node.web.proven_history import HistoryProof
from tidan_node.web.shapes import (
    AsOf,
    Moment,
    Names,
    PartyName,
    PartyReference,
    Shape,
    moment_of,
)

StatusName = Literal[
    "LIVE",
    "PENDING_DELIVERY",
    "PENDING_AMENDMENT",
    "DELIVERED",
    "VOIDED",
    "PAPER",
    "IN_TRANSIT",
    "EXPORTED",
]


@dataclass(frozen=True, slots=True)
class TitleFilter:
    """Which titles are listed."""

    status: Annotated[StatusName | None, Query()] = None
    possessor: Annotated[PartyReference | None, Query()] = None
    issuer: Annotated[PartyReference | None, Query()] = None
    offeree: Annotated[PartyReference | None, Query()] = None
    pledgee: Annotated[PartyReference | None, Query()] = None
    proposed_to: Annotated[PartyReference | None, Query(alias="proposedTo")] = None


class OfferAnswer(Shape):
    """An offer that waits for its recipient's word."""

    recipient: PartyName
    what: list[Moved]
    deadline: Moment
    expired: bool
    consented: bool
    """Whether the pledgee has agreed to it."""
    enforced: bool
    """Whether the pledgee makes it, in the possessor's place."""

    @classmethod
    def of(cls, offer: Offer, names: Names, now: int) -> OfferAnswer:
        return cls(
            recipient=PartyName.of(offer.recipient, names),
            what=moved_names(offer.what),
            deadline=moment_of(offer.deadline),
            expired=now >= offer.deadline,
            consented=offer.consented,
            enforced=offer.enforced,
        )


class PledgeAnswer(Shape):
    """Who has the title as security: its name on the chain, and the bank where it is one."""

    pledgee: str
    bank: PartyName | None

    @classmethod
    def of(cls, pledgee: Pledgee, names: Names) -> PledgeAnswer:
        return cls(pledgee=pledgee, bank=PartyName.or_none(bank_of(pledgee), names))


class ProposalAnswer(PledgeAnswer):
    """A pledge that waits for its pledgee's word."""

    deadline: Moment
    expired: bool

    @classmethod
    def proposed(cls, proposal: Proposal, names: Names, now: int) -> ProposalAnswer:
        return cls(
            pledgee=proposal.pledgee,
            bank=PartyName.or_none(bank_of(proposal.pledgee), names),
            deadline=moment_of(proposal.deadline),
            expired=now >= proposal.deadline,
        )


class TitleAnswer(Shape):
    """A title as it stands."""

    id: str
    series: str
    status: str
    kind: str
    seq: int
    issuer: PartyName
    possessor: PartyName | None
    """Nobody while it arrives: until its new possessor accepts."""
    titleholder: PartyName | None
    offer: OfferAnswer | None
    proposal: ProposalAnswer | None
    pledge: PledgeAnswer | None
    gateway: str | None
    """Which it is locked for."""
    rulebook: Annotated[
        int,
        Field(
            description="The number of the rulebook's version that the title itself states; 0 where"
            " it states none: then `terms.rulebook` holds, which its carrier accepted."
        ),
    ]
    terms: AcceptedTerms | None
    """What its carrier accepted when it was enrolled."""
    content_root: str
    schema_: Annotated[int, Field(alias="schema")]
    version: int
    head: str
    issued_at: Moment
    changed_at: Moment
    holds_content: bool
    number: str | None = None
    """The number of the bill of lading, where its content is held and the key may read it."""
    fault: str | None = None
    """What is wrong with the node's view of it, where something is."""


class TitleAsOf(TitleAnswer):
    """A title, and the block that this was true at."""

    as_of: AsOf


class TitlePage(Shape):
    """Titles, the newest first."""

    items: list[TitleAnswer]
    next_cursor: str | None
    as_of: AsOf


class HistoryAnswer(Shape):
    """Every act on a title, oldest first."""

    title: str
    head: str
    acts: list[ActAnswer]
    as_of: AsOf
    proof: HistoryProof | None = None
    """Where one was asked for."""


def moved_names(what: Offered) -> list[Moved]:
    every: tuple[tuple[Offered, Moved], ...] = (
        (Offered.POSSESSION, "possession"),
        (Offered.TITLE, "title"),
        (Offered.FINAL, "final"),
    )
    return [name for flag, name in every if flag in what]


def parties_of(state: TitleState) -> set[PartyIndex]:
    """Everybody whom an answer about this title names."""
    title = state.title
    offered = {title.offer.recipient} if title.offer else set()
    proposed = title.proposal.pledgee if title.proposal else None
    banks = {bank_of(each) for each in (title.pledgee, proposed) if each is not None}
    holders = {title.issuer, title.possessor, title.titleholder}
    return (holders | offered | banks) - {NO_PARTY}
