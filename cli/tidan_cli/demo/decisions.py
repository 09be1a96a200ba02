"""The last words of a chapter about the Council: who it is, and what it decided."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from tidan_cli.demo.closing import Row, heading, homes_kept, show_audit, show_what_stays
from tidan_cli.proposals import tell_council, tell_proposals

Document = dict[str, Any]  # Any: what a command answers, as JSON


def close_decisions(console: Console, answer: Document) -> None:
    """The whole end, for people."""
    heading(console, "The Council")
    tell_council(console, answer["council"])
    heading(console, "What was proposed")
    tell_proposals(console, answer["proposals"])
    heading(console, "What the regulator's audit says")
    show_audit(console, answer["audit"])
    show_what_stays(console, answer, _commands(answer))


def _commands(answer: Document) -> list[Row]:
    homes = homes_kept(answer)
    if not homes:
        return []
    return [
        ("a proposal", f"tidan council show 1 --home {homes['regulator']}"),
        ("the signed report", answer["audit"]["report"]),
    ]
