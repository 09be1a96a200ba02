"""`tidan party enrol|show|list`: who is a member, and how the authority makes one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.chain import chosen_chain_home
from tidan_cli.client import Document, connected
from tidan_cli.documents import file_bytes
from tidan_cli.options import PAGE, AsJson, Home, Limit, Node, example
from tidan_cli.output import Terminal, facts, table

app = typer.Typer(no_args_is_help=True, help="Parties: the members of the consortium.")


@app.command("enrol", epilog=example("tidan party enrol party-card.json --chain-home chain"))
def enrol(
    card: Annotated[
        Path, typer.Argument(metavar="CARD", help="The party-card.json of the new member.")
    ],
    *,
    chain_home: Annotated[
        Path | None,
        typer.Option(
            "--chain-home",
            metavar="DIR",
            help="Where `tidan chain deploy` left the manifest and the authority's keystore; else"
            " TIDAN_CHAIN_HOME, $TIDAN_HOME/chain or ~/.tidan/chain.",
        ),
    ] = None,
    chain: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The chain; the embedded one of that home when left out."),
    ] = None,
    rulebook: Annotated[
        str, typer.Option(metavar="TEXT", help="The rulebook's version that the party accepted.")
    ] = "tidan-rulebook-1",
    governing_law: Annotated[
        str, typer.Option(metavar="TEXT", help="The governing law that the party accepted.")
    ] = "England and Wales",
    as_json: AsJson = False,
) -> None:
    """Enrol a party, as the consortium's authority: its account, roles and numbering keys.

    A party that is enrolled already is left as it is; what is missing of its card is added."""
    from tidan_cli.enrolment import enrol_party  # noqa: PLC0415  heavy: only where it is needed
    from tidan_cli.party_card import read_party_card  # noqa: PLC0415

    terminal = Terminal(as_json=as_json)
    wanted = read_party_card(file_bytes(card))
    with terminal.waiting(f"enrolling {wanted.profile.name}"):
        answer = enrol_party(
            wanted,
            chosen_chain_home(chain_home),
            chain=chain,
            rulebook=rulebook,
            governing_law=governing_law,
        )
    terminal.answer(answer, lambda console: _enrolled(console, answer))


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
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


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


def _enrolled(console: Console, answer: Document) -> None:
    party = answer["party"]
    what = "enrolled" if answer["enrolled"] else "was enrolled already"
    console.print(
        Text("✓ ", style="green") + Text(f"{party['name']} {what}: party {party['index']}")
    )
    for code in answer["registered"]:
        console.print(Text(f"  numbering key registered for {code}", style="dim"))


def _card(console: Console, party: Document) -> None:
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
