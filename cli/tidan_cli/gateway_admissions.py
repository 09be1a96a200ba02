"""`tidan council admit-gateway|withdraw-admission`: whom a carrier lets use its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import typer

from tidan_cli.client import NodeClient
from tidan_cli.failures import typed_at
from tidan_cli.following import Asked, Errand
from tidan_cli.gateway_proposals import Gateway
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
from tidan_cli.proposals import teaching

_SAMPLE: Final = "0x" + "5a" * 20
_WHICH: Final = "`tidan council gateways` lists them, and which carriers admit each"
_NEXT: Final = {
    "gateway-unknown": f"{_WHICH}; the Council recognises one first"
    " (`tidan council propose recognise-gateway`)",
    "gateway-already-admitted": _WHICH,
    "gateway-not-admitted": _WHICH,
    "role-missing": "a gateway is admitted by the carrier whose titles it is to bring in",
}


def register(council: typer.Typer) -> None:
    """Add the commands to `tidan council`."""
    council.command("admit-gateway", epilog=example(f"tidan council admit-gateway {_SAMPLE}"))(
        admit_gateway
    )
    council.command(
        "withdraw-admission", epilog=example(f"tidan council withdraw-admission {_SAMPLE}")
    )(withdraw_admission)


def admit_gateway(
    gateway: Gateway,
    *,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Let a gateway bring in titles of yours that were never here, as their carrier.

    Each uses up one of your numbers: admit whom you issue with elsewhere. It takes no decision of
    the Council, which has recognised the gateway. What has left from here comes back without it."""
    with teaching(steps=_NEXT):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            _saying(gateway, "admission", "admitted the gateway")
        )


def withdraw_admission(
    gateway: Gateway,
    *,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Let a gateway bring in titles of yours no more, also one that was dismissed.

    What it has brought in so far stays."""
    with teaching(steps=_NEXT):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            _saying(gateway, "admission/withdrawal", "admits no more the gateway")
        )


def _saying(gateway: str, word: str, done: str) -> Callable[[NodeClient, str | None], Asked]:
    from tidan_node.domain.identifiers import address  # noqa: PLC0415  heavy

    with typed_at("ADDRESS"):
        account = address(gateway, "ADDRESS")

    def ask(client: NodeClient, key: str | None) -> Asked:
        accepted = client.post(f"/v1/gateways/{account}/{word}", {}, idempotency_key=key)
        return Asked(accepted, f"{done} {account}")

    return ask
