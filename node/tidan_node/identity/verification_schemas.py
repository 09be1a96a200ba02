"""What came of checks, as callers see it."""

from __future__ import annotations

from collections.abc import Iterable

from tidan_node.domain.checks import Check, Outcome, overall
from tidan_node.web.shapes import AsOf, Moment, PartyName, Shape


class CheckAnswer(Shape):
    """One check: `verified`, `failed`, or `not-evaluable`, which is never taken for right."""

    check: str
    about: str | None
    """Which of several: an identifier, a DID."""
    outcome: Outcome
    reason: str | None

    @classmethod
    def of(cls, check: Check) -> CheckAnswer:
        return cls(
            check=check.name, about=check.about, outcome=check.outcome, reason=check.reason
        )  # fmt: skip


class PartyVerification(Shape):
    """Whether a party is who it says, check by check."""

    party: PartyName
    outcome: Outcome
    """`failed` by one check that failed; `verified` where each of them is."""
    checks: list[CheckAnswer]
    checked_at: Moment
    as_of: AsOf


def answers_of(checks: Iterable[Check]) -> tuple[Outcome, list[CheckAnswer]]:
    """All of them, and what they come to."""
    listed = list(checks)
    return overall(listed), [CheckAnswer.of(each) for each in listed]
