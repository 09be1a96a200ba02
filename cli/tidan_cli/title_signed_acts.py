"""`tidan title prepare|relay`: acts of a key that has no node, offline or in an HSM."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.deadlines import chain_deadline
from tidan_cli.documents import body_of, json_text, json_texts
from tidan_cli.failures import FileUnusable
from tidan_cli.following import Asked, Errand, Sequel
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
from tidan_cli.prepared_acts import function_named, request_of
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching
from tidan_cli.title import IssuePossessor, IssueTitleholder
from tidan_cli.title_sequels import after_offer, after_proposal, after_several

_ACCOUNT = "0x" + "5a" * 20


def register(group: RecordGroup) -> None:
    """Add these commands to the group of titles."""
    group.app.command(
        "prepare",
        epilog=example(
            "tidan title prepare offer id=3f2a91c0 to=LEI:5299… until=7d --json > act.json",
            "tidan title prepare issue --document bill-of-lading.json --possessor LEI:5299…"
            " --titleholder LEI:5299… --json > act.json",
        ),
    )(prepare)
    group.app.command(
        "relay",
        epilog=example(f"tidan title relay act.json --signer {_ACCOUNT} --signature 0x1b9c…"),
    )(relay)


def prepare(
    act: Annotated[
        str,
        typer.Argument(metavar="ACT", help="The registry's function: accept, offer, switchBill, …"),
    ],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE…", help="Its arguments by their names: text, numbers or JSON."
        ),
    ] = None,
    *,
    documents: Annotated[
        list[Path] | None,
        typer.Option(
            "--document",
            metavar="DOCUMENT",
            help="A transport document (JSON, DCSA) that the act puts on record; once for each.",
        ),
    ] = None,
    possessor: IssuePossessor = None,
    titleholder: IssueTitleholder = None,
    withdrawal: Annotated[
        str | None,
        typer.Option(
            metavar="HEX",
            help="Of issueFromPaper: the hash of your record that the paper was withdrawn.",
        ),
    ] = None,
    valid_until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Until when it can be sent; 1d from now when left out."),
    ] = None,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write out what a key signs for an act on a title (EIP-712), and its digest.

    Nothing is done by it. Keep what `--json` prints as a file for `tidan title relay`. Parties go
    by any of their names, times as 7d or 2026-05-31T12:00:00Z; what is left out is as in the direct
    commands. What the direct command is refused with as things stand is not prepared. Documents
    stay at the node until the act can be sent no more: once the chain has it, whoever has sent it,
    the node keeps their content and sends the packages."""
    function = function_named(act)
    stated = {"possessor": possessor, "titleholder": titleholder, "withdrawal": withdrawal}
    others = {name: value for name, value in stated.items() if value is not None}
    texts = json_texts(documents or [])
    with connected(node, home) as client:
        body = request_of(client, function, arguments or [], texts, others)
        if valid_until is not None:
            body["validUntil"] = chain_deadline(client, valid_until, option="--valid-until")
        answer = client.post_raw(
            "/v1/title-acts:prepare", body_of(body), idempotency_key=idempotency_key
        )
    terminal = Terminal(as_json=as_json)
    for warning in answer["warnings"]:
        terminal.warn(warning)
    terminal.answer(answer, lambda console: _tell(console, answer))


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
    """Send an act that another account has signed: it is that party's, whoever sends it.

    An act of your own party does here what the direct command does: its rules are asked, its
    content is kept, its package leaves. Another party's act is only relayed: your node has nothing
    of it to keep or to send; the node that prepared it does that."""
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
        done += f" on {short(accepted['title'])}"
        if accepted["onlyRelayed"]:
            return Asked(accepted, f"{done}; only relayed: nothing of it is kept here or sent on")
        return Asked(accepted, done, _sequel(accepted))

    with teaching("title", _acted_on(prepared), act="relay"):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def _acted_on(prepared: Mapping[str, object]) -> str:
    """The title that the act is about, where the file says it, in the words of typed data."""
    match prepared:
        case {"typedData": {"message": {"id": str(title)}}}:
            return title
        case {"typedData": {"message": {"ids": [str(title), *_]}}}:
            return title
        case {"titles": [str(title), *_]}:
            return title
    return "TITLE"


def _sequel(accepted: Document) -> Sequel | None:
    """What became of the packages, as the direct commands tell it."""
    made: list[str] = accepted["titles"]
    if made:
        return after_several(made)
    after = {"offer": after_offer, "enforcePledge": after_offer, "proposePledge": after_proposal}
    told = after.get(accepted["act"])
    return None if told is None else told(accepted["title"])


def _tell(console: Console, answer: Document) -> None:
    console.print(facts([*answer["says"].items(), ("to be signed", answer["digest"])]))
    console.print(Text("  --json prints all of it, as a wallet takes it", style="dim"))
