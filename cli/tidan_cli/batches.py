"""A file of acts, sent in batches under keys that follow from one: repeated, none is done twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tidan_cli.client import Document, NodeClient
from tidan_cli.documents import file_bytes
from tidan_cli.failures import Answered, FileUnusable, Interrupted, NodeUnreachable

AT_ONCE: Final = 100
_QUEUE_FULL: Final = "queue-full"
_TOO_MANY: Final = 429
_REST: Final = 5


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the file."""

    line: int
    path: str
    body: Document

    def request(self) -> Document:
        return {"path": self.path, "body": self.body}


def requests_of(file: Path) -> list[Act]:
    """The acts of a file with one on each line (JSON Lines); empty lines are none."""
    try:
        lines = file_bytes(file).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FileUnusable(f"{file} is not UTF-8 at byte {error.start}", field="FILE") from error
    acts = [_act(file, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not acts:
        raise FileUnusable(f"{file} has no act in it", field="FILE")
    return acts


def _act(file: Path, number: int, line: str) -> Act:
    where = f"{file}, line {number}"
    try:
        found = json.loads(line)
    except ValueError as error:
        raise FileUnusable(f"{where} is not JSON: {error}", field="FILE") from error
    if not isinstance(found, dict) or set(found) - {"path", "body"}:
        raise FileUnusable(f"{where} must be an object of a path and a body", field="FILE")
    path, body = found.get("path"), found.get("body", {})
    if not isinstance(path, str) or not isinstance(body, dict):
        raise FileUnusable(f"{where}: the path is a text, the body an object", field="FILE")
    return Act(number, path, body)


@dataclass(slots=True)
class BatchSender:
    """Sends acts, and those again that the node's queue had no room for, for as long as the
    timeout (in seconds) lets it."""

    client: NodeClient
    key: str
    timeout: float
    progress: Callable[[int, int], None]

    def send(self, acts: Sequence[Act]) -> list[Document]:
        """What each was answered, in the order of the file."""
        deadline = time.monotonic() + self.timeout
        answers: dict[int, Document] = {}
        self.progress(0, len(acts))
        try:
            for number, start in enumerate(range(0, len(acts), AT_ONCE), 1):
                some = acts[start : start + AT_ONCE]
                self._send_one(some, f"{self.key}-{number}", answers, deadline)
                self.progress(len(answers), len(acts))
        except NodeUnreachable as gone:
            told = self._so_far(len(answers), len(acts))
            raise NodeUnreachable(told, field=gone.field, idempotencyKey=self.key) from gone
        except (Interrupted, KeyboardInterrupt) as interrupt:
            told = self._so_far(len(answers), len(acts))
            raise Interrupted(told, idempotencyKey=self.key) from interrupt
        return [answers[each.line] for each in acts]

    def _so_far(self, done: int, of: int) -> str:
        return (
            f"{done} of {of} acts were answered; it is safe to repeat the command with"
            f" --idempotency-key {self.key}, which does none of them twice"
        )

    def _send_one(
        self, acts: Sequence[Act], key: str, answers: dict[int, Document], deadline: float
    ) -> None:
        """A batch under its key; what of it had no room goes again under a key of its own, since
        the node keeps what it has answered to the first."""
        round_, left = 0, list(acts)
        while left:
            items = self._posted(left, key if round_ == 0 else f"{key}-{round_}", deadline)
            for act, item in zip(left, items, strict=True):
                answers[act.line] = {"line": act.line, "path": act.path} | item
            full = [act for act in left if _had_no_room(answers[act.line])]
            if not full or not _rested(_pause(answers[full[0].line]["body"]), deadline):
                return
            left, round_ = full, round_ + 1

    def _posted(self, acts: Sequence[Act], key: str, deadline: float) -> list[Document]:
        """What each was answered; where there was no room up to the end, each is told so."""
        body = {"requests": [each.request() for each in acts]}
        while True:
            try:
                answer = self.client.post("/v1/operations:batch", body, idempotency_key=key)
                return list(answer["items"])
            except Answered as refusal:
                if refusal.answered != _QUEUE_FULL:
                    raise
                problem = refusal.document()
                if not _rested(_pause(problem), deadline):
                    return [{"status": _TOO_MANY, "body": problem}] * len(acts)


def _had_no_room(answer: Document) -> bool:
    return str(answer["body"].get("type", "")).endswith(f"/{_QUEUE_FULL}")


def _pause(problem: Document | dict[str, object]) -> float:
    after = problem.get("retryAfter")
    return float(after) if isinstance(after, int) else _REST


def _rested(seconds: float, deadline: float) -> bool:
    """Rest so long. False, and at once, where the time would be up."""
    if time.monotonic() + seconds > deadline:
        return False
    time.sleep(seconds)
    return True
