"""The Council, its proposals, and whom it recognises, as callers see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from tidan_node.council.proposing import Account, Reason
from tidan_node.domain.identifiers import OperationId
from tidan_node.operations.operation import Operation
from tidan_node.web.operation_answers import OperationAnswer
from tidan_node.web.shapes import VISIBLE, AsOf, Moment, PartyName, PartyReference, Shape

StatusName = Literal["OPEN", "APPROVED", "EXECUTED", "LAPSED", "SUPERSEDED"]


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """Which proposals are listed."""

    status: Annotated[StatusName | None, Query()] = None
    operation: Annotated[
        OperationId | None,
        Query(
            max_length=36,
            pattern=VISIBLE,
            description="The proposal that this operation of the node has made.",
        ),
    ] = None


class ActRequest(Shape):
    """An act that needs no more said."""


class ObjectionRequest(Shape):
    """Why the party that would lose accounts is against it."""

    reason: Reason


class RotationRequest(Shape):
    """An account to add, one to remove, or both: the party's own."""

    added: Account | None = None
    removed: Account | None = None


class CompletionRequest(Shape):
    """Whose rotation is completed: this node's own party, where nobody is named."""

    party: PartyReference | None = None


class CouncilAccepted(Shape):
    """The intention is kept; watch the operation to see it done."""

    operation: OperationAnswer

    @classmethod
    def of(cls, operation: Operation) -> CouncilAccepted:
        return cls(operation=OperationAnswer.accepted(operation))


class SeatAnswer(Shape):
    """A member of the Council; only an active one counts."""

    party: PartyName
    status: str


class TermsAnswer(Shape):
    """What the deployment fixed; times in seconds."""

    threshold: int
    delay: int
    objection_window: int


class CouncilAnswer(Shape):
    """The Council; before it is founded, who deployed the contracts decides alone."""

    founded: bool
    founded_at: Moment | None
    terms: TermsAnswer | None
    seats: list[SeatAnswer]
    fault: str | None = None
    as_of: AsOf


class ApprovalAnswer(Shape):
    """A member's approval; one of a party that lost its seat or its standing does not count."""

    party: PartyName
    counts: bool


class ObjectionAnswer(Shape):
    """What the party that would lose accounts says."""

    at: Moment
    reason: str


class CallAnswer(Shape):
    """The call itself, as its bytes are on the chain."""

    contract: str | None
    address: str
    data: str


class ProposalAnswer(Shape):
    """A proposal: what it would do, and what is missing until it is done."""

    number: int
    kind: str
    words: str
    """What it does, in a sentence, read from the bytes of its call."""
    details: dict[str, Any]  # Any: JSON, by kind
    reason: str
    status: str
    proposer: PartyName
    subject: PartyName | None
    """The party that would lose accounts, and may object."""
    proposed_at: Moment
    approvals: list[ApprovalAnswer]
    approvals_counted: int
    approvals_needed: int
    objection: ObjectionAnswer | None
    executable_from: Moment | None
    lapses_at: Moment
    executed_at: Moment | None
    superseded_by: int | None
    """The number of one that did the same while this one was there: this one is done no more."""
    call: CallAnswer
    fault: str | None = None
    """What is wrong with the node's view of it, where something is."""


class ProposalAsOf(ProposalAnswer):
    """A proposal, and the block that this was true at."""

    as_of: AsOf


class ProposalPage(Shape):
    """Proposals, the newest first."""

    items: list[ProposalAnswer]
    next_cursor: str | None
    as_of: AsOf


class RecognitionAnswer(Shape):
    """A recognised anchor of a foreign platform, and what its users may do here."""

    anchor: str
    platform: str
    did: str | None
    certificate: Annotated[str | None, Field(description="DER in base64.")]
    sha256: str | None
    roles: list[str]
    acts: list[str]
    expires_at: Moment
    withdrawn: bool
    stands: bool
    """Whether it holds at the time of the block."""
    recognised_at: Moment
    changed_at: Moment
    fault: str | None = None


class GatewayAnswer(Shape):
    """An account through which titles leave for another chain or platform, and come back."""

    gateway: str
    name: str
    recognised: bool
    """Whether a title can be locked for it and arrive by it. One that is dismissed still sends out
    or gives back what it has."""
    admitted_by: list[PartyName]
    """The carriers under whose numbers it may bring in titles that were never here, while it is
    recognised."""
    recognised_at: Moment
    """For the first time."""
    changed_at: Moment
    fault: str | None = None


class GatewayPage(Shape):
    """Gateways, the newest first."""

    items: list[GatewayAnswer]
    next_cursor: str | None
    as_of: AsOf


class RecognitionPage(Shape):
    """Recognitions, the newest first."""

    items: list[RecognitionAnswer]
    next_cursor: str | None
    as_of: AsOf
