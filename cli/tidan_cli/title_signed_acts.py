"""`tidan title prepare|relay`: acts of a key that has no node, offline or in an HSM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.deadlines import chain_deadline
from tidan_cli.documents import json_text
from tidan_cli.failures import FileUnusable, UsageProblem
from tidan_cli.following import Asked, Errand
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    Wait,
    example,
)
from tidan_cli.output import Terminal, facts, short
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching

_ID, _ACCOUNT = "0x" + "3f" * 32, "0x" + "5a" * 20


def register(group: RecordGroup) -> None:
    """Add these commands to the group of titles."""
    group.app.command(
        "prepare", epilog=example(f"tidan title prepare accept id={_ID} expectedSeq=2 --json")
    )(prepare)
    group.app.command(
        "relay",
        epilog=example(f"tidan title relay act.json --signer {_ACCOUNT} --signature 0x1b9c…"),
    )(relay)


def prepare(
    act: Annotated[
        str,
        typer.Argument(metavar="ACT", help="The registry's function: accept, offer, endorse, …"),
    ],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE…", help="Its arguments by their names: text, numbers or JSON."
        ),
    ] = None,
    *,
    valid_until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Until when it can be sent; 1d from now when left out."),
    ] = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write out what a key signs for an act on a title (EIP-712), and its digest.

    Nothing is done by it. Keep what `--json` prints as a file for `tidan title relay`."""
    body: dict[str, object] = {"act": act, "arguments": _named(arguments or [])}
    with connected(node, home) as client:
        if valid_until is not None:
            body["validUntil"] = chain_deadline(client, valid_until, option="--valid-until")
        answer = client.ask("/v1/title-acts:prepare", body)
    Terminal(as_json=as_json).answer(answer, lambda console: _tell(console, answer))


def relay(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What `tidan title prepare --json` has printed.")
    ],
    *,
    signer: Annotated[str, typer.Option(metavar="ADDRESS", help="The account that signed it.")],
    signature: Annotated[
        str, typer.Option(metavar="HEX", help="Its signature: 0x and 65 bytes of hex.")
    ],
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Send an act that another account has signed: it is that party's, whoever sends it."""
    prepared = json_text(file).value
    if not {"call", "validUntil"} <= set(prepared):
        raise FileUnusable(f"{file} holds no act that was prepared", field=str(file))
    body = {
        "call": prepared["call"],
        "validUntil": prepared["validUntil"],
        "signer": signer,
        "signature": signature,
    }

    def ask(client: NodeClient, key: str) -> Asked:
        accepted = client.post("/v1/title-acts:relay", body, idempotency_key=key)
        done = f"sent {accepted['act']} of {accepted['signer']['name']}"
        return Asked(accepted, f"{done} on {short(accepted['title'])}")

    with teaching("title", str(file)):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def _named(arguments: list[str]) -> dict[str, object]:
    named: dict[str, object] = {}
    for each in arguments:
        name, is_given, value = each.partition("=")
        if not (name and is_given):
            raise UsageProblem(f"{each!r} is not NAME=VALUE", field="NAME=VALUE")
        try:
            named[name] = json.loads(value)
        except ValueError:  # text, as an id
            named[name] = value
    return named


def _tell(console: Console, answer: Document) -> None:
    console.print(
        facts(
            (
                ("to be signed", answer["digest"]),
                ("can be sent until", answer["validUntil"]),
                ("act", answer["typedData"].get("primaryType")),
            )
        )
    )
    console.print(Text("  --json prints all of it, as a wallet takes it", style="dim"))
