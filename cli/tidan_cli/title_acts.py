"""`tidan title offer|withdraw|accept|decline|surrender|answer`: the acts on a title."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tidan_cli.client import NodeClient
from tidan_cli.deadlines import chain_deadline
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
from tidan_cli.title_sequels import after_offer


class Reason(StrEnum):
    """Why a carrier refuses a surrender."""

    FREIGHT_UNPAID = "FREIGHT_UNPAID"
    WRONG_PARTY = "WRONG_PARTY"
    CARGO_NOT_ARRIVED = "CARGO_NOT_ARRIVED"
    LEGAL_HOLD = "LEGAL_HOLD"
    OTHER = "OTHER"


def register(group: RecordGroup) -> None:
    """Add these commands to the group of titles."""
    group.app.command(
        "offer", epilog=example("tidan title offer 3f2a91c0 --to LEI:5299… --until 7d")
    )(offer)
    add_plain_act(group, "withdraw", "offers/withdraw", "took back the offer of", WITHDRAW)
    add_plain_act(group, "accept", "offers/accept", "accepted", ACCEPT)
    add_plain_act(group, "decline", "offers/decline", "declined", DECLINE)
    add_plain_act(group, "surrender", "surrenders", "surrendered", SURRENDER)
    group.app.command(
        "answer", epilog=example("tidan title answer 3f2a91c0 --reject --reason FREIGHT_UNPAID")
    )(answer)


WITHDRAW = "Take an offer back before it is accepted."
ACCEPT = """Accept a title that is offered to you: control moves to you now.

The node refuses without the package of the title: `tidan parcel list` shows what has come,
`tidan title receive FILE` takes in a file."""
DECLINE = "Decline a title that is offered to you; nothing moves."
SURRENDER = "Surrender a title to its carrier for delivery of the cargo."


def offer(
    title: TitleArgument,
    *,
    to: Annotated[str, typer.Option("--to", metavar="PARTY", help="Who is to have it.")],
    possession_only: Annotated[
        bool, typer.Option("--possession-only", help="The titleholder stays who it is.")
    ] = False,
    title_only: Annotated[
        bool, typer.Option("--title-only", help="Possession stays with you.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="When the offer ends: 2026-05-31T12:00:00Z, or 7d from now (m, h, d, w),"
            " on the chain's clock where that is ahead."
            " 14 days when left out.",
        ),
    ] = None,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Offer a title to another party, who has it only once it accepts.

    Its package goes to that party's node by itself once the chain has the offer."""
    if possession_only and title_only:
        raise UsageProblem("choose one of --possession-only and --title-only", field="--title-only")
    what = ["possession"] if possession_only else ["title"] if title_only else None

    def ask(client: NodeClient, key: str | None) -> Asked:
        ends = None if until is None else chain_deadline(client, until)
        body = {"recipient": to, "what": what, "deadline": ends, "expectedSeq": expected_seq}
        return act_on(
            "title",
            title,
            "offers",
            body,
            lambda id_: f"offered {short(id_)} to {to}",
            sequel=after_offer,
        )(client, key)

    with teaching("title", title):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def answer(
    title: TitleArgument,
    *,
    take_in: Annotated[
        bool, typer.Option("--accept", help="Take the title in: the cargo is delivered.")
    ] = False,
    reject: Annotated[
        bool, typer.Option("--reject", help="Refuse; the title is as it was before.")
    ] = False,
    reason: Annotated[Reason | None, typer.Option(help="Why you refuse.")] = None,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Answer a surrender, as the carrier that issued the title."""
    if take_in == reject:
        raise UsageProblem("choose one of --accept and --reject", field="--accept")
    if reject and reason is None:
        raise UsageProblem("--reject needs a --reason", field="--reason")
    if take_in and reason is not None:
        raise UsageProblem("a --reason goes with --reject", field="--reason")
    body: dict[str, object] = {"expectedSeq": expected_seq}
    if reason is not None:
        body["reason"] = reason.value
    path, done = ("surrenders/accept", "took in") if take_in else ("surrenders/reject", "sent back")
    with teaching("title", title):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on("title", title, path, body, lambda id_: f"{done} {short(id_)}")
        )
