"""What came of looking at something stated: each check by itself, and all of them together."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Outcome(enum.StrEnum):
    """Of a check. What could not be looked at is never taken for right."""

    VERIFIED = "verified"
    FAILED = "failed"
    NOT_EVALUABLE = "not-evaluable"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, what came of it, and why where it was not well."""

    name: str
    outcome: Outcome
    reason: str | None = None
    about: str | None = None
    """Which of several, where there are several."""

    @classmethod
    def verified(cls, name: str, about: str | None = None) -> Check:
        return cls(name, Outcome.VERIFIED, None, about)

    @classmethod
    def failed(cls, name: str, reason: str, about: str | None = None) -> Check:
        return cls(name, Outcome.FAILED, reason, about)

    @classmethod
    def not_evaluable(cls, name: str, reason: str, about: str | None = None) -> Check:
        return cls(name, Outcome.NOT_EVALUABLE, reason, about)


def overall(checks: Iterable[Check]) -> Outcome:
    """Failed by one that failed; verified only where each of them is, and there is one."""
    outcomes = {each.outcome for each in checks}
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    if Outcome.NOT_EVALUABLE in outcomes or not outcomes:
        return Outcome.NOT_EVALUABLE
    return Outcome.VERIFIED
