"""`tidan title alarms`: surrenders that nobody answers."""

from __future__ import annotations

from typing import Final

import typer
from rich.console import Console

from tidan_cli.client import Document, connected
from tidan_cli.options import PAGE, AsJson, Home, Limit, Node, example
from tidan_cli.output import Terminal, short, table
from tidan_cli.title_words import named

_NOBODY: Final = "nobody"
_NOBODY_LEFT: Final = (
    "nobody: its carrier is revoked, and so is the successor, if one was named; the Council can"
    " name another, and once the time for that is over the possessor can end the title as paper"
    " (`tidan title end-as-paper`)"
)


def register(app: typer.Typer) -> None:
    """Add the command to the group of titles."""
    app.command("alarms", epilog=example("tidan title alarms"))(alarms)


def alarms(
    *, limit: Limit = PAGE, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """List the surrenders that have waited too long for an answer: yours, and those to you.

    How long is too long is `surrender_alarm_hours` in node.toml: 48 where it is left out. One that
    is answered or taken back is listed no more."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/title-alarms", limit=limit)
    terminal.answer(answer, lambda console: _list(console, answer))
    if any(alarm["awaited"] is None for alarm in answer["items"]):
        terminal.note(_NOBODY_LEFT)
    if answer["more"]:
        terminal.note("there are more; raise --limit")


def _list(console: Console, answer: Document) -> None:
    console.print(
        table(
            (
                "title",
                "B/L number",
                "status",
                "surrendered by",
                "to be answered by",
                "since",
                "due",
            ),
            (
                (
                    short(alarm["title"]),
                    alarm["number"],
                    alarm["status"],
                    named(alarm["possessor"]),
                    _NOBODY if alarm["awaited"] is None else named(alarm["awaited"]),
                    alarm["since"],
                    alarm["due"],
                )
                for alarm in answer["items"]
            ),
        )
    )
