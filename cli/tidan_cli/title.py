"""`tidan title issue|show|list|history`: issue a title, and see what is known of it."""

from __future__ import annotations

from collections.abc import Callable
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
    TitleArgument,
    Wait,
    example,
)
from tidan_cli.output import Terminal, counted, facts, short, table
from tidan_cli.proven_history import ToBeProven, history_of, tell_proof
from tidan_cli.teaching import teaching
from tidan_cli.title_sequels import after_issue
from tidan_cli.title_words import (
    act_in_words,
    named,
    offer_in_words,
    pledge_in_words,
    terms_in_words,
    told_in_words,
)

app = typer.Typer(no_args_is_help=True, help="Titles: electronic bills of lading.")

IssuePossessor = Annotated[
    str | None,
    typer.Option(
        "--possessor",
        metavar="PARTY",
        help="Who holds the title first; your own party when left out.",
    ),
]
IssueTitleholder = Annotated[
    str | None,
    typer.Option(
        "--titleholder",
        metavar="PARTY",
        help="To whom it is made out: to whose order, or the consignee of a straight bill."
        " Needed, unless the document is a bill in blank.",
    ),
]


@app.command(
    "issue", epilog=example("tidan title issue bill-of-lading.json --titleholder LEI:5299…")
)
def issue(
    document: Annotated[
        Path, typer.Argument(metavar="DOCUMENT", help="A DCSA transport document (JSON).")
    ],
    *,
    possessor: IssuePossessor = None,
    titleholder: IssueTitleholder = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Issue a title from a transport document, as its carrier.

    A PARTY is its number on the chain, an identifier such as LEI:…, or its exact name. The package
    goes to the first possessor's node by itself."""
    others = {"possessor": possessor, "titleholder": titleholder}
    body = json_text(document).as_member("document", others)

    def ask(client: NodeClient, key: str | None) -> Asked:
        accepted = client.post_raw("/v1/titles", body, idempotency_key=key)
        sequel = after_issue(accepted["title"], sent=possessor is not None)
        return Asked(accepted, f"issued title {accepted['title']}", sequel)

    with teaching("title", str(document)):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


@app.command("show", epilog=example("tidan title show 3f2a91c0"))
def show(
    title: TitleArgument, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Show one title: who holds it, in which state it is, what is on offer."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/titles/{whole_id(client, 'titles', title)}")
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


@app.command("list", epilog=example("tidan title list --status LIVE --possessor 2"))
def list_titles(
    *,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="LIVE, PENDING_DELIVERY, DELIVERED, …")
    ] = None,
    possessor: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what this party possesses.")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what this carrier issued.")
    ] = None,
    offered_to: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what is on offer to this party.")
    ] = None,
    pledgee: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only what is pledged to this bank.")
    ] = None,
    proposed_to: Annotated[
        str | None,
        typer.Option(metavar="PARTY", help="Only what is proposed to this bank as security."),
    ] = None,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the titles that the node knows, the newest first."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed(
            "/v1/titles",
            limit=limit,
            status=None if status is None else status.upper(),
            possessor=possessor,
            issuer=issuer,
            offeree=offered_to,
            pledgee=pledgee,
            proposedTo=proposed_to,
        )
    terminal.answer(answer, lambda console: _list(console, answer))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


@app.command("history", epilog=example("tidan title history 3f2a91c0 --proven"))
def history(
    title: TitleArgument,
    *,
    proven: ToBeProven = False,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show every act of a title: what, by whom, when, in which block and transaction."""
    with connected(node, home) as client:
        answer = history_of(client, "title", title, proven=proven)
    Terminal(as_json=as_json).answer(answer, lambda console: _history(console, answer))


def history_table(acts: list[Document], said: Callable[[Document], str] | None = None) -> object:
    """The acts of a record below each other, oldest first; `said` puts their details in words."""
    in_words = said or told_in_words
    columns = ("seq", "act", "by", "what it says", "at", "block", "transaction", "head after")
    return table(columns, (_row(act, in_words) for act in acts))


def _row(act: Document, in_words: Callable[[Document], str]) -> tuple[object, ...]:
    by, details = act_in_words(act)
    return (
        *(act["seq"], act["act"], by, in_words(details), act["at"], act["block"]),
        *(short(act["txHash"]), short(act["head"])),
    )


def _card(console: Console, title: Document) -> None:
    offer, pledge, proposal = title.get("offer"), title.get("pledge"), title.get("proposal")
    console.print(
        facts(
            (
                ("title", title["id"]),
                ("B/L number", title.get("number")),
                ("status", f"{title['status']} after {counted(title['seq'], 'act')}"),
                ("kind", title["kind"]),
                ("issuer", named(title["issuer"])),
                ("terms", terms_in_words(title)),
                ("possessor", named(title["possessor"])),
                ("titleholder", named(title["titleholder"])),
                ("on offer", None if offer is None else offer_in_words(offer)),
                ("pledged to", None if pledge is None else pledge_in_words(pledge)),
                ("proposed to", None if proposal is None else pledge_in_words(proposal)),
                ("gateway", title.get("gateway")),
                ("document", "held by this node" if title["holdsContent"] else "not held here"),
                ("content root", title["contentRoot"]),
                ("head", title["head"]),
                ("fault", title.get("fault")),
                ("as of", f"block {title['asOf']['block']}"),
            )
        )
    )


def _list(console: Console, answer: Document) -> None:
    console.print(
        table(
            (
                *("title", "B/L number", "status", "kind"),
                *("possessor", "titleholder", "issuer", "seq", "on offer"),
            ),
            (
                (
                    short(title["id"]),
                    title.get("number"),
                    title["status"],
                    title["kind"],
                    named(title["possessor"]),
                    named(title["titleholder"]),
                    named(title["issuer"]),
                    title["seq"],
                    None if title["offer"] is None else offer_in_words(title["offer"]),
                )
                for title in answer["items"]
            ),
        )
    )


def _history(console: Console, answer: Document) -> None:
    console.print(facts((("title", answer["title"]), ("head", answer["head"]))))
    console.print(history_table(answer["acts"]))
    tell_proof(console, answer)
    console.print(facts((("as of", f"block {answer['asOf']['block']}"),)))
