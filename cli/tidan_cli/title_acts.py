"""`tidan title offer|withdraw|accept|decline|endorse|surrender|cancel-surrender|answer`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tidan_cli.failures import UsageProblem
from tidan_cli.following import Errand
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    ExpectedSeq,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    TitleArgument,
    Until,
    Wait,
    example,
)
from tidan_cli.output import short
from tidan_cli.record_acts import act_on, add_plain_act
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching
from tidan_cli.title_replacements import AmendmentReason
from tidan_cli.title_sequels import after_offer


class Reason(StrEnum):
    """Why a carrier refuses a surrender."""

    FREIGHT_UNPAID = "FREIGHT_UNPAID"
    WRONG_PARTY = "WRONG_PARTY"
    CARGO_NOT_ARRIVED = "CARGO_NOT_ARRIVED"
    LEGAL_HOLD = "LEGAL_HOLD"
    OTHER = "OTHER"


class EndorsedKind(StrEnum):
    """What a title is endorsed to."""

    ORDER = "ORDER"
    ORDER_FINAL = "ORDER_FINAL"
    BLANK = "BLANK"


def register(group: RecordGroup) -> None:
    """Add these commands to the group of titles."""
    group.app.command(
        "offer", epilog=example("tidan title offer 3f2a91c0 --to LEI:5299… --until 7d")
    )(offer)
    add_plain_act(
        group, "withdraw", "offers/withdraw", "took back the offer or proposal of", WITHDRAW
    )
    add_plain_act(group, "accept", "offers/accept", "accepted", ACCEPT)
    add_plain_act(group, "decline", "offers/decline", "declined", DECLINE)
    group.app.command("endorse", epilog=example("tidan title endorse 3f2a91c0 --kind BLANK"))(
        endorse
    )
    group.app.command(
        "surrender",
        epilog=example(
            "tidan title surrender 3f2a91c0",
            "tidan title surrender 3f2a91c0 --for-amendment --reason SPLIT",
        ),
    )(surrender)
    add_plain_act(
        group, "cancel-surrender", "surrenders/cancel", "took back the surrender of", CANCEL
    )
    group.app.command(
        "answer", epilog=example("tidan title answer 3f2a91c0 --reject --reason FREIGHT_UNPAID")
    )(answer)


WITHDRAW = "Take an offer, or the proposal of a pledge, back before it is accepted."
ACCEPT = """Accept a title that is offered to you: what is offered is yours from now on.

The node refuses without the package of the title: `tidan parcel list` shows what has come,
`tidan title receive FILE` takes in a file."""
DECLINE = "Decline a title that is offered to you; nothing moves."
CANCEL = "Take a surrender back before its carrier has answered; the title is live again."


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
    final: Annotated[
        bool,
        typer.Option("--final", help="Whoever accepts is the last titleholder, for good."),
    ] = False,
    until: Until = None,
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
    if possession_only and final:
        raise UsageProblem("--final is about the title itself", field="--final")
    what = ["possession"] if possession_only else ["title"] if title_only else None
    if final:
        what = [*(what or ["possession", "title"]), "final"]
    body = {"recipient": to, "what": what, "expectedSeq": expected_seq}
    with teaching("title", title, act="offer"):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on(
                *("title", title, "offers", body),
                lambda id_: f"offered {short(id_)} to {to}",
                until=until,
                sequel=after_offer,
            )
        )


def endorse(
    title: TitleArgument,
    *,
    kind: Annotated[
        EndorsedKind,
        typer.Option(
            case_sensitive=False,
            help="BLANK: to nobody by name. ORDER: to your order. ORDER_FINAL: to you alone, for"
            " good.",
        ),
    ],
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Endorse a title that you hold and that is made out to you, or in blank: at once.

    To endorse it to somebody else is an offer: `tidan title offer`."""
    body = {"kind": kind.value, "expectedSeq": expected_seq}
    with teaching("title", title):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on(
                *("title", title, "endorsements", body),
                lambda id_: f"endorsed {short(id_)}, now {kind.value}",
            )
        )


def surrender(
    title: TitleArgument,
    *,
    for_amendment: Annotated[
        bool,
        typer.Option(
            "--for-amendment",
            help="To have it amended, split, combined, switched, or made paper; not for delivery.",
        ),
    ] = False,
    reason: Annotated[
        AmendmentReason | None,
        typer.Option(case_sensitive=False, help="What it is to be amended for."),
    ] = None,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Surrender a title to its carrier: for delivery of the cargo, or for amendment.

    Until the carrier answers, `tidan title cancel-surrender` takes it back."""
    if for_amendment and reason is None:
        why = f"--for-amendment needs a --reason: {', '.join(AmendmentReason)}"
        raise UsageProblem(why, field="--reason")
    if reason is not None and not for_amendment:
        raise UsageProblem("a --reason goes with --for-amendment", field="--reason")
    body: dict[str, object] = {"expectedSeq": expected_seq}
    path, what = "surrenders", "surrendered"
    if reason is not None:
        body["reason"] = reason.value
        path, what = "surrenders/amendment", "surrendered for amendment:"
    with teaching("title", title):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on("title", title, path, body, lambda id_: f"{what} {short(id_)}")
        )


def answer(
    title: TitleArgument,
    *,
    take_in: Annotated[
        bool, typer.Option("--accept", help="Of one for delivery: take the title in, which ends.")
    ] = False,
    reject: Annotated[
        bool, typer.Option("--reject", help="Refuse; the title is as it was before.")
    ] = False,
    reason: Annotated[
        Reason | None, typer.Option(case_sensitive=False, help="Why you refuse.")
    ] = None,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Answer a surrender, as the carrier that issued the title, or as its successor.

    One for amendment is only rejected here: `tidan title amend`, `split`, `combine`, `switch` or
    `to-paper` does what it asks for. The successor of a revoked carrier does not amend."""
    if take_in == reject:
        raise UsageProblem("choose one of --accept and --reject", field="--accept")
    if reject and reason is None:
        raise UsageProblem(f"--reject needs a --reason: {', '.join(Reason)}", field="--reason")
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
