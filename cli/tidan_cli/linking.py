"""What follows an invoice's registration: a link to each of its titles, and its package."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import Answered, StillPending
from tidan_cli.following import ENDED, Sequel, await_end
from tidan_cli.identifiers import whole_id
from tidan_cli.output import short
from tidan_cli.sharing import after_act


def known_titles(client: NodeClient, typed: Sequence[str]) -> list[str]:
    """These titles, each of which the node must know before anything is asked for."""
    whole = [whole_id(client, "titles", each) for each in typed]
    for title in dict.fromkeys(whole):
        client.get(f"/v1/titles/{title}")
    return list(dict.fromkeys(whole))


def after_registration(invoice: str, titles: Sequence[str], key: str) -> Sequel:
    """Links title by title, since each link is for the seq after the one before it."""

    def follow(client: NodeClient, timeout: float) -> tuple[Document, str]:
        deadline = time.monotonic() + timeout
        links = []
        for title in titles:
            operation = _linked(client, invoice, title, key)
            operation = _ended(client, operation, deadline, invoice)
            links.append({"title": title, "operation": operation})
        sent, words = after_act(invoice)(client, max(0.0, deadline - time.monotonic()))
        lines = [f"linked to title {short(title)}" for title in titles]
        return {"links": links} | sent, "\n  ".join([*lines, words])

    return follow


def _linked(client: NodeClient, invoice: str, title: str, key: str) -> Document:
    """The link's operation, under a key of its own: the same when the command is repeated."""
    own_key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{key} links {title}"))
    path = f"/v1/invoices/{invoice}/links"
    try:
        accepted = client.post(path, {"title": title}, idempotency_key=own_key)
    except Answered as refusal:
        raise _registered_all_the_same(refusal, invoice) from refusal
    operation: Document = accepted["operation"]
    return operation


def _ended(client: NodeClient, operation: Document, deadline: float, invoice: str) -> Document:
    try:
        ended = await_end(client, operation, max(0.0, deadline - time.monotonic()))
    except Answered as refusal:
        raise _registered_all_the_same(refusal, invoice) from refusal
    if ended["status"] not in ENDED:
        raise StillPending(
            f"invoice {invoice} is registered; its link, operation {ended['id']}, is"
            f" {ended['status']} when the time is up: `tidan invoice show {invoice}` lists its"
            " titles, `tidan invoice link` adds those that are missing",
            operation=ended["id"],
            invoice=invoice,
        )
    return ended


def _registered_all_the_same(refusal: Answered, invoice: str) -> Answered:
    told = Answered(refusal.document() | {"invoice": invoice}, page=refusal.page)
    told.next_step = f"invoice {invoice} is registered; `tidan invoice link` links it afterwards"
    return told
