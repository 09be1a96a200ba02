"""`tidan title lock`: a title on its way to another chain or platform."""

from __future__ import annotations

from typing import Annotated

import typer

from tidan_cli.failures import typed_at
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
    Wait,
    example,
)
from tidan_cli.output import short
from tidan_cli.record_acts import act_on
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching
from tidan_cli.title_paper import word

_SAMPLE = f"--gateway 0x{'5a' * 20} --transfer 0x{'c4' * 32}"


def register(group: RecordGroup) -> None:
    """Add the command to the group of titles."""
    group.app.command("lock", epilog=example(f"tidan title lock 3f2a91c0 {_SAMPLE}"))(lock)


def lock(
    title: TitleArgument,
    *,
    gateway: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="The gateway's account: one of those that `tidan council gateways` lists.",
        ),
    ],
    transfer: Annotated[
        str,
        typer.Option(
            metavar="HEX", help="What the gateway knows this crossing by: 0x, 32 bytes of hex."
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
    """Hand a title that you hold to a gateway, which sends it out or gives it back.

    Nobody acts on it here meanwhile, you neither: the gateway alone ends that. It never gains
    control of the title."""
    from tidan_node.domain.identifiers import address  # noqa: PLC0415  heavy

    with typed_at("--gateway"):
        account = address(gateway, "--gateway")
    body = {
        "gateway": account,
        "transfer": word(transfer, "--transfer"),
        "expectedSeq": expected_seq,
    }
    with teaching("title", title):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            act_on("title", title, "locks", body, lambda id_: f"locked {short(id_)} for {gateway}")
        )
