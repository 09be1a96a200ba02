"""The regulator's part: it reads the chain itself, and signs what it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import REGULATOR

Document = dict[str, Any]  # Any: the JSON that a command printed


def audit(acts: Acts, titles: Sequence[str]) -> Document:
    """Each title, then the whole chain with a report that is signed, and verified again."""
    audits = audit_titles(acts, titles)
    report = acts.stage.folder / "audit-report.jws"
    with acts.timeline.step(REGULATOR.part, "audits the whole chain") as note:
        chain = acts.command(note, REGULATOR, "audit", "chain", "--report", report).answer
        note.what = f"audits the whole chain: {chain['verdict']}"
    with acts.timeline.step(REGULATOR.part, "verifies the signed report") as note:
        verified = acts.command(note, REGULATOR, "audit", "verify-report", report).answer
        note.what = "verifies the signed report: its signature is the regulator's"
    return {"titles": audits, "chain": chain, "report": str(report), "verified": verified}


def audit_titles(acts: Acts, titles: Sequence[str]) -> list[Document]:
    """Each title, its history rebuilt from the chain alone."""
    acts.timeline.heading("The regulator audits")
    return [_title(acts, title) for title in titles]


def _title(acts: Acts, title: str) -> Document:
    with acts.timeline.step(REGULATOR.part, "audits the title") as note:
        answer = acts.command(note, REGULATOR, "audit", "title", title).answer
        note.what = f"audits the title, act by act: {answer['verdict']}"
    return answer
