"""`tidan title|invoice|policy share`: a record's package goes to another party's node, and
arrives or waits."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import Answered, PackageNotTaken, StillPending
from tidan_cli.following import Sequel
from tidan_cli.identifiers import COLLECTIONS, whole_id
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
)
from tidan_cli.output import Terminal, printable, short
from tidan_cli.patience import Patience
from tidan_cli.record_groups import RecordGroup

if TYPE_CHECKING:
    from tidan_node.domain.packages import RecordKind  # heavy, and only a name here

To = Annotated[
    str, typer.Option("--to", metavar="PARTY", help="Who is to read it: the whole document.")
]
WaitForDelivery = Annotated[
    bool,
    typer.Option(
        "--wait/--no-wait",
        help="Wait until the other node has taken the package in.",
        rich_help_panel="Waiting",
    ),
]

RETRIED_DAYS: Final = 30
"""As a node's courier does it."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5
AFTER_AN_ACT: Final = 10.0
"""Seconds that a command which has done its act waits to tell of the package, too."""


BEFORE_AN_OFFER: Final = """

An offer sends it by itself; this is for whoever is to see it before, or besides."""


def register(group: RecordGroup, besides: str = "") -> None:
    """Add `share` to a group; `besides` is what its help says besides."""

    def share(
        record: str,
        *,
        to: To,
        wait: WaitForDelivery = True,
        timeout: Timeout = DEFAULT_TIMEOUT,
        idempotency_key: IdempotencyKey = None,
        node: Node = None,
        home: Home = None,
        as_json: AsJson = False,
    ) -> None:
        share_record(
            group.kind,
            record,
            to,
            wait=wait,
            timeout=timeout,
            idempotency_key=idempotency_key,
            node=node,
            home=home,
            as_json=as_json,
        )

    group.add(
        "share",
        share,
        f"Send {group.one}'s package to a party's node: that party can read the document from then"
        f" on.{besides}",
        f"{group.sample} --to LEI:5299…",
    )


def share_record(
    kind: RecordKind,
    typed: str,
    to: str,
    *,
    wait: bool,
    timeout: float,
    idempotency_key: str | None,
    node: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Have the package of this record sent, and follow it until it has arrived."""
    terminal = Terminal(as_json=as_json)
    key = idempotency_key or str(uuid.uuid4())
    with connected(node, home) as client:
        body = {
            "kind": kind,
            "record": whole_id(client, COLLECTIONS[kind], typed),
            "recipient": to,
        }
        parcel = client.post("/v1/parcels/outgoing", body, idempotency_key=key)
        if wait:
            with terminal.waiting(f"sending to {parcel['party']['name']}"):
                parcel = await_delivery(client, parcel, timeout)
    terminal.answer(parcel, lambda console: _tell(console, parcel))
    if parcel["status"] in ("refused", "expired"):
        raise PackageNotTaken(in_words(parcel), parcel=parcel["id"])
    if wait and parcel["status"] == "queued":
        raise StillPending(
            f"parcel {parcel['id']} waits ({parcel['problem'] or 'not tried yet'}) and is tried"
            f" again by itself for {RETRIED_DAYS} days; see `tidan parcel show {parcel['id']}`",
            parcel=parcel["id"],
        )


def await_delivery(client: NodeClient, parcel: Document, timeout: float) -> Document:
    """The parcel once it has ended, or as it is when the time is up."""
    deadline = time.monotonic() + timeout
    patience = Patience(deadline, _FIRST_PAUSE, _LONGEST_PAUSE)
    while parcel["status"] == "queued" and patience.rested():
        parcel = client.get(f"/v1/parcels/{parcel['id']}")
    return parcel


def after_act(record: str, to: Document | None = None) -> Sequel:
    """What became of the package that an act on this record has sent, for the answer and in words.
    With a recipient the newest package is the act's only if it goes there: nobody sends to itself.
    """

    def look(client: NodeClient, timeout: float) -> tuple[Document, str]:
        try:
            sent = client.get("/v1/parcels", direction="out", record=record, limit=1)["items"]
            if not sent or (to is not None and sent[0]["party"]["index"] != to["index"]):
                return {"parcel": None}, "no package was sent"
            parcel = await_delivery(client, sent[0], min(timeout, AFTER_AN_ACT))
        except Answered as refused:  # the act is done; the key may not cover the look
            return {"parcel": None}, f"its package cannot be looked up: {refused.detail}"
        return {"parcel": parcel}, in_words(parcel)

    return look


def in_words(parcel: Document) -> str:
    """How a parcel stands, as one line."""
    party, problem = parcel["party"]["name"], parcel["problem"]
    match parcel["status"]:
        case "delivered":
            return f"package delivered to {party}"
        case "received":
            return f"package received from {party}"
        case "refused":
            rule = f" (rule {parcel['rule']})" if parcel["rule"] else ""
            return f"package refused: {problem}{rule}"
        case "expired":
            return f"package for {party} was never delivered: {problem}"
        case _:
            return (
                f"package for {party} waits: {problem or 'not tried yet'};"
                f" retried for {RETRIED_DAYS} days, as `tidan parcel list` shows"
            )


def _tell(console: Console, parcel: Document) -> None:
    mark = Text("✓ ", style="green") if parcel["status"] == "delivered" else Text("· ")
    console.print(mark + Text(printable(in_words(parcel))))
    console.print(
        Text(f"  {parcel['kind']} {short(parcel['record'])} · parcel {parcel['id']}", style="dim")
    )
