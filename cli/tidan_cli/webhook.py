"""`tidan webhook add|list|remove|test`: have the chain's events delivered to a program of yours."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import Answered, DeliveryFailed, IdentifierAmbiguous
from tidan_cli.options import AsJson, Home, IdempotencyKey, Node, example
from tidan_cli.output import Terminal, facts, printable, table

app = typer.Typer(
    no_args_is_help=True, help="Webhooks: events delivered to a URL, signed (Standard Webhooks)."
)

WebhookArgument = Annotated[
    str, typer.Argument(metavar="WEBHOOK", help="The webhook's id, or how it begins.")
]


@app.command(
    "add", epilog=example("tidan webhook add https://erp.example/tidan --type tidan.title")
)
def add(
    url: Annotated[
        str,
        typer.Argument(metavar="URL", help="https, or http to this very machine."),
    ],
    *,
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type", metavar="TYPE", help="Only such events: tidan.title, tidan.title.offered …"
        ),
    ] = None,
    records: Annotated[
        list[str] | None,
        typer.Option("--record", metavar="ID", help="Only on this title, invoice or policy."),
    ] = None,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Add a webhook, and print its secret: it is shown this once, and signs every delivery."""
    body = {"url": url, "types": types or None, "records": records or None}
    wanted = {name: value for name, value in body.items() if value is not None}
    with connected(node, home) as client:
        answer = client.post("/v1/webhooks", wanted, idempotency_key=idempotency_key)
    Terminal(as_json=as_json).answer(answer, lambda console: _added(console, answer))


@app.command("list", epilog=example("tidan webhook list"))
def list_webhooks(node: Node = None, home: Home = None, as_json: AsJson = False) -> None:
    """List the webhooks, and how their deliveries go."""
    with connected(node, home) as client:
        answer = client.get("/v1/webhooks")
    Terminal(as_json=as_json).answer(answer, lambda console: _list(console, answer["items"]))


@app.command("remove", epilog=example("tidan webhook remove 5b0c9a52"))
def remove(
    webhook: WebhookArgument, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Remove a webhook: nothing more is delivered to it."""
    with connected(node, home) as client:
        whole = _whole(client, webhook)
        client.delete(f"/v1/webhooks/{quote(whole, safe='')}")
    Terminal(as_json=as_json).answer(
        {"removed": whole},
        lambda console: console.print(Text("✓ ", style="green") + Text(f"removed {whole}")),
    )


@app.command("test", epilog=example("tidan webhook test 5b0c9a52"))
def try_out(
    webhook: WebhookArgument, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Deliver an event of the type tidan.webhook.test at once, and say what came of it."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        whole = _whole(client, webhook)
        with terminal.waiting("waiting for the receiver"):
            answer = client.post(f"/v1/webhooks/{quote(whole, safe='')}/test", {})
    terminal.answer(answer, lambda console: _tried(console, answer))
    if not answer["delivered"]:
        raise DeliveryFailed(f"the receiver did not take it: {answer['problem']}", webhook=whole)


def _whole(client: NodeClient, typed: str) -> str:
    """The one webhook whose id begins so."""
    known = client.get("/v1/webhooks")["items"]
    found = [each["id"] for each in known if typed and each["id"].startswith(typed.rstrip("…"))]
    if len(found) > 1:
        raise IdentifierAmbiguous(f"{len(found)} webhooks begin so: {', '.join(found[:5])}")
    if not found:
        raise Answered(
            {
                "type": "/v1/problems/not-found",
                "title": "There is nothing by this name",
                "status": 404,
                "detail": "no webhook begins so; `tidan webhook list` shows them",
            },
            page=f"{client.url}/v1/problems/not-found",
        )
    return str(found[0])


def _added(console: Console, webhook: Document) -> None:
    console.print(
        facts(
            (
                ("webhook", webhook["id"]),
                ("secret", webhook["secret"]),
                ("events", ", ".join(webhook["types"] or ["all"])),
                ("records", ", ".join(webhook["records"] or ["all"])),
            )
        )
    )
    told = (
        "the webhook was added before, and its secret shown then: if it is lost, remove it"
        " and add another"
        if webhook["secret"] is None
        else "the secret is not shown again"
    )
    console.print(Text(f"  {told}", style="yellow"))


def _list(console: Console, webhooks: list[Document]) -> None:
    rows = (
        (
            each["id"],
            each["url"],
            ", ".join(each["types"] or ["all"]),
            each["delivered"],
            _how(each),
        )
        for each in webhooks
    )
    console.print(table(("webhook", "url", "events", "delivered", "how it goes"), rows))


def _how(webhook: Document) -> str:
    if webhook["disabledAt"] is not None:
        return f"disabled at {webhook['disabledAt']}: {webhook['disabledReason']}"
    if webhook["problem"] is not None:
        return f"{webhook['problem']}, again at {webhook['nextAttemptAt']}"
    return "well"


def _tried(console: Console, answer: Document) -> None:
    good = answer["delivered"]
    mark = Text("✓ ", style="green") if good else Text("✗ ", style="red")
    said = "the receiver has taken it" if good else f"not taken: {answer['problem']}"
    console.print(mark + Text(printable(f"{said} ({answer['milliseconds']} ms)")))
