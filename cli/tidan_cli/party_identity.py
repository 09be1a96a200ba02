"""`tidan party verify|certify`: whether a party is who it says, and who vouches for one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.documents import file_bytes
from tidan_cli.failures import UsageProblem
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
from tidan_cli.output import Terminal, printable
from tidan_cli.verdicts import require_verified, tell_checks

_CERTIFIED = "your party's profile has the certificates"


def register(app: typer.Typer) -> None:
    """Add the commands to the group of parties."""
    app.command("verify", epilog=example("tidan party verify LEI:5299…"))(verify)
    app.command(
        "certify",
        epilog=example("tidan party certify chain.pem --key key.pem --home carrier"),
    )(certify)


def verify(
    party: Annotated[
        str,
        typer.Argument(metavar="PARTY", help="Its number, an identifier, a code or its name."),
    ],
    *,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check whether a party is who it says.

    Its identifiers by the rules of their lists, the DID document and keys at its node against those
    of the chain, and its certificates against the authorities in the folder `trust-anchors` of your
    node's home."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client, terminal.waiting("asking the party's node"):
        answer = client.ask(f"/v1/parties/{quote(party, safe='')}/verification", {})
    terminal.answer(answer, lambda console: _verified(console, answer))
    require_verified(answer)


def certify(
    chain: Annotated[
        Path,
        typer.Argument(metavar="CHAIN", help="The certificates in PEM, your party's own first."),
    ],
    *,
    key: Annotated[
        Path,
        typer.Option(metavar="FILE", help="The private key of the first one, in PEM: it stays."),
    ],
    password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The password of the key, if it has one.")
    ] = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write into your party's profile the certificates by which an authority vouches for it.

    With their key it signs, once and here, which party of which chain is yours, and its signing
    key: a copy of your profile proves nothing to anybody."""
    from tidan_cli.certificate_files import certificates_of, private_key_of  # noqa: PLC0415  heavy
    from tidan_node.domain.certificates.proof import prove_ownership  # noqa: PLC0415  heavy
    from tidan_node.domain.identifiers import party_on_chain  # noqa: PLC0415  as above
    from tidan_node.domain.tls_certificates import certificate_texts  # noqa: PLC0415  heavy

    certificates = certificates_of(chain)
    password = None if password_file is None else file_bytes(password_file).rstrip(b"\r\n")
    own = private_key_of(key, password)

    def ask(client: NodeClient, request: str) -> Asked:
        me = client.get("/v1/me")
        party = me["party"]
        if party is None or party["signingKey"] is None:
            raise UsageProblem("the node's party has no signing key on the chain", field="--home")
        named = party_on_chain(me["chain"]["chainId"], party["index"])
        body = {
            "certificates": certificate_texts(certificates),
            "certificateProof": prove_ownership(own, party["signingKey"], named),
        }
        return Asked(client.post("/v1/profile", body, idempotency_key=request), _CERTIFIED)

    Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)


def _verified(console: Console, answer: Document) -> None:
    party = answer["party"]
    told = f"{party['name']} ({party['index']}): {answer['outcome']}"
    console.print(Text(printable(told), style="bold"))
    tell_checks(console, answer["checks"])
