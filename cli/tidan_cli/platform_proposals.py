"""`tidan council propose recognise|withdraw`, which `tidan platform` has too."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from tidan_cli.client import NodeClient
from tidan_cli.deadlines import chain_deadline
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
from tidan_cli.output import Terminal
from tidan_cli.proposals import proposing, teaching
from tidan_cli.propose import Reason, RoleNames

_WHOLE_ANCHOR: Final = 66
_FEWEST_DIGITS: Final = 10


def register(app: typer.Typer) -> None:
    """Add the commands to `tidan council propose`."""
    app.command(
        "recognise",
        epilog=example(
            "tidan council propose recognise DEMO-PORT --certificate ca.pem --role TRADER"
            " --act titles:act --act records:read --act operations:read --expires 52w"
            " --reason 'mutual recognition agreed'"
        ),
    )(recognise)
    app.command(
        "withdraw",
        epilog=example("tidan council propose withdraw 0x3f2a… --reason 'its key is compromised'"),
    )(withdraw)


def recognise(
    platform: Annotated[str, typer.Argument(metavar="CODE", help="The platform's code.")],
    *,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Its CA certificate (PEM or DER)."),
    ] = None,
    did: Annotated[str | None, typer.Option(metavar="DID", help="Or its issuer's DID.")] = None,
    role: RoleNames,
    act: Annotated[
        list[str],
        typer.Option(
            "--act",
            metavar="SCOPE",
            help="What its users may do; repeat for more. No scope includes another: beside an act"
            " they need operations:read to see how it ends, and records:read to find what to act"
            " on. Nothing by which they could hand on more is recognised: not admin, keys:manage,"
            " webhooks:manage, accounts:act or council:act.",
        ),
    ],
    expires: Annotated[
        str,
        typer.Option(metavar="TIME", help="When it ends: 2027-05-31T12:00:00Z, or 52w from now."),
    ],
    reason: Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose to recognise a foreign platform, by its CA certificate or its issuer's DID.

    Its users may then act for parties of these roles, within these scopes, until it ends; each
    party's node still decides which of them it lets in."""
    if (certificate is None) == (did is None):
        raise UsageProblem("give one of --certificate and --did", field="--certificate")
    body: dict[str, object] = {
        "kind": "recognise",
        "platform": platform,
        "certificate": None if certificate is None else _certificate(certificate),
        "did": did,
        "roles": [each.upper() for each in role],
        "acts": act,
        "reason": reason,
    }

    def ask(client: NodeClient, key: str | None) -> Asked:
        ends = chain_deadline(client, expires, option="--expires")
        return proposing(body | {"expiresAt": ends}, f"recognise {platform}")(client, key)

    if lacking := _lacking(act):
        Terminal(as_json=as_json).note(lacking)
    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def withdraw(
    anchor: Annotated[
        str, typer.Argument(metavar="ANCHOR", help="The anchor; `tidan platform list` shows it.")
    ],
    *,
    reason: Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose to end a recognition; its users are then out at once."""

    def ask(client: NodeClient, key: str | None) -> Asked:
        body = {"kind": "withdraw", "anchor": _whole_anchor(client, anchor), "reason": reason}
        return proposing(body, f"withdraw the recognition {anchor}")(client, key)

    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def _lacking(acts: Sequence[str]) -> str:
    """What its users could not do beside the acts, though they will want to."""
    wanted = {"operations:read": "see how an act ends", "records:read": "list or show a record"}
    lacking = [
        f"without --act {scope} its users cannot {use}"
        for scope, use in wanted.items()
        if scope not in acts
    ]
    return "; ".join(lacking) if any(each.endswith(":act") for each in acts) else ""


def _whole_anchor(client: NodeClient, typed: str) -> str:
    """The anchor that begins so, as `tidan platform list` shows it."""
    begins = typed.strip().rstrip("…").lower()
    if len(begins) == _WHOLE_ANCHOR:
        return begins
    known: set[str] = {each["anchor"] for each in client.listed("/v1/platforms")["items"]}
    found = sorted(each for each in known if each.startswith(begins))
    if len(begins) < _FEWEST_DIGITS or len(found) != 1:
        raise UsageProblem(
            f"{len(found)} anchors begin so; `tidan platform list` shows them", field="ANCHOR"
        )
    return found[0]


def _certificate(file: Path) -> str:
    """The authority's certificate in base64, as the chain will have it."""
    from tidan_cli.certificate_files import certificates_of  # noqa: PLC0415  heavy: only here
    from tidan_node.domain.certificates.reading import is_usable_anchor  # noqa: PLC0415  as above

    found = certificates_of(file, "--certificate")
    if len(found) != 1:
        raise FileUnusable(
            f"{file} holds {len(found)} certificates: name the one that is recognised",
            field="--certificate",
        )
    if not is_usable_anchor(found[0]):
        raise FileUnusable(f"{file} is no authority's certificate", field="--certificate")
    return base64.b64encode(found[0]).decode()
