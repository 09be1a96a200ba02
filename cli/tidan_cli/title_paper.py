"""`tidan title from-paper|to-paper|end-as-paper`: between a title and a bill on paper."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Annotated

import typer

from tidan_cli.client import NodeClient
from tidan_cli.documents import file_bytes, json_text
from tidan_cli.failures import UsageProblem
from tidan_cli.following import Asked, Errand
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    ExpectedSeq,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    TitleArgument,
    Wait,
    example,
)
from tidan_cli.output import short
from tidan_cli.record_acts import act_on, add_plain_act
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching
from tidan_cli.title import IssuePossessor, IssueTitleholder
from tidan_cli.title_replacements import AmendmentReason, Why
from tidan_cli.title_sequels import after_issue

_WORD = re.compile(r"0x[0-9a-f]{64}")

END = """End a title as paper, as its possessor, since no carrier is left to answer for it.

Its carrier is revoked and has no successor, or that is revoked too, and the time for naming one
has passed. No act follows: what remains is the title's history and its document, to claim with."""


def register(group: RecordGroup) -> None:
    """Add these commands to the group of titles."""
    group.app.command(
        "from-paper",
        epilog=example(
            "tidan title from-paper bill-of-lading.json --record withdrawal.pdf"
            " --titleholder LEI:5299…"
        ),
    )(from_paper)
    group.app.command("to-paper", epilog=example("tidan title to-paper 3f2a91c0"))(to_paper)
    add_plain_act(group, "end-as-paper", "paper/without-carrier", "ended as paper:", END)


def from_paper(
    document: Annotated[
        Path, typer.Argument(metavar="DOCUMENT", help="A DCSA transport document (JSON).")
    ],
    *,
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Your record that the paper was withdrawn: its SHA-256 stands on the chain.",
        ),
    ] = None,
    withdrawal: Annotated[
        str | None,
        typer.Option(metavar="HEX", help="Or the hash of that record: 0x and 32 bytes of hex."),
    ] = None,
    possessor: IssuePossessor = None,
    titleholder: IssueTitleholder = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Issue a title in place of a paper bill that you have withdrawn, as its carrier.

    A title that ended as paper comes back so under another sub-reference of its number. Keep the
    record: the chain has nothing but its hash."""
    if (record is None) == (withdrawal is None):
        raise UsageProblem("give one of --record and --withdrawal", field="--record")
    if record is not None:
        said = "0x" + hashlib.sha256(file_bytes(record)).hexdigest()
    else:
        said = word(withdrawal or "", "--withdrawal")
    others = {"possessor": possessor, "titleholder": titleholder, "withdrawal": said}
    body = json_text(document).as_member("document", others)

    def ask(client: NodeClient, key: str | None) -> Asked:
        accepted = client.post_raw("/v1/titles", body, idempotency_key=key)
        sequel = after_issue(accepted["title"], sent=possessor is not None)
        return Asked(accepted, f"issued title {accepted['title']} in place of paper", sequel)

    with teaching("title", str(document)):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def to_paper(
    title: TitleArgument,
    *,
    reason: Why = AmendmentReason.TO_PAPER,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """End a title that was surrendered for it as paper, as its carrier: you hand the paper out.

    No act follows on the record; the paper says that it takes its place."""
    body = {"reason": reason.value, "expectedSeq": expected_seq}
    with teaching("title", title):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on("title", title, "paper", body, lambda id_: f"switched {short(id_)} to paper")
        )


def word(text: str, option: str) -> str:
    """32 bytes in hex, as the API takes them."""
    lower = text.strip().lower()
    if not _WORD.fullmatch(lower):
        raise UsageProblem(f"{text!r} is not 0x and 32 bytes of hex", field=option)
    return lower
