"""Policies as callers send and see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from tidan_node.domain.record_fold import PolicyState
from tidan_node.operations.operation import Operation
from tidan_node.records.recorded import Recorded
from tidan_node.web.accepted_terms import AcceptedTerms
from tidan_node.web.acts import ActAnswer, ExpectedSeq
from tidan_node.web.operation_answers import OperationAnswer
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
    "ISSUED", "ENDORSED", "ASSIGNED", "CLAIMED", "PAID", "REJECTED", "EXPIRED", "CANCELLED"
]


@dataclass(frozen=True, slots=True)
class PolicyFilter:
    """Which policies are listed."""

    status: Annotated[StatusName | None, Query()] = None
    insurer: Annotated[PartyReference | None, Query()] = None
    insured: Annotated[PartyReference | None, Query()] = None
    loss_payee: Annotated[
        PartyReference | None,
        Query(alias="lossPayee", description="Only what is assigned to this party."),
    ] = None


class IssueRequest(Shape):
    """A cargo policy and the party that it covers."""

    document: dict[str, Any]  # Any: read by the document's own schema
    insured: PartyReference


class ActRequest(Shape):
    """An act that needs no more said."""

    expected_seq: ExpectedSeq = None


class AssignRequest(Shape):
    """To whom losses are to be paid."""

    loss_payee: PartyReference
    expected_seq: ExpectedSeq = None


class EndorseRequest(Shape):
    """The policy as it reads from now on."""

    document: dict[str, Any]  # Any: read by the document's own schema
    expected_seq: ExpectedSeq = None


class PolicyAccepted(Shape):
    """The intention is kept; watch the operation to see it done."""

    operation: OperationAnswer
    policy: str

    @classmethod
    def of(cls, operation: Operation) -> PolicyAccepted:
        return cls(operation=OperationAnswer.accepted(operation), policy=operation.target)


class PolicyAnswer(Shape):
    """A policy as it stands on the chain."""

    id: str
    status: str
    seq: int
    insurer: PartyName
    insured: PartyName
    loss_payee: PartyName | None
    expires: Moment
    expired: bool
    content_root: str
    schema_: Annotated[int, Field(alias="schema")]
    version: int
    head: str
    issued_at: Moment
    changed_at: Moment
    terms: AcceptedTerms | None
    """What its insurer accepted when it was enrolled."""
    holds_content: bool
    fault: str | None = None
    """What is wrong with the node's view of it, where something is."""

    @classmethod
    def of(
        cls,
        recorded: Recorded[PolicyState],
        names: Names,
        *,
        terms: AcceptedTerms | None,
        holds: bool,
        now: int,
    ) -> PolicyAnswer:
        policy = recorded.state.policy
        return cls(
            id=policy.policy_id,
            status=policy.status.name,
            seq=policy.seq,
            insurer=PartyName.of(policy.insurer, names),
            insured=PartyName.of(policy.insured, names),
            loss_payee=PartyName.or_none(policy.loss_payee, names),
            expires=moment_of(policy.expires),
            expired=policy.has_expired(now),
            content_root=policy.content_root,
            schema_=policy.schema,
            version=policy.version,
            head=recorded.state.head,
            issued_at=moment_of(recorded.first.time),
            changed_at=moment_of(recorded.last.time),
            terms=terms,
            holds_content=holds,
            fault=recorded.fault,
        )


class PolicyAsOf(PolicyAnswer):
    """A policy, and the block that this was true at."""

    as_of: AsOf


class PolicyPage(Shape):
    """Policies, the newest first."""

    items: list[PolicyAnswer]
    next_cursor: str | None
    as_of: AsOf


class PolicyHistory(Shape):
    """Every act on a policy, oldest first."""

    policy: str
    head: str
    acts: list[ActAnswer]
    as_of: AsOf
    proof: HistoryProof | None = None
    """Where one was asked for."""
