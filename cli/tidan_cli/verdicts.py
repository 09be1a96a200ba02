"""What a node has found by checking, as people read it and as scripts learn of it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document
from tidan_cli.failures import NotAllVerified, NotVerified
from tidan_cli.output import printable

_MARKS = {
    "verified": Text("✓ ", style="green"),
    "failed": Text("✗ ", style="red"),
    "not-evaluable": Text("? ", style="yellow"),
}


def tell_checks(console: Console, checks: list[Document]) -> None:
    """A line for each check, and why where it is not well."""
    for each in checks:
        about = "" if each["about"] is None else f" {each['about']}"
        reason = "" if each["reason"] is None else f": {each['reason']}"
        console.print(_MARKS[each["outcome"]] + Text(printable(f"{each['check']}{about}{reason}")))


def require_verified(answer: Document) -> None:
    """The end of the command by its outcome: what could not be looked at is not all right."""
    wrong = [each["check"] for each in answer["checks"] if each["outcome"] != "verified"]
    if answer["outcome"] == "failed":
        raise NotVerified(f"not as it should be, or not known: {', '.join(wrong)}")
    if answer["outcome"] != "verified":
        raise NotAllVerified(f"could not be looked at: {', '.join(wrong) or 'anything'}")
