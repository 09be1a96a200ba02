"""`tidan invoice accept|dispute|settle|cancel|link|history|share|package|receive`."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from tidan_cli.client import Document, NodeClient, connected
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
from tidan_cli.output import Terminal, short
from tidan_cli.package import Force, Output, PackageFile, take_in, write_package
from tidan_cli.record_acts import act_on, teaching
from tidan_cli.sharing import To, WaitForDelivery, share_record
from tidan_cli.title import history_table, named


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
    for name, path, done, meaning in (
        ("accept", "acceptance", "accepted", ACCEPT),
        ("settle", "settlement", "settled", SETTLE),
        ("cancel", "cancellation", "cancelled", CANCEL),
    ):
        command = _plain_act(path, done, meaning)
        app.command(name, epilog=example(f"tidan invoice {name} 77c1d0e2"))(command)
    app.command("dispute", epilog=example("tidan invoice dispute 77c1d0e2 --reason QUANTITY"))(
        dispute
    )
    app.command("link", epilog=example("tidan invoice link 77c1d0e2 --title 3f2a91c0"))(link)
    app.command("history", epilog=example("tidan invoice history 77c1d0e2"))(history)
    app.command("share", epilog=example("tidan invoice share 77c1d0e2 --to LEI:5299…"))(share)
    app.command("package", epilog=example("tidan invoice package 77c1d0e2 -o invoice.tidan"))(
        package
    )
    app.command("receive", epilog=example("tidan invoice receive invoice.tidan"))(receive)


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


def history(
    invoice: InvoiceArgument, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Show every act on an invoice: what, by whom, when, in which block and transaction."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/invoices/{whole_id(client, 'invoices', invoice)}/history")
    Terminal(as_json=as_json).answer(answer, lambda console: _history(console, answer))


def share(
    invoice: InvoiceArgument,
    *,
    to: To,
    wait: WaitForDelivery = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Send an invoice's package to a party's node: that party can read the document then."""
    share_record(
        "invoice",
        invoice,
        to,
        wait=wait,
        timeout=timeout,
        idempotency_key=idempotency_key,
        node=node,
        home=home,
        as_json=as_json,
    )


def package(
    invoice: InvoiceArgument,
    output: Output = None,
    *,
    force: Force = False,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the package of an invoice: document, salts and proof, for a party that is to hold it.

    It holds the document in clear: give it to nobody else."""
    write_package("invoice", invoice, output, force=force, node=node, home=home, as_json=as_json)


def receive(
    file: PackageFile,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take in a package: the node checks it against the chain, and refuses what does not match."""
    take_in(file, idempotency_key=idempotency_key, node=node, home=home, as_json=as_json)


def _plain_act(path: str, done: str, meaning: str) -> Callable[..., None]:
    """A command whose act needs nothing but the invoice."""

    def command(
        invoice: InvoiceArgument,
        *,
        expected_seq: ExpectedSeq = None,
        wait: Wait = True,
        timeout: Timeout = DEFAULT_TIMEOUT,
        idempotency_key: IdempotencyKey = None,
        node: Node = None,
        home: Home = None,
        as_json: AsJson = False,
    ) -> None:
        body = {"expectedSeq": expected_seq}
        with teaching("invoice", invoice):
            Errand(node, home, as_json, wait, timeout, idempotency_key).run(
                act_on("invoice", invoice, path, body, lambda id_: f"{done} {short(id_)}")
            )

    command.__doc__ = meaning
    return command


def _history(console: Console, answer: Document) -> None:
    console.print(history_table(answer["acts"], _said))


def _said(details: Document) -> str:
    if "buyer" in details:
        return f"to {named(details['buyer'])}"
    if "title" in details:
        return f"for title {short(details['title'])}"
    return str(details.get("reason", ""))
