"""`tidan parcel list|show`: packages on their way to other nodes, and those that came."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console

from tidan_cli.client import Document, connected
from tidan_cli.options import PAGE, AsJson, Home, Limit, Node, example
from tidan_cli.output import Terminal, facts, short, table
from tidan_cli.title_words import named

app = typer.Typer(no_args_is_help=True, help="Parcels: packages between nodes, out and in.")


class Direction(StrEnum):
    """Which way a parcel goes."""

    IN = "in"
    OUT = "out"


class Status(StrEnum):
    """Where a parcel stands."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    RECEIVED = "received"
    REFUSED = "refused"
    EXPIRED = "expired"


@app.command("show", epilog=example("tidan parcel show 5d0c7a90e3f14c2b8a6f0e1d2c3b4a59"))
def show(
    parcel: Annotated[str, typer.Argument(metavar="PARCEL", help="The parcel's id.")],
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one parcel: what it carries, to whom, and what it waits for."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/parcels/{quote(parcel, safe='')}")
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


@app.command("list", epilog=example("tidan parcel list --direction out --status queued"))
def list_parcels(
    *,
    direction: Annotated[
        Direction | None, typer.Option(help="Those that came in, or those that go out.")
    ] = None,
    record: Annotated[
        str | None, typer.Option(metavar="ID", help="Only those that carry this record.")
    ] = None,
    status: Annotated[Status | None, typer.Option(help="Only those in this state.")] = None,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the parcels of the node, the newest first."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed(
            "/v1/parcels", limit=limit, direction=direction, record=record, status=status
        )
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


def _card(console: Console, parcel: Document) -> None:
    from_or_to = "to" if parcel["direction"] == "out" else "from"
    console.print(
        facts(
            (
                ("parcel", parcel["id"]),
                (from_or_to, named(parcel["party"])),
                ("carries", parcel["kind"]),
                ("record", parcel["record"]),
                ("status", parcel["status"]),
                ("problem", parcel["problem"]),
                ("rule", parcel["rule"]),
                ("attempts", parcel["attempts"]),
                ("next attempt", parcel["nextAttemptAt"]),
                ("created", parcel["createdAt"]),
                ("ended", parcel["endedAt"]),
            )
        )
    )


def _list(console: Console, parcels: list[Document]) -> None:
    rows = (
        (
            row["id"],
            row["direction"],
            named(row["party"]),
            row["kind"],
            short(row["record"] or ""),
            row["status"],
            row["problem"],
        )
        for row in parcels
    )
    columns = ("parcel", "way", "party", "kind", "record", "status", "problem")
    console.print(table(columns, rows))
