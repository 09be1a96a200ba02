"""`tidan title pledge|accept-pledge|decline-pledge|consent|release-pledge|enforce-pledge`: a title
as security."""

from __future__ import annotations

from typing import Annotated

import typer

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
from tidan_cli.title_sequels import after_offer, after_proposal

ACCEPT = """Take a title as security, as the bank that it is proposed to.

From then on it goes nowhere without you: its possessor can offer it, and nobody accepts before
you have consented. It stays with its possessor; to hold it yourself, have it offered to you.
The node refuses without the package of the title, which the proposal has sent."""
DECLINE = "Refuse a pledge that is proposed to you; the title is free again."
CONSENT = """Agree, as the pledgee, to the offer that is open, and to no other.

The pledge stays on the title: whoever accepts has it pledged. `tidan title release-pledge` lets it
go."""
RELEASE = "Let a pledged title go, as its pledgee: the pledge ends."


def register(group: RecordGroup) -> None:
    """Add these commands to the group of titles."""
    group.app.command(
        "pledge", epilog=example("tidan title pledge 3f2a91c0 --to 'Quay Demo Bank' --until 7d")
    )(pledge)
    add_plain_act(group, "accept-pledge", "pledges/accept", "took the pledge of", ACCEPT)
    add_plain_act(group, "decline-pledge", "pledges/decline", "refused the pledge of", DECLINE)
    add_plain_act(group, "consent", "pledges/consent", "consented to the offer of", CONSENT)
    add_plain_act(group, "release-pledge", "pledges/release", "released", RELEASE)
    group.app.command(
        "enforce-pledge", epilog=example("tidan title enforce-pledge 3f2a91c0 --to LEI:5299…")
    )(enforce_pledge)


def pledge(
    title: TitleArgument,
    *,
    to: Annotated[str, typer.Option("--to", metavar="PARTY", help="The bank that is to have it.")],
    until: Until = None,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose a title to a bank as security; it is bound once the bank accepts.

    You hold the title and it is made out to you, or it is in blank. Its package goes to the bank's
    node by itself. `tidan title withdraw` takes the proposal back."""
    body = {"pledgee": to, "expectedSeq": expected_seq}
    with teaching("title", title):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on(
                *("title", title, "pledges", body),
                lambda id_: f"proposed {short(id_)} to {to} as security",
                until=until,
                sequel=after_proposal,
            )
        )


def enforce_pledge(
    title: TitleArgument,
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="PARTY", help="Who is to have it; also yourself.")
    ],
    until: Until = None,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Offer a pledged title in its possessor's place, as its pledgee.

    It takes the place of any offer that is open. Once it is accepted, possession and title are the
    recipient's and the pledge ends; until then the possessor stays who it is. To enforce again
    names another recipient, to release the pledge ends this offer too."""
    body = {"recipient": to, "expectedSeq": expected_seq}
    with teaching("title", title):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on(
                *("title", title, "pledges/enforce", body),
                lambda id_: f"enforced the pledge: offered {short(id_)} to {to}",
                until=until,
                sequel=after_offer,
            )
        )
