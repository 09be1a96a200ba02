"""Real `tidan` commands, each a process of its own, as somebody would type them."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tidan_cli.exits import ExitCode
from tidan_cli.failures import StepFailed

Document = dict[str, Any]  # Any: the JSON that a command printed

_LONGEST: Final = 180
_KEPT: Final = frozenset({"TIDAN_ANVIL", "TIDAN_GETH", "TIDAN_TRACE"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and what it said."""

    command: str
    code: int
    answer: Document
    problem: Document
    seconds: float

    @property
    def slug(self) -> str:
        """The kind of problem that it was refused with."""
        return str(self.problem.get("type", "")).rsplit("/", 1)[-1]


def tidan_program() -> list[str]:
    """How this very `tidan` is started again."""
    return [sys.executable, "-m", "tidan_cli.main"]


def tidan(
    *arguments: str | Path,
    expected: ExitCode | Container[int] = ExitCode.DONE,
    settings: Path | None = None,
) -> Outcome:
    """Run one command to its end; another end than the expected one fails the story.

    With `settings` it is of somebody who keeps their own in that folder."""
    words = [str(argument) for argument in arguments]
    started = time.monotonic()
    try:
        ended = subprocess.run(  # noqa: S603  our own program, arguments of our own
            [*tidan_program(), *words, "--json"],
            capture_output=True,
            check=False,
            env=environment() | ({} if settings is None else {"XDG_CONFIG_HOME": str(settings)}),
            stdin=subprocess.DEVNULL,
            timeout=_LONGEST,
        )
    except subprocess.TimeoutExpired as error:
        raise StepFailed(f"{command_line(words)} did not end in {_LONGEST} s") from error
    outcome = Outcome(
        command=command_line(words),
        code=ended.returncode,
        answer=_object(ended.stdout),
        problem=_object(ended.stderr),
        seconds=time.monotonic() - started,
    )
    wanted = (expected,) if isinstance(expected, ExitCode) else expected
    if outcome.code not in wanted:
        said = ended.stderr.decode(errors="replace").strip()
        reason = outcome.problem.get("detail") or said or "it said nothing"
        raise StepFailed(
            f"{outcome.command} ended with {outcome.code}: {reason}", problem=outcome.problem
        )
    return outcome


def environment() -> dict[str, str]:
    """Ours, without settings for a node: every node of a story has its own."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TIDAN_") or name in _KEPT
    }


def command_line(words: list[str]) -> str:
    """The command as somebody would type it."""
    return shlex.join(["tidan", *words])


def _object(text: bytes) -> Document:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
