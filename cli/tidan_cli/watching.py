"""`tidan title watch`: what happens to titles, one line an event, as it happens."""

from __future__ import annotations

import json
import time
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import Answered, NothingMoreTold
from tidan_cli.identifiers import whole_id
from tidan_cli.options import AsJson, Home, Node, example
from tidan_cli.output import Terminal, printable, short, write_json_line
from tidan_cli.streaming import messages


class Act(StrEnum):
    """The acts of a title, as its history names them."""

    ISSUE = "ISSUE"
    OFFER = "OFFER"
    WITHDRAW = "WITHDRAW"
    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    SURRENDER_FOR_DELIVERY = "SURRENDER_FOR_DELIVERY"
    ACCEPT_SURRENDER = "ACCEPT_SURRENDER"
    REJECT_SURRENDER = "REJECT_SURRENDER"
    ENDORSE = "ENDORSE"
    PROPOSE_PLEDGE = "PROPOSE_PLEDGE"
    ACCEPT_PLEDGE = "ACCEPT_PLEDGE"
    DECLINE_PLEDGE = "DECLINE_PLEDGE"
    CONSENT = "CONSENT"
    RELEASE_PLEDGE = "RELEASE_PLEDGE"
    ENFORCE_PLEDGE = "ENFORCE_PLEDGE"
    SURRENDER_FOR_AMENDMENT = "SURRENDER_FOR_AMENDMENT"
    CANCEL_SURRENDER = "CANCEL_SURRENDER"
    VOID = "VOID"
    SWITCH_TO_PAPER = "SWITCH_TO_PAPER"
    END_AS_PAPER = "END_AS_PAPER"
    ISSUE_FROM_PAPER = "ISSUE_FROM_PAPER"
    ISSUE_SUCCESSOR = "ISSUE_SUCCESSOR"
    LOCK = "LOCK"
    EXPORT = "EXPORT"
    RETURN = "RETURN"
    IMPORT = "IMPORT"


_ACTS = {
    "tidan.title.issued": Act.ISSUE,
    "tidan.title.offered": Act.OFFER,
    "tidan.title.offer-withdrawn": Act.WITHDRAW,
    "tidan.title.transferred": Act.ACCEPT,
    "tidan.title.offer-declined": Act.DECLINE,
    "tidan.title.surrender-requested": Act.SURRENDER_FOR_DELIVERY,
    "tidan.title.surrendered": Act.ACCEPT_SURRENDER,
    "tidan.title.surrender-rejected": Act.REJECT_SURRENDER,
    "tidan.title.endorsed": Act.ENDORSE,
    "tidan.title.pledge-proposed": Act.PROPOSE_PLEDGE,
    "tidan.title.pledged": Act.ACCEPT_PLEDGE,
    "tidan.title.pledge-declined": Act.DECLINE_PLEDGE,
    "tidan.title.transfer-consented": Act.CONSENT,
    "tidan.title.pledge-released": Act.RELEASE_PLEDGE,
    "tidan.title.pledge-enforced": Act.ENFORCE_PLEDGE,
    "tidan.title.surrender-cancelled": Act.CANCEL_SURRENDER,
    "tidan.title.amended": Act.VOID,
    "tidan.title.split": Act.VOID,
    "tidan.title.titles-combined": Act.VOID,
    "tidan.title.switched": Act.VOID,
    "tidan.title.switched-to-paper": Act.SWITCH_TO_PAPER,
    "tidan.title.ended-as-paper": Act.END_AS_PAPER,
    "tidan.title.issued-from-paper": Act.ISSUE_FROM_PAPER,
    "tidan.title.successor-issued": Act.ISSUE_SUCCESSOR,
    "tidan.title.locked": Act.LOCK,
    "tidan.title.exported": Act.EXPORT,
    "tidan.title.returned": Act.RETURN,
    "tidan.title.imported": Act.IMPORT,
}


_ALARM = "tidan.title.surrender-unanswered"


def _act_of(event: Document) -> Act | None:
    """Which act an event tells of; of a surrender its data say what for. An alarm tells of none."""
    if event["data"].get("pending") == "PENDING_AMENDMENT":
        return Act.SURRENDER_FOR_AMENDMENT
    return _ACTS.get(event["type"])


