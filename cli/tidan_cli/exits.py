"""What an exit code of `tidan` means; scripts may rely on it."""

from __future__ import annotations

import enum

from tidan_cli.failures import (
    AuditDiffers,
    AwaitsApproval,
    Interrupted,
    NodeUnreachable,
    NotAllVerified,
    NotVerified,
    StillPending,
    TradeHasFindings,
    TradeNotEvaluable,
    UsageProblem,
)
from tidan_node.problems import Problem


class ExitCode(enum.IntEnum):
    """The way a command ended."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNREACHABLE = 3
    PENDING = 4
    DIFFERENCE = 5
    FINDINGS = 6
    INCOMPLETE = 7
    APPROVAL = 8
    FAULT = 70
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.DONE: "done; or asked for, where the key may not watch how it ends: a note names the"
    " operation, which `--json` shows as not ended",
    ExitCode.REFUSED: "refused, or not done: a problem is named, and what it does not name was not"
    " changed",
    ExitCode.USAGE: "the command line or a file named on it is wrong",
    ExitCode.UNREACHABLE: "the node or the chain cannot be reached",
    ExitCode.PENDING: "still pending when --timeout had passed, or not to be watched before more is"
    " asked for; it goes on at the node",
    ExitCode.DIFFERENCE: "an audit found a difference",
    ExitCode.FINDINGS: "a check has findings: of a trade, a party, a credential or a history",
    ExitCode.INCOMPLETE: "a check has no finding, and could not look at everything",
    ExitCode.APPROVAL: "waits for others of the party to approve it; nothing is done yet",
    ExitCode.FAULT: "a fault of tidan itself",
    ExitCode.INTERRUPTED: "interrupted with Ctrl-C: a problem names what goes on at the node",
}

_OF_KINDS: dict[type[Problem], ExitCode] = {
    UsageProblem: ExitCode.USAGE,
    StillPending: ExitCode.PENDING,
    AwaitsApproval: ExitCode.APPROVAL,
    Interrupted: ExitCode.INTERRUPTED,
    AuditDiffers: ExitCode.DIFFERENCE,
    TradeHasFindings: ExitCode.FINDINGS,
    TradeNotEvaluable: ExitCode.INCOMPLETE,
    NotVerified: ExitCode.FINDINGS,
    NotAllVerified: ExitCode.INCOMPLETE,
}
_UNREACHABLE = {NodeUnreachable.slug, "chain-unreachable", "chain-not-running"}
_FINDINGS = {"history-differs"}


def exit_code_of(problem: Problem) -> ExitCode:
    """The exit code that tells a script what kind of problem this is."""
    slug = str(problem.document().get("type", "")).rsplit("/", 1)[-1]
    for kind, code in _OF_KINDS.items():
        if isinstance(problem, kind):
            return code
    if slug in _FINDINGS:
        return ExitCode.FINDINGS
    return ExitCode.UNREACHABLE if slug in _UNREACHABLE else ExitCode.REFUSED
