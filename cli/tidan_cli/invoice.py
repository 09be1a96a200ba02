"""`tidan invoice register|show|list`: invoices, as their sellers register them and all see them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.documents import text_file
from tidan_cli.failures import UsageProblem
from tidan_cli.following import Asked, Errand
from tidan_cli.identifiers import whole_id
from tidan_cli.linking import after_registration, known_titles
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
from tidan_cli.title_words import named, terms_in_words

app = typer.Typer(no_args_is_help=True, help="Invoices: registered by sellers, UBL 2.1.")

InvoiceArgument = Annotated[
    str,
    typer.Argument(
        metavar="INVOICE",
        help="The invoice's id, its first 8 or more hex digits, or its number if the node holds the"
        " document.",
    ),
]


@app.command(
    "register",
    epilog=example(
        "tidan invoice register invoice.xml --buyer LEI:5299…",
        "tidan invoice register invoice.xml --buyer LEI:5299… --title 3f2a91c0",
    ),
)
def register(
    document: Annotated[
        Path, typer.Argument(metavar="DOCUMENT", help="The invoice (UBL 2.1, XML).")
    ],
    *,
    buyer: Annotated[str, typer.Option(metavar="PARTY", help="Who is to pay.")],
    title: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TITLE",
            help="The title of the goods, to link the invoice to; more than once for several.",
        ),
    ] = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Register an invoice, as its seller. Its content goes to its buyer's node alone."""
    body = {"document": text_file(document), "buyer": buyer}
    if title and not wait:
        raise UsageProblem(
            "links are made once the chain has the invoice: leave --no-wait out, or use"
            " `tidan invoice link` afterwards",
            field="--title",
        )

    def ask(client: NodeClient, key: str) -> Asked:
        titles = known_titles(client, title or ())
        accepted = client.post("/v1/invoices", body, idempotency_key=key)
        id_ = accepted["invoice"]
        rest = f"`tidan invoice link {id_} TITLE` links it, once it is registered"
        return Asked(
            accepted,
            f"registered invoice {id_}",
            after_registration(id_, titles, key),
            rest=rest if titles else None,
        )

    Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


@app.command("show", epilog=example("tidan invoice show 77c1d0e2"))
def show(
    invoice: InvoiceArgument, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Show one invoice: who sells to whom, and in which state it is."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/invoices/{whole_id(client, 'invoices', invoice)}")
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


@app.command("list", epilog=example("tidan invoice list --buyer 3"))
def list_invoices(
    *,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="REGISTERED, ACCEPTED, DISPUTED, …")
    ] = None,
    seller: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what this party sold.")
    ] = None,
    buyer: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what this party is to pay.")
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TITLE", help="Only what is linked to this title.")
    ] = None,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the invoices that the node knows."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed(
            "/v1/invoices",
            limit=limit,
            status=status,
            seller=seller,
            buyer=buyer,
            title=None if title is None else whole_id(client, "titles", title),
        )
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


def _card(console: Console, invoice: Document) -> None:
    console.print(
        facts(
            (
                ("invoice", invoice["id"]),
                ("status", f"{invoice['status']} after {counted(invoice['seq'], 'act')}"),
                ("seller", named(invoice["seller"])),
                ("buyer", named(invoice["buyer"])),
                ("terms", terms_in_words(invoice)),
                ("titles", ", ".join(invoice["titles"]) or None),
                ("document", "held by this node" if invoice["holdsContent"] else "not held here"),
                ("content root", invoice["contentRoot"]),
                ("head", invoice["head"]),
                ("fault", invoice.get("fault")),
                ("as of", f"block {invoice['asOf']['block']}"),
            )
        )
    )


def _list(console: Console, invoices: list[Document]) -> None:
    rows = (
        (short(row["id"]), row["status"], named(row["seller"]), named(row["buyer"]), row["seq"])
        for row in invoices
    )
    console.print(table(("invoice", "status", "seller", "buyer", "seq"), rows))
