"""From an accepted request to its end: wait for the operation, and say what came of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tidan_cli.awaiting import Awaiting, needs
from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import (
    KEPT_FROM_LOOKING,
    SCOPE_MISSING,
    Answered,
    AwaitsApproval,
    Interrupted,
    NodeUnreachable,
    NotWatched,
    OperationUndone,
    StillPending,
)
from tidan_cli.output import Terminal, printable
from tidan_cli.patience import Patience
from tidan_node.problems import Problem

ENDED = {"succeeded", "failed", "undone"}
_FIRST_PAUSE, _LONGEST_PAUSE = 0.03, 0.5

Sequel = Callable[[NodeClient, float], tuple[Document, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the node accepted, and the words for it once it is done."""

    accepted: Document
    done: str
    sequel: Sequel | None = None
    """Asked once it is done: what else the answer tells, and the words for it."""
    meanwhile: str = "asking what follows"
    rest: str | None = None
    """What to do where the sequel would have asked for more, and the end cannot be watched."""


@dataclass(frozen=True, slots=True)
class Errand:
    """How a change is asked for: at which node, under which key, and waited for how long."""

    node: str | None
    home: Path | None
    as_json: bool
    wait: bool
    timeout: float
    idempotency_key: str | None

    def run(self, ask: Callable[[NodeClient, str], Asked]) -> None:
        """Ask, wait until others have approved it where they must, follow the operation to its end,
        and print what came of it."""
        terminal = Terminal(as_json=self.as_json)
        key = self.idempotency_key or str(uuid.uuid4())
        with connected(self.node, self.home) as client:
            patience = Awaiting(client, self.timeout, terminal.note)
            client.doubted = terminal.warn
            if self.wait:
                client.awaiting = patience
            try:
                asked = ask(client, key)
            except AwaitsApproval as waits:
                _tell_awaited(terminal, waits.approval)
                if self.wait:
                    raise
                return
            operation = asked.accepted["operation"]
            for warning in asked.accepted.get("warnings", []):
                terminal.warn(warning)
            try:
                if self.wait:
                    self._finish(client, terminal, asked, patience.left)
                else:
                    terminal.answer(
                        asked.accepted, lambda console: _tell_accepted(console, operation)
                    )
            except KeyboardInterrupt as interrupt:
                raise _interrupted(operation["id"], key) from interrupt

    def _finish(self, client: NodeClient, terminal: Terminal, asked: Asked, timeout: float) -> None:
        started = time.monotonic()
        operation = asked.accepted["operation"]
        try:
            with terminal.waiting(f"waiting for the chain ({operation['kind']})"):
                operation = await_end(client, operation, timeout)
        except NotWatched as unseen:
            taken = Text(_accepted_as(operation))
            terminal.answer(asked.accepted, lambda console: console.print(taken))
            if asked.rest is not None:
                unseen.next_step = asked.rest
                raise
            terminal.note(unseen.detail)
            return
        answer = asked.accepted | {"operation": operation}
        seconds = time.monotonic() - started
        words = None
        if asked.sequel is not None and operation["status"] == "succeeded":
            with terminal.waiting(asked.meanwhile):
                members, words = _looked_after(asked.sequel, client, self.timeout)
            answer |= members
        terminal.answer(
            answer, lambda console: _tell(console, operation, asked.done, seconds, words)
        )
        if operation["status"] not in ENDED:
            raise StillPending(
                f"operation {operation['id']} is {operation['status']} after {self.timeout:g} s;"
                f" see `tidan operation show {operation['id']}`"
                f"{_held_up(operation) or why_it_waits(client)}",
                operation=operation["id"],
            )


def await_end(client: NodeClient, operation: Document, timeout: float) -> Document:
    """The operation once it has ended, or as it is when the time is up; a failed one raises."""
    deadline = time.monotonic() + timeout
    patience = Patience(deadline, _FIRST_PAUSE, _LONGEST_PAUSE)
    while operation["status"] not in ENDED and patience.rested():
        try:
            operation = client.get(f"/v1/operations/{operation['id']}")
        except Answered as refusal:
            if refusal.answered not in KEPT_FROM_LOOKING:
                raise
            raise NotWatched(
                f"operation {operation['id']} goes on at the node, and how it ends cannot be"
                f" watched from here: {refusal.detail}",
                operation=operation["id"],
            ) from refusal
        except NodeUnreachable:
            # The node has taken the request and keeps it, so its restart is waited out.
            if time.monotonic() >= deadline:
                raise
    require_success(client, operation)
    return operation


def _looked_after(
    sequel: Sequel, client: NodeClient, timeout: float
) -> tuple[Document, str | None]:
    """The act is done, whether or not the key covers the look at what came of it."""
    try:
        return sequel(client, timeout)
    except Answered as refusal:
        if refusal.answered != SCOPE_MISSING:
            raise
        return {}, f"it cannot be looked up: {refusal.detail}"


def _held_up(operation: Document) -> str:
    waiting = operation.get("waiting")
    return "" if waiting is None else f"; {waiting['reason']}: {waiting['nextStep']}"


def why_it_waits(client: NodeClient) -> str:
    """What the node says of its chain where that does not work: its lanes wait for it then."""
    try:
        fault = client.unready("chain")
    except Problem:  # a node that does not say is no cause to fail
        return ""
    if fault is None:
        return ""
    return f"; {fault}: `chain_url` and `manifest` in node.toml say which chain the node uses"


def require_success(client: NodeClient, operation: Document) -> None:
    """One that failed, or that was never carried out, is a refusal."""
    if operation["status"] == "failed":
        raise client.refused(operation["problem"])
    if operation["status"] == "undone":
        raise OperationUndone(
            f"operation {operation['id']} passed its deadline {operation['deadline']}"
        )


def _interrupted(operation: str, key: str) -> Interrupted:
    return Interrupted(
        f"operation {operation} goes on at the node: `tidan operation show {operation}` follows it;"
        f" to repeat the command is safe with --idempotency-key {key}",
        operation=operation,
        idempotencyKey=key,
    )


def _tell(
    console: Console, operation: Document, done: str, seconds: float, words: str | None
) -> None:
    result = operation.get("result")
    if result is None:
        return
    console.print(Text("✓ ", style="green") + Text(printable(done)))
    where = f"block {result['blockNumber']} · transaction {result['txHash']} · {seconds:.1f} s"
    console.print(Text(f"  {where}", style="dim"))
    if words is not None:
        console.print(Text("  " + printable(words)))


def _tell_awaited(terminal: Terminal, approval: Document) -> None:
    def tell(console: Console) -> None:
        console.print(Text(f"kept as approval {approval['id']} ({approval['act']})"))
        console.print(Text(f"  {needs(approval)}"))
        console.print(Text(f"  tidan approval show {approval['id']}", style="dim"))

    terminal.answer({"approval": approval}, tell)


def _tell_accepted(console: Console, operation: Document) -> None:
    console.print(Text(_accepted_as(operation)))
    console.print(Text(f"  tidan operation show {operation['id']}", style="dim"))


def _accepted_as(operation: Document) -> str:
    return f"accepted as operation {operation['id']} ({operation['kind']})"
