"""`tidan party enrol|show|list|suspend|…`: who is a member, and how one becomes it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console

from tidan_cli import party_identity, propose, rotation
from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.enrolling import enrol
from tidan_cli.options import PAGE, AsJson, Home, Limit, Node, example
from tidan_cli.output import Terminal, facts, table

app = typer.Typer(no_args_is_help=True, help="Parties: the members of the consortium.")
app.command(
    "enrol",
    epilog=example(
        "tidan party enrol party-card.json --chain-home chain",
        "tidan party enrol party-card.json --home bank",
    ),
)(enrol)
propose.register_party_commands(app)
rotation.register(app)
party_identity.register(app)


@app.command("show", epilog=example("tidan party show LEI:5299…"))
def show(
    party: Annotated[
        str,
        typer.Argument(metavar="PARTY", help="Its number, an identifier, a code or its name."),
    ],
    *,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one party: its roles, standing, accounts and codes."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/parties/{quote(party, safe='')}")
        heir = None if as_json else _successor(client, answer.get("successor"))
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer, heir))


@app.command("list", epilog=example("tidan party list"))
def list_parties(
    *, limit: Limit = PAGE, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """List the parties that are enrolled."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/parties", limit=limit)
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


def _card(console: Console, party: Document, heir: str | None) -> None:
    identifiers = (f"{each['scheme']}:{each['value']}" for each in party["identifiers"])
    accounts = (
        each["account"] + ("" if each["active"] else " (removed)") for each in party["accounts"]
    )
    reason = f" ({party['statusReason']})" if party["statusReason"] else ""
    console.print(
        facts(
            (
                ("party", f"{party['name']} ({party['index']})"),
                ("status", party["status"] + reason),
                ("roles", ", ".join(party["roles"])),
                ("identifiers", ", ".join(identifiers)),
                ("accounts", ", ".join(accounts)),
                ("exchange of accounts", _rotation(party.get("rotation"))),
                ("successor", heir),
                ("numbers for", ", ".join(each["code"] for each in party["numberingKeys"])),
                ("node", party["nodeUrl"]),
                ("rulebook", party["rulebook"]),
                ("governing law", party["governingLaw"]),
                ("enrolled", party["enrolledAt"]),
                ("profile", party["profileError"]),
                ("fault", party["fault"]),
                ("as of", f"block {party['asOf']['block']}"),
            )
        )
    )


def _list(console: Console, parties: list[Document]) -> None:
    rows = (
        (
            row["index"],
            row["name"],
            row["status"],
            ", ".join(row["roles"]),
            ", ".join(f"{each['scheme']}:{each['value']}" for each in row["identifiers"]),
        )
        for row in parties
    )
    console.print(table(("party", "name", "status", "roles", "identifiers"), rows))


def _rotation(rotation: Document | None) -> str | None:
    if rotation is None:
        return None
    changes = (("adds", rotation["added"]), ("removes", rotation["removed"]))
    said = ", ".join(f"{verb} {account}" for verb, account in changes if account)
    return f"{said}; can be completed from {rotation['completableFrom']}"


def _successor(client: NodeClient, index: int | None) -> str | None:
    if index is None:
        return None
    return f"{client.get(f'/v1/parties/{index}')['name']} ({index})"