def register(app: typer.Typer) -> None:
    """Add the command to the group of titles."""
    app.command(
        "watch",
        epilog=example(
            "tidan title watch", "tidan title watch 3f2a91c0 --until SURRENDER_FOR_DELIVERY"
        ),
    )(watch)


def watch(
    title: Annotated[
        str | None,
        typer.Argument(
            metavar="TITLE",
            help="Only this title: its id, its first 8 or more hex digits, or its B/L number."
            " All titles when left out.",
        ),
    ] = None,
    *,
    until: Annotated[
        Act | None,
        typer.Option(
            metavar="ACT",
            case_sensitive=False,
            help=f"End once this act has been told: {', '.join(Act)}.",
        ),
    ] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Tell first everything that has happened.")
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0, help="End after this long; never when left out."),
    ] = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Tell each act on a title as it happens, one line each; Ctrl-C ends it.

    With a TITLE it begins with the last act, so that nothing falls between looking and watching;
    else with what happens from now on. `--json` prints one CloudEvent a line (JSON Lines). A
    connection that breaks is made anew, and nothing is left out; where the chain takes back
    blocks, what follows the parting is told once more. A surrender that nobody has answered in
    time is told as it comes to that, and whenever watching begins anew (`tidan title alarms`)."""
    terminal = Terminal(as_json=as_json)
    deadline = None if timeout is None else time.monotonic() + timeout
    with connected(node, home) as client:
        whole = None if title is None else whole_id(client, "titles", title)
        skipped = 0
        if whole is not None and not from_start:
            skipped = client.get(f"/v1/titles/{whole}")["seq"] - 1
        teller = _Teller(client, terminal)
        received = messages(
            client,
            "/v1/events",
            note=terminal.note,
            deadline=deadline,
            type="tidan.title",
            record=whole,
            after=None if whole is None and not from_start else "start",
        )
        for message in received:
            event = json.loads(message.data)
            if event["data"].get("seq", 1) <= skipped:
                continue
            skipped = 0
            teller.tell(event)
            if until is not None and _act_of(event) is until:
                return
    what = "nothing more" if until is None else f"no {until}"
    raise NothingMoreTold(f"{what} had been told when {timeout:g} s had passed")


class _Teller:
    """Prints events; parties are asked for by name once each."""

    def __init__(self, client: NodeClient, terminal: Terminal) -> None:
        self._client = client
        self._terminal = terminal
        self._names: dict[int, str] = {}

    def tell(self, event: Document) -> None:
        if self._terminal.as_json:
            write_json_line(event)
            return
        is_alarm = event["type"] == _ALARM
        act = "UNANSWERED" if is_alarm else _act_of(event) or event["type"]
        said = self._overdue(event["data"]) if is_alarm else self._said(event["data"])
        line = Text(event["time"], style="dim")
        line.append(f"  {short(event['subject'])}  ", style="")
        line.append(f"{act:<23}", style="bold red" if is_alarm else "bold")
        line.append(f"  {printable(said)}  ", style="")
        if not is_alarm:
            line.append(f"block {event['data']['block']}", style="dim")
        self._terminal.out.print(line, soft_wrap=True)

    def _overdue(self, data: Document) -> str:
        """Since when whose answer is awaited."""
        awaited = data["awaited"]
        whose = "nobody is left to answer" if awaited is None else f"by {self._named(awaited)}"
        return f"{whose}, surrendered {data['since']}"

    def _said(self, data: Document) -> str:
        """Who holds it now, to whom it is offered, or else who did it."""
        if "what" in data:
            return f"{' and '.join(data['what']).lower()} to {self._named(data['recipient'])}"
        if "transfer" in data and "possessor" in data:
            return f"for {self._named(data['possessor'])}"
        if "possessor" in data:
            return f"held by {self._named(data['possessor'])}"
        return f"by {self._named(data['by'])}" if "by" in data else ""

    def _named(self, party: int) -> str:
        if party not in self._names:
            try:
                name = self._client.get(f"/v1/parties/{party}")["name"]
            except Answered:
                name = "party"
            self._names[party] = f"{name} ({party})"
        return self._names[party]
