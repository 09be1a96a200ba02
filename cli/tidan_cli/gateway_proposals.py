"""`tidan council gateways`, `tidan council propose recognise-gateway|dismiss-gateway`: ways for
titles to other chains."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from tidan_cli.client import Document, connected
from tidan_cli.following import Errand
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
from tidan_cli.output import Terminal, table
from tidan_cli.proposals import proposing, teaching
from tidan_cli.propose import Reason

_ACCOUNT = "0x" + "5a" * 20

Gateway = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="The gateway's account: 0x and 40 hex.")
]


def register(council: typer.Typer, propose: typer.Typer) -> None:
    """Add the commands to `tidan council` and to `tidan council propose`."""
    council.command("gateways", epilog=example("tidan council gateways"))(list_gateways)
    propose.command(
        "recognise-gateway",
        epilog=example(
            f"tidan council propose recognise-gateway {_ACCOUNT} --name 'Demo Port'"
            " --reason 'their portal was reviewed'"
        ),
    )(recognise_gateway)
    propose.command(
        "dismiss-gateway",
        epilog=example(
            f"tidan council propose dismiss-gateway {_ACCOUNT} --reason 'their key is lost'"
        ),
    )(dismiss_gateway)


def list_gateways(
    *, limit: Limit = PAGE, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """List the gateways, the newest first: where a title can be locked to, and who admits each.

    A carrier that admits one lets it bring in titles of its that were never here. One that
    was dismissed takes no title any more, and is listed still."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/gateways", limit=limit)
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


def recognise_gateway(
    gateway: Gateway,
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What it is, for members to read.")],
    reason: Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose a gateway, which titles can be locked for and arrive by.

    It never has control of a title, but holds what is locked for it until it sends it out or gives
    it back: recognise whom you trust with that."""
    body = {"kind": "recognise-gateway", "gateway": gateway, "name": name, "reason": reason}
    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            proposing(body, f"recognise the gateway {name}")
        )


def dismiss_gateway(
    gateway: Gateway,
    *,
    reason: Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose to end a gateway's recognition: it takes no title any more.

    Those that are locked for it, it still sends out or gives back."""
    body = {"kind": "dismiss-gateway", "gateway": gateway, "reason": reason}
    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            proposing(body, f"dismiss the gateway {gateway}")
        )


def _list(console: Console, gateways: list[Document]) -> None:
    rows = (
        (
            each["gateway"],
            each["name"],
            "recognised" if each["recognised"] else "dismissed",
            each["changedAt"],
            ", ".join(f"{carrier['name']} ({carrier['index']})" for carrier in each["admittedBy"]),
        )
        for each in gateways
    )
    console.print(table(("gateway", "name", "is", "since", "admitted by"), rows))
