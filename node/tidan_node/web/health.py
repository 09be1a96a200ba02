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

_PATIENCE: Final = 3.0
_log = structlog.stdlib.get_logger(__name__)


class NotReady(Problem):
    """Something that the node needs does not work just now; the detail says what."""

    status, slug, title = 503, "not-ready", "The node cannot do its work just now"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must work. `look` says in a word how it is, or raises."""

    name: str
    look: Callable[[], Awaitable[str]]


class Finding(Shape):
    """What one check found."""

    name: str
    ok: bool
    detail: str


class Readiness(Shape):
    """All that the node needs to do its work, each by name."""

    ready: bool
    checks: list[Finding]


class Health:
    """Asks every check, none for longer than it takes to give up on it."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks

    async def readiness(self) -> Readiness:
        found = await asyncio.gather(*(_ask(check) for check in self._checks))
        return Readiness(ready=all(finding.ok for finding in found), checks=list(found))

    async def fault_of(self, name: str) -> str | None:
        """What is wrong by the check of this name; None where it is well, or is not asked here."""
        for check in self._checks:
            if check.name == name:
                found = await _ask(check)
                return None if found.ok else found.detail
        return None


async def _ask(check: Check) -> Finding:
    try:
        async with asyncio.timeout(_PATIENCE):
            return Finding(name=check.name, ok=True, detail=await check.look())
    except TimeoutError:
        return Finding(name=check.name, ok=False, detail=f"no answer in {_PATIENCE:.0f} s")
    except Problem as problem:
        return Finding(name=check.name, ok=False, detail=problem.detail)
    except Exception as error:
        _log.warning("check failed", check=check.name, **what_failed(error))
        return Finding(name=check.name, ok=False, detail=type(error).__name__)
