"""`tidan search`: what the node holds, by a number that you have before you."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from tidan_cli.client import Document, connected
from tidan_cli.options import PAGE, AsJson, Home, Limit, Node, example
from tidan_cli.output import Terminal, short, table

_MOST = 200
"""What a node tells at once; a number that fits more is too short."""


def register(app: typer.Typer) -> None:
    """Add the command beside the groups."""
    app.command("search", epilog=example("tidan search TDZU0001017", "tidan search INV-7 --whole"))(
        search
    )


def search(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="A number, or how it begins, as you have it.")
    ],
    *,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only a title, an invoice or a policy.")
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option(metavar="SCHEME", help="Only such a number: bill-of-lading, container, …"),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Only what is this number, not what begins so.")
    ] = False,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find documents that the node holds by a number in them: of the B/L, a container, a booking,
    an invoice, an order, a contract, a policy, a customs declaration, a seal, a voyage.

    Case, spaces and dashes do not matter. The number goes to your node alone."""
    terminal = Terminal(as_json=as_json)
    wanted = {"text": text, "kind": kind, "scheme": scheme, "whole": whole}
    body: dict[str, object] = {"limit": min(limit, _MOST)}
    body |= {name: value for name, value in wanted.items() if value is not None}
    with connected(node, home) as client:
        answer = client.ask("/v1/search", body)
    terminal.answer(answer, lambda console: _tell(console, answer["items"]))
    if not answer["items"]:
        terminal.note("nothing that this node holds has such a number")
    if answer["more"]:
        terminal.note("there are more; raise --limit, or give more of the number")


def _tell(console: Console, items: list[Document]) -> None:
    if not items:
        return
    rows = (
        (
            item["kind"],
            short(item["record"]),
            item["scheme"],
            item["value"],
            _status(item),
            ", ".join(f"{role} {party['name']}" for role, party in item["parties"].items()),
        )
        for item in items
    )
    console.print(table(("kind", "record", "as", "number", "status", "parties"), rows))


def _status(item: Document) -> str:
    if item["status"] is None:
        return "not on the chain"
    return str(item["status"]) + ("" if item["current"] else ", of another document")
