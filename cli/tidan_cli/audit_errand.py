"""One audit from the command line: what is asked of chain and node, kept in files, and told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tidan_cli.audit_export import ACT_COLUMNS, exported
from tidan_cli.audit_reports import ReportFile
from tidan_cli.audit_tally import Document, Tally
from tidan_cli.auditing import AskedNode, AuditedPlace, run
from tidan_cli.client import NodeClient, connected
from tidan_cli.failures import AuditDiffers, FileExists
from tidan_cli.output import Terminal
from tidan_node.audit.acts import AuditedAct
from tidan_node.audit.findings import Verdict
from tidan_node.ledger.record_chain import LedgerChain
from tidan_node.problems import Problem

Work = Callable[[LedgerChain, AskedNode, Tally], Awaitable[Document]]
"""Does the audit, and gives what its answer has beside the tally."""

Begin = Callable[[AuditedPlace, NodeClient], tuple[Document, Work]]
"""Finds out what is meant: the subject of the answer, and the work."""


@dataclass(frozen=True, slots=True)
class AuditFiles:
    """Which files are to come of an audit; what is there already may be evidence, and stays."""

    jsonl: Path | None
    csv: Path | None
    report: Path | None
    force: bool = False

    def require_free(self) -> None:
        """Found out before the audit, which may be long."""
        if self.force:
            return
        for option, path in (
            ("--jsonl", self.jsonl),
            ("--csv", self.csv),
            ("--report", self.report),
        ):
            if path is not None and (path.exists() or path.is_symlink()):
                raise FileExists(f"{path} is there already; --force writes over it", field=option)


@dataclass(frozen=True, slots=True)
class AuditErrand:
    """Where an audit is done, and which files are to come of it."""

    chain: str | None
    manifest: Path | None
    node: str | None
    home: Path | None
    as_json: bool
    files: AuditFiles

    def place(self) -> AuditedPlace:
        return AuditedPlace.chosen(self.chain, self.manifest, self.home, node=self.node)

    def run(
        self,
        begin: Begin,
        tell: Callable[[Console, Document], None],
        *,
        wanted: Callable[[AuditedAct], bool] | None = None,
        keep_acts: bool = False,
        columns: Sequence[str] = ACT_COLUMNS,
    ) -> None:
        """Audit, write the files, tell the answer; end with the audit's exit code on a finding.

        `begin` finds out what is meant, before any file is opened."""
        terminal = Terminal(as_json=self.as_json)
        self.files.require_free()
        place = self.place()
        with connected(self.node, self.home) as client, ExitStack() as files:
            subject, work = begin(place, client)
            report = files.enter_context(ReportFile(self.files.report, client))
            with (
                exported(self.files.jsonl, self.files.csv, columns) as sinks,
                Tally(terminal, sinks, wanted=wanted, keep_acts=keep_acts) as tally,
            ):
                more = run(place, lambda chain: work(chain, AskedNode(client), tally))
            answer = {**subject, "chainId": place.manifest.chain_id, **tally.document(), **more}
            unsigned = _signed(report, answer)
        terminal.answer(answer, lambda console: tell(console, answer))
        verdict = Verdict(answer["verdict"])
        if not verdict.agrees:
            raise AuditDiffers(_in_short(answer), verdict=str(verdict))
        if unsigned is not None:
            raise unsigned


def _signed(report: ReportFile, answer: Document) -> Problem | None:
    """The answer says where its report is, or why there is none: what was found is told anyhow."""
    try:
        signed = report.sign(answer)
    except Problem as problem:
        answer["reportProblem"] = problem.document()
        return problem
    if signed is not None:
        answer["report"] = signed
    return None


def _in_short(answer: Document) -> str:
    """What was found, each by its kind and name; the answer has all of it."""
    findings = answer["findings"]
    named = [f"{each['kind']} {each['record']} is {each['verdict']}" for each in findings[:3]]
    more = len(findings) + answer["findingsOmitted"] - len(named)
    return "; ".join([*named, *([f"and {more} more"] if more else [])])
