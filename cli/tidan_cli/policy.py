"""`tidan policy issue|show|list`: cargo policies, as insurers issue them and all see them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.documents import json_text
from tidan_cli.following import Asked, Errand
from tidan_cli.identifiers import whole_id
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    PAGE,
    AsJson,
    Home,
    IdempotencyKey,
    Limit,
    Node,
    Timeout,
    Wait,
    example,
)
from tidan_cli.output import Terminal, counted, facts, short, table
from tidan_cli.sharing import after_act
from tidan_cli.title_words import named, terms_in_words

app = typer.Typer(no_args_is_help=True, help="Cargo policies: issued by insurers.")

PolicyArgument = Annotated[
    str,
    typer.Argument(
        metavar="POLICY",
        help="The policy's id, its first 8 or more hex digits, or its number if the node holds the"
        " document.",
    ),
]


@app.command("issue", epilog=example("tidan policy issue policy.json --insured LEI:5299…"))
def issue(
    document: Annotated[Path, typer.Argument(metavar="DOCUMENT", help="The policy (JSON).")],
    *,
    insured: Annotated[str, typer.Option(metavar="PARTY", help="Who is insured.")],
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Issue a cargo policy, as its insurer. Its content goes to the insured's node alone."""
    body = json_text(document).as_member("document", {"insured": insured})

    def ask(client: NodeClient, key: str | None) -> Asked:
        accepted = client.post_raw("/v1/policies", body, idempotency_key=key)
        id_ = accepted["policy"]
        return Asked(accepted, f"issued policy {id_}", after_act(id_))

    Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


@app.command("show", epilog=example("tidan policy show 0b8e4415"))
def show(
    policy: PolicyArgument, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Show one policy: who insures whom, until when, and in which state it is."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/policies/{whole_id(client, 'policies', policy)}")
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


@app.command("list", epilog=example("tidan policy list --insured 2"))
def list_policies(
    *,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="ISSUED, ENDORSED, ASSIGNED, …")
    ] = None,
    insurer: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what this party insures.")
    ] = None,
    insured: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what covers this party.")
    ] = None,
    loss_payee: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what is assigned to this party.")
    ] = None,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the policies that the node knows."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed(
            "/v1/policies",
            limit=limit,
            status=status,
            insurer=insurer,
            insured=insured,
            lossPayee=loss_payee,
        )
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


def _card(console: Console, policy: Document) -> None:
    console.print(
        facts(
            (
                ("policy", policy["id"]),
                ("status", _status(policy)),
                ("insurer", named(policy["insurer"])),
                ("insured", named(policy["insured"])),
                ("loss payee", named(policy["lossPayee"]) if policy.get("lossPayee") else None),
                ("expires", policy["expires"]),
                ("terms", terms_in_words(policy)),
                ("document", "held by this node" if policy["holdsContent"] else "not held here"),
                ("content root", policy["contentRoot"]),
                ("head", policy["head"]),
                ("fault", policy.get("fault")),
                ("as of", f"block {policy['asOf']['block']}"),
            )
        )
    )


def _status(policy: Document) -> str:
    ended = ", its time is over" if policy.get("expired") else ""
    return f"{policy['status']} after {counted(policy['seq'], 'act')}{ended}"


def _list(console: Console, policies: list[Document]) -> None:
    rows = (
        (
            short(row["id"]),
            row["status"],
            named(row["insurer"]),
            named(row["insured"]),
            named(row.get("lossPayee")),
            row["expires"],
        )
        for row in policies
    )
    console.print(table(("policy", "status", "insurer", "insured", "loss payee", "expires"), rows))
