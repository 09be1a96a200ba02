"""`tidan operation show|list|follow`: intentions to change the chain, and how they ended."""

from __future__ import annotations

import json
import time
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console

from tidan_cli.client import Document, connected
from tidan_cli.failures import StillPending
from tidan_cli.following import ENDED, require_success
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    PAGE,
    AsJson,
    Home,
    Limit,
    Node,
    Timeout,
    example,
)
from tidan_cli.output import Terminal, facts, short, table
from tidan_cli.streaming import messages

app = typer.Typer(no_args_is_help=True, help="Operations: one intention to change the chain each.")


OperationArgument = Annotated[
    str, typer.Argument(metavar="OPERATION", help="The id that the command told you.")
]


@app.command("show", epilog=example("tidan operation show 0199c5c2-8a41-7c3e-9d50-1f2a3b4c5d6e"))
def show(
    operation: OperationArgument,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one operation: waiting, signed and sent, or ended, and how."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/operations/{quote(operation, safe='')}")
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


@app.command(
    "follow", epilog=example("tidan operation follow 0199c5c2-8a41-7c3e-9d50-1f2a3b4c5d6e")
)
def follow(
    operation: OperationArgument,
    *,
    timeout: Timeout = DEFAULT_TIMEOUT,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Wait for an operation, telling each state that it comes to, and end as it ends."""
    terminal = Terminal(as_json=as_json)
    path = f"/v1/operations/{quote(operation, safe='')}/events"
    answer: Document | None = None
    with connected(node, home) as client:
        deadline = time.monotonic() + timeout
        for message in messages(client, path, note=terminal.note, deadline=deadline):
            answer = json.loads(message.data)
            terminal.note(f"{answer['updatedAt']}  {answer['status']}")
            if answer["status"] in ENDED:
                require_success(client, answer)
                break
    if answer is not None:
        shown = answer
        terminal.answer(shown, lambda console: _card(console, shown))
        if shown["status"] in ENDED:
            return
    raise StillPending(
        f"operation {operation} has not ended after {timeout:g} s", operation=operation
    )


@app.command("list", epilog=example("tidan operation list --status pending"))
def list_operations(
    *,
    status: Annotated[
        str | None,
        typer.Option(metavar="STATUS", help="initialized, pending, succeeded, failed or undone."),
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="ID", help="Only those on this record.")
    ] = None,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the node's operations."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/operations", limit=limit, status=status, target=target)
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


def _card(console: Console, operation: Document) -> None:
    result = operation.get("result") or {}
    problem = operation.get("problem") or {}
    waiting = operation.get("waiting") or {}
    console.print(
        facts(
            (
                ("operation", operation["id"]),
                ("kind", operation["kind"]),
                ("on", operation["target"]),
                ("status", operation["status"]),
                ("created", operation["createdAt"]),
                ("changed", operation["updatedAt"]),
                ("deadline", operation.get("deadline")),
                ("block", result.get("blockNumber")),
                ("transaction", result.get("txHash")),
                ("problem", problem.get("title")),
                ("because", problem.get("detail")),
                ("held up since", waiting.get("since")),
                ("held up by", waiting.get("reason")),
                ("next", waiting.get("nextStep")),
            )
        )
    )


def _list(console: Console, operations: list[Document]) -> None:
    rows = (
        (row["id"], row["kind"], short(row["target"]), row["status"], row["createdAt"], _why(row))
        for row in operations
    )
    console.print(table(("operation", "kind", "on", "status", "created", "held up by"), rows))


def _why(operation: Document) -> str | None:
    waiting = operation.get("waiting")
    return None if waiting is None else str(waiting["reason"])
