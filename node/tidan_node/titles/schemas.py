"""Titles as callers send and see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, Field

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Offer, Offered
from tidan_node.operations.operation import Operation
from tidan_node.web.acts import ActAnswer, ExpectedSeq
from tidan_node.web.operation_answers import OperationAnswer
from tidan_node.web.shapes import (
    AsOf,
    Moment,
    Names,
    PartyName,
    PartyReference,
    Shape,
    moment_of,
    whole_second,
)

Moved = Literal["possession", "title"]
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
ReasonName = Literal["FREIGHT_UNPAID", "WRONG_PARTY", "CARGO_NOT_ARRIVED", "LEGAL_HOLD", "OTHER"]


@dataclass(frozen=True, slots=True)
class TitleFilter:
    """Which titles are listed."""

    status: Annotated[StatusName | None, Query()] = None
    possessor: Annotated[PartyReference | None, Query()] = None
    issuer: Annotated[PartyReference | None, Query()] = None
    offeree: Annotated[PartyReference | None, Query()] = None


class IssueRequest(Shape):
    """A transport document (DCSA) to be issued as a title."""

    document: dict[str, Any]  # Any: read by the document's own schema
    possessor: PartyReference | None = None
    """Who holds it first; this node's own party when left out."""
    titleholder: PartyReference | None = None
    """To whom it is made out: needed, unless the document is a bill in blank."""


class OfferRequest(Shape):
    """An offer: to whom, of what, until when."""

    recipient: PartyReference
    what: Annotated[list[Moved], Field(min_length=1, max_length=2)] | None = None
    deadline: Annotated[AwareDatetime, AfterValidator(whole_second)] | None = None
    expected_seq: ExpectedSeq = None


class ActRequest(Shape):
    """An act that needs no more said."""

    expected_seq: ExpectedSeq = None


class RejectionRequest(Shape):
    """A surrender refused, and why."""

    reason: ReasonName
    expected_seq: ExpectedSeq = None


class TitleAccepted(Shape):
    """The intention is kept; watch the operation to see it done."""

    operation: OperationAnswer
    title: str

    @classmethod
    def of(cls, operation: Operation) -> TitleAccepted:
        return cls(operation=OperationAnswer.accepted(operation), title=operation.target)


class OfferAnswer(Shape):
    """An offer that waits for its recipient's word."""

    recipient: PartyName
    what: list[Moved]
    deadline: Moment
    expired: bool

    @classmethod
    def of(cls, offer: Offer, names: Names, now: int) -> OfferAnswer:
        return cls(
            recipient=PartyName.of(offer.recipient, names),
            what=moved_names(offer.what),
            deadline=moment_of(offer.deadline),
            expired=now >= offer.deadline,
        )


class TitleAnswer(Shape):
    """A title as it stands."""

    id: str
    series: str
    status: str
    kind: str
    seq: int
    issuer: PartyName
    possessor: PartyName
    titleholder: PartyName | None
    offer: OfferAnswer | None
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


def moved_names(what: Offered) -> list[Moved]:
    both: tuple[tuple[Offered, Moved], ...] = (
        (Offered.POSSESSION, "possession"),
        (Offered.TITLE, "title"),
    )
    return [name for flag, name in both if flag in what]


def parties_of(state: TitleState) -> set[PartyIndex]:
    """Everybody whom an answer about this title names."""
    title = state.title
    offered = {title.offer.recipient} if title.offer else set()
    return ({title.issuer, title.possessor, title.titleholder} | offered) - {NO_PARTY}
