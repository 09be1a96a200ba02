"""`tidan operation show|list`: intentions to change the chain, and how they ended."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console

from tidan_cli.client import Document, connected
from tidan_cli.options import PAGE, AsJson, Home, Limit, Node, example
from tidan_cli.output import Terminal, facts, short, table

app = typer.Typer(no_args_is_help=True, help="Operations: one intention to change the chain each.")


@app.command("show", epilog=example("tidan operation show 0199c5c2-8a41-7c3e-9d50-1f2a3b4c5d6e"))
def show(
    operation: Annotated[
        str, typer.Argument(metavar="OPERATION", help="The id that the command told you.")
    ],
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one operation: waiting, signed and sent, or ended, and how."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/operations/{quote(operation, safe='')}")
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


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
            )
        )
    )


def _list(console: Console, operations: list[Document]) -> None:
    rows = (
        (row["id"], row["kind"], short(row["target"]), row["status"], row["createdAt"])
        for row in operations
    )
    console.print(table(("operation", "kind", "on", "status", "created"), rows))
