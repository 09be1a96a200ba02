"""What an audit hears, counted: so many of each kind with each verdict, and every finding."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final

from tidan_cli.audit_export import Sink
from tidan_cli.output import Terminal
from tidan_node.audit.acts import AuditedAct
from tidan_node.audit.findings import Audit, Verdict, gravest

Document = dict[str, Any]  # Any: JSON
_MOST_FINDINGS: Final = 1_000


def _every_one(_: AuditedAct) -> bool:
    return True


class Tally:
    """The listener of one audit. Acts go on to the files; here only their number and hash stay."""

    def __init__(
        self,
        terminal: Terminal,
        sinks: Sequence[Sink] = (),
        *,
        wanted: Callable[[AuditedAct], bool] | None = None,
        keep_acts: bool = False,
    ) -> None:
        self.acts: list[Document] = []
        self.findings: list[Document] = []
        self.audits: list[Audit] = []
        self._progress = _Stages(terminal)
        self._sinks = sinks
        self._wanted = wanted or _every_one
        self._keep = keep_acts
        self._counts: dict[str, Counter[str]] = {}
        self._verdicts: set[Verdict] = set()
        self._omitted = 0
        self._lines = 0
        self._hash = hashlib.sha256()

    def __enter__(self) -> Tally:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.close()

    def counted(self, what: str, done: int, of: int | None) -> None:
        self._progress.show(what, done, of)

    def audited(self, audit: Audit) -> None:
        self._verdicts.add(audit.verdict)
        self._counts.setdefault(audit.kind, Counter())[str(audit.verdict)] += 1
        if self._keep:
            self.audits.append(audit)
        if not audit.verdict.agrees:
            if len(self.findings) < _MOST_FINDINGS:
                self.findings.append(audit.document())
            else:
                self._omitted += 1
        for act in audit.acts:
            if self._wanted(act):
                document = audit.document_of(act)
                self.line(document)
                if self._keep:
                    self.acts.append(document)

    @property
    def verdict(self) -> Verdict:
        return gravest(self._verdicts)

    def document(self) -> Document:
        """The sum of it. `exported.sha256` is that of the JSON Lines, written or not."""
        return {
            "verdict": str(self.verdict),
            "counts": {kind: dict(counter) for kind, counter in self._counts.items()},
            "findings": self.findings,
            "findingsOmitted": self._omitted,
            "exported": {"lines": self._lines, "sha256": self._hash.hexdigest()},
        }

    def line(self, line: Mapping[str, object]) -> None:
        """One line for the files: an act, or an entry of a trail."""
        self._lines += 1
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._hash.update(text.encode("utf-8", "surrogatepass"))
        for sink in self._sinks:
            sink(line)


class _Stages:
    """One bar after another, as the work goes from one thing to the next."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._what: str | None = None
        self._shown = ExitStack()
        self._bar: Callable[[int, int], None] = lambda done, of: None

    def show(self, what: str, done: int, of: int | None) -> None:
        if what != self._what:
            self._shown.close()
            self._bar = self._shown.enter_context(self._terminal.counting(what))
            self._what = what
        self._bar(done, done if of is None else of)

    def close(self) -> None:
        self._shown.close()
