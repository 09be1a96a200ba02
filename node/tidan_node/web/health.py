"""Whether the node can do its work: each thing that it needs is asked, and named."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from tidan_node.problems import Problem
from tidan_node.web.logging import what_failed
from tidan_node.web.shapes import Shape

PATIENCE: Final = 3.0
"""Seconds that a check may take."""
_log = structlog.stdlib.get_logger(__name__)


class NotReady(Problem):
    """Something that the node needs does not work just now; the detail says what."""

    status, slug, title = 503, "not-ready", "The node cannot do its work just now"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that should work. `look` says in a word how it is, or raises."""

    name: str
    look: Callable[[], Awaitable[str]]
    is_needed: bool = True
    """Whether the node cannot do its work without it."""


class Finding(Shape):
    """What one check found."""

    name: str
    ok: bool
    detail: str
    needed: bool = True
    """Whether the node is not ready while this is not well."""


class Readiness(Shape):
    """All that the node needs to do its work, each by name."""

    ready: bool
    checks: list[Finding]


class Health:
    """Asks every check, none for longer than it takes to give up on it."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks

    async def readiness(self) -> Readiness:
        found = await asyncio.gather(*(ask(check) for check in self._checks))
        ready = all(finding.ok or not finding.needed for finding in found)
        return Readiness(ready=ready, checks=list(found))

    async def fault_of(self, name: str) -> str | None:
        """What is wrong by the check of this name; None where it is well, or is not asked here."""
        for check in self._checks:
            if check.name == name:
                found = await ask(check)
                return None if found.ok else found.detail
        return None


async def ask(check: Check) -> Finding:
    """What it finds, in a time that is bounded."""
    ok, detail = False, ""
    try:
        async with asyncio.timeout(PATIENCE):
            detail, ok = await check.look(), True
    except TimeoutError:
        detail = f"no answer in {PATIENCE:.0f} s"
    except Problem as problem:
        detail = problem.detail
    except Exception as error:
        _log.warning("check failed", check=check.name, **what_failed(error))
        detail = type(error).__name__
    return Finding(name=check.name, ok=ok, detail=detail, needed=check.is_needed)
