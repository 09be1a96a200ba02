"""`tidan audit title`: a record's history from the chain alone, against what the node says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, connected
from tidan_cli.failures import AuditDiffers
from tidan_cli.identifiers import whole_id
from tidan_cli.options import AsJson, Home, Node, TitleArgument, example
from tidan_cli.output import Terminal, facts, printable, short, table

app = typer.Typer(no_args_is_help=True, help="Audits: what the chain says, against what is told.")

_AGREES = {"verified", "behind"}


@app.callback()
def audit() -> None:
    """Audits: what the chain says, against what is told."""


@app.command("title", epilog=example("tidan audit title 3f2a91c0 --home carrier"))
def title(
    title: TitleArgument,
    *,
    chain: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="The chain to believe; that of the node's home when left out."
        ),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The consortium's manifest; that of the home when left out."
        ),
    ] = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild a title's history from the chain alone, and hold the node's answers against it.

    The history is held against the contract's record and head, and every act against the rules.
    A node that has not read the newest blocks is behind; what it says must have been so then."""
    from tidan_cli.auditing import AuditedPlace, audit_of_title  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    place = AuditedPlace.chosen(chain, manifest, home)
    with connected(node, home) as client:
        whole = whole_id(client, "titles", title)
        with terminal.waiting("reading the title's history from the chain"):
            answer = audit_of_title(place, client, whole)
    terminal.answer(answer, lambda console: _tell(console, answer))
    if answer["verdict"] not in _AGREES:
        raise AuditDiffers(
            f"{short(whole)} is {answer['verdict']}: {len(answer['differences'])} differences,"
            f" {len(answer['faults'])} faults of the chain",
            verdict=answer["verdict"],
        )


def _tell(console: Console, answer: Document) -> None:
    console.print(facts((("title", answer["title"]), ("head", answer["head"]))))
    rows = (
        (
            act["seq"],
            act["act"],
            f"party {act['by']}",
            act["at"],
            act["block"],
            short(act["txHash"]),
        )
        for act in answer["history"]
    )
    console.print(table(("seq", "act", "by", "at", "block", "transaction"), rows))
    if answer["differences"]:
        differences = (
            (each["field"], each["chain"], each["node"]) for each in answer["differences"]
        )
        console.print(table(("what", "the chain says", "the node says"), differences))
    for fault in answer["faults"]:
        told = f"{fault['rule']}: {fault['detail']}"
        console.print(Text("✗ ", style="red") + Text(printable(told)))
    console.print(_verdict(answer))
    console.print(Text(f"  as of block {answer['asOf']['block']}", style="dim"))


def _verdict(answer: Document) -> Text:
    words = {
        "verified": "verified: the node says what the chain says, and its head is the contract's",
        "behind": "behind: what the node says was so, and the chain has gone on since",
        "forked": "forked: the node stands on a block that this chain does not have",
        "different": "different: the node says what was never so",
        "chain-faulty": "the chain's events, contracts and rules do not fit together",
    }
    good = answer["verdict"] in _AGREES
    mark = Text("✓ ", style="green") if good else Text("✗ ", style="bold red")
    return mark + Text(words[answer["verdict"]])
