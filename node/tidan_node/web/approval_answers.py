"""What an act is answered with when it waits for others of the same party."""

from __future__ import annotations

import enum
from typing import Any

from pydantic import Field

from tidan_node.web.shapes import Moment, Shape


class ApprovalStatus(enum.StrEnum):
    """Where a request that waits stands; all but the first are ends."""

    OPEN = "open"
    """It waits for approvers."""
    DONE = "done"
    """Approved, and carried out in the same commit: the answer names the operation."""
    FAILED = "failed"
    """Approved, and no longer possible: the problem says why. Nothing was done."""
    REFUSED = "refused"
    """An approver said no."""
    WITHDRAWN = "withdrawn"
    """Its maker took it back."""
    EXPIRED = "expired"
    """Its time passed."""


class MakerAnswer(Shape):
    """Who asked."""

    key: str
    user: str | None
    name: str
    agent: bool


class ApproversAnswer(Shape):
    """How many others must say yes, how many have, and how many there are who could."""

    needed: int
    given: int
    able: int
    """Enabled users, the maker's own left out, whose roles let them approve."""


class ApprovalAnswer(Shape):
    """A request that waits for approval, or did."""

    id: str
    act: str
    target: str
    status: ApprovalStatus
    maker: MakerAnswer
    approvers: ApproversAnswer
    created_at: Moment
    expires_at: Moment
    ended_at: Moment | None
    answer: dict[str, Any] | None  # Any: what the act itself was answered with
    problem: dict[str, Any] | None  # Any: a problem document (RFC 9457)


class ApprovalAwaited(Shape):
    """The act is not done: it is kept, and done once enough others of the party approve it."""

    approval: ApprovalAnswer
    warnings: list[dict[str, Any]] = Field(
        default_factory=list, description="What there is to doubt about the act, as it will say."
    )  # Any: a field and a detail, as the act's own answer has them
