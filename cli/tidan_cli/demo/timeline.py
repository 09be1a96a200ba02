"""The story as it happens: a line a step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.text import Text

from tidan_cli.output import Terminal, printable, short

Document = dict[str, Any]  # Any: the JSON that a command printed

_WHO, _WHAT = 10, 56
_WIDE = 110


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when, by whom, what, where on the chain, how long it took."""

    at: float
    who: str
    what: str
    seconds: float
    block: int | None = None
    transaction: str | None = None
    command: str | None = None
    refusal: str | None = None

    def document(self) -> Document:
        """The step for programs."""
        return {
            "at": round(self.at, 3),
            "who": self.who,
            "what": self.what,
            "seconds": round(self.seconds, 3),
            "block": self.block,
            "transaction": self.transaction,
            "command": self.command,
            "refusal": self.refusal,
        }


@dataclass
class Note:
    """What the step that is going on says of itself before it is over."""

    what: str
    block: int | None = None
    transaction: str | None = None
    command: str | None = None
    refusal: str | None = None

    def on_chain(self, operation: Document) -> None:
        """Where on the chain the step's operation ended."""
        result = operation.get("result") or {}
        self.block, self.transaction = result.get("blockNumber"), result.get("txHash")


@dataclass
class Timeline:
    """Writes each step down, and shows it where somebody is looking."""

    terminal: Terminal
    started: float = field(default_factory=time.monotonic)
    steps: list[Step] = field(default_factory=list)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def heading(self, text: str) -> None:
        """What the next steps are about."""
        if not self.terminal.as_json:
            self.terminal.out.print()
            self.terminal.out.print(Text(printable(text), style="bold"))

    @contextmanager
    def step(self, who: str, doing: str) -> Iterator[Note]:
        """One step; what it says at its end is what stays."""
        note, began = Note(doing), time.monotonic()
        with self.terminal.waiting(f"{who}: {doing}"):
            yield note
        step = Step(
            at=self.elapsed,
            who=who,
            what=note.what,
            seconds=time.monotonic() - began,
            block=note.block,
            transaction=note.transaction,
            command=note.command,
            refusal=note.refusal,
        )
        self.steps.append(step)
        if not self.terminal.as_json:
            wide = self.terminal.out.width >= _WIDE
            self.terminal.out.print(_line(step, wide=wide))


def _line(step: Step, *, wide: bool) -> Text:
    mark = Text("✗ ", style="yellow") if step.refusal else Text("✓ ", style="green")
    line = Text(f"{step.at:5.1f} s ", style="dim") + mark
    line += Text(f"{step.who:<{_WHO}}", style="cyan")
    line += Text(f"{printable(step.what):<{_WHAT}}")
    if step.block is not None:
        place = f" block {step.block:<4}"
        if wide and step.transaction is not None:
            place += f" {short(step.transaction)}"
        line += Text(place, style="magenta")
    return line + Text(f" {step.seconds:.1f} s", style="dim") if wide else line
