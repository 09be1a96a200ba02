"""`tidan node status`: whether a node can do its work, and how each chain is that it follows."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, connected
from tidan_cli.options import AsJson, Home, Node, example
from tidan_cli.output import Terminal, printable, table


def register(app: typer.Typer) -> None:
    """Add the command to the group of nodes."""
    app.command("status", epilog=example("tidan node status --home carrier"))(status)


def status(node: Node = None, home: Home = None, as_json: AsJson = False) -> None:
    """Show whether the node can do its work, and each chain that it follows: how far it is read,
    and what is wrong, if anything. A node that is not ready is exit code 1."""
    with connected(node, home) as client:
        answer = client.readiness()
        answer["chains"] = client.get("/v1/chains")["items"]
    Terminal(as_json=as_json).answer(answer, lambda console: _show(console, answer))
    if not answer["ready"]:
        raise typer.Exit(1)


def _show(console: Console, answer: Document) -> None:
    if answer["ready"]:
        console.print(Text("✓ ", style="green") + Text("the node is ready"))
    else:
        console.print(Text("✗ ", style="red") + Text("the node is not ready"))
    for check in answer["checks"]:
        if not check["ok"] and check["needed"]:
            console.print(Text(printable(f"  {check['name']}: {check['detail']}"), style="yellow"))
    columns = ("chain", "id", "head", "read to", "behind", "final after", "hears by")
    console.print(table(columns, map(_row, answer["chains"])))
    for chain in answer["chains"]:
        if chain["problem"] is not None:
            console.print(Text(printable(f"{chain['name']}: {chain['problem']}"), style="yellow"))


def _row(chain: Document) -> tuple[object, ...]:
    as_of = chain["asOf"]
    return (
        chain["name"] if chain["role"] == "linked" else f"{chain['name']} (acts here)",
        chain["chainId"],
        chain["head"],
        None if as_of is None else as_of["block"],
        chain["lag"],
        chain["finalityDepth"],
        chain["heardBy"] or "another process",
    )
