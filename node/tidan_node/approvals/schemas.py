"""Approvals and their rules as callers send and see them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from tidan_node.web.approval_answers import ApprovalAnswer
from tidan_node.web.shapes import SEEN, Moment, Shape

MOST_APPROVERS = 9


class RefusalRequest(Shape):
    """A request refused, and why. The reason is for the party's own people."""

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=SEEN)]


class VoteAnswer(Shape):
    """One person's yes. It counts while the person may still approve."""

    user: str
    name: str
    at: Moment


class IntendedAnswer(Shape):
    """What the request comes to: the operation that it leads to, and its details."""

    kind: str
    target: str
    details: dict[str, Any]  # Any: each act has its own, all of them JSON
    parties: dict[str, str]
    """The names of the parties that the details number."""


class ApprovalDetails(ApprovalAnswer):
    """An approval with all that an approver decides on."""

    fingerprint: str
    path: str
    request: dict[str, Any] | None  # Any: the body as it will be carried out
    """None once it has ended, and where the caller may not see it."""
    intended: IntendedAnswer | None
    withheld: list[str]
    """The scopes that the caller lacks to see all of it; without them it cannot approve."""
    approvals: list[VoteAnswer]
    ended_by: str | None
    reason: str | None


class ApprovalPage(Shape):
    """Approvals, the newest first."""

    items: list[ApprovalAnswer]
    next_cursor: str | None


class RuleRequest(Shape):
    """How many others must approve this act; 0 for none."""

    act: Annotated[str, Field(min_length=1, max_length=64, pattern=SEEN)]
    approvers: Annotated[int, Field(strict=True, ge=0, le=MOST_APPROVERS)]


class RuleChanged(Shape):
    """A rule, and what it was before."""

    act: str
    approvers: int
    before: int


class RuleAnswer(Shape):
    """How many approvers an act needs now."""

    act: str
    approvers: int


class RuleList(Shape):
    """Every act that a party can have approved, and how many users could approve."""

    items: list[RuleAnswer]
    able: int
