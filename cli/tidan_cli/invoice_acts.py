"""`tidan invoice accept|dispute|settle|cancel|link|history|share|package|receive`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tidan_cli import package, sharing
from tidan_cli.client import Document, NodeClient
from tidan_cli.following import Asked, Errand
from tidan_cli.identifiers import whole_id
from tidan_cli.invoice import InvoiceArgument
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    ExpectedSeq,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    Wait,
    example,
)
from tidan_cli.output import short
from tidan_cli.record_acts import act_on, add_history, add_plain_act
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching
from tidan_cli.title_words import named


class Reason(StrEnum):
    """What a buyer finds wrong with an invoice."""

    AMOUNT = "AMOUNT"
    QUANTITY = "QUANTITY"
    QUALITY = "QUALITY"
    NOT_ORDERED = "NOT_ORDERED"
    OTHER = "OTHER"


ACCEPT = """Accept an invoice that is made out to you, also one that you had disputed.

The node refuses without the content of the invoice: its seller's node sends it, and `tidan invoice
receive FILE` takes it in by hand."""
SETTLE = "State that an invoice is paid, as its seller, once its buyer has answered."
CANCEL = "Take back an invoice that is not accepted, as its seller; it ends."


def register(app: typer.Typer) -> None:
    """Add these commands to the group of invoices."""
    group = RecordGroup(app, "invoice", InvoiceArgument, "an invoice", "77c1d0e2", "invoice.tidan")
    add_plain_act(group, "accept", "acceptance", "accepted", ACCEPT)
    add_plain_act(group, "settle", "settlement", "settled", SETTLE)
    add_plain_act(group, "cancel", "cancellation", "cancelled", CANCEL)
    app.command("dispute", epilog=example("tidan invoice dispute 77c1d0e2 --reason QUANTITY"))(
        dispute
    )
    app.command("link", epilog=example("tidan invoice link 77c1d0e2 --title 3f2a91c0"))(link)
    add_history(group, _said)
    sharing.register(group)
    package.register(group)


def dispute(
    invoice: InvoiceArgument,
    *,
    reason: Annotated[Reason, typer.Option(help="What is wrong with it.")],
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Dispute an invoice that you have not accepted, as its buyer."""
    body = {"reason": reason.value, "expectedSeq": expected_seq}
    with teaching("invoice", invoice):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on("invoice", invoice, "dispute", body, lambda id_: f"disputed {short(id_)}")
        )


def link(
    invoice: InvoiceArgument,
    *,
    title: Annotated[
        str, typer.Option(metavar="TITLE", help="The title of the goods: its id or first digits.")
    ],
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Link an invoice to the title of its goods, as its seller; to several, one after another."""

    def ask(client: NodeClient, key: str | None) -> Asked:
        whole = whole_id(client, "titles", title)
        body = {"title": whole, "expectedSeq": expected_seq}
        done = f"to title {short(whole)}"
        act = act_on("invoice", invoice, "links", body, lambda id_: f"linked {short(id_)} {done}")
        return act(client, key)

    with teaching("invoice", invoice):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def _said(details: Document) -> str:
    if "buyer" in details:
        return f"to {named(details['buyer'])}"
    if "title" in details:
        return f"for title {short(details['title'])}"
    return str(details.get("reason", ""))
