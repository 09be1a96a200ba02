"""`tidan platform sign-in|subject`: act for one's party with a credential of another platform."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import Answered, UsageProblem
from tidan_cli.kept_sessions import keep_session
from tidan_cli.node_choice import NodeAccess, chosen_node
from tidan_cli.options import AsJson, Home, Node, example
from tidan_cli.output import Terminal, facts
from tidan_cli.platform_refusals import SIGNED_HERE, at_option

_PLATFORM: Final = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
_NUMBERS: Final = re.compile(r"[0-9]+:[0-9]+")

PlatformOption = Annotated[
    str,
    typer.Option(
        "--platform",
        metavar="CODE",
        help="The platform, as the consortium recognises it; `tidan platform list` shows them.",
    ),
]
_CERTIFICATE: Final = typer.Option(
    "--certificate",
    metavar="FILE",
    help="Your certificate, and after it those of its issuers save the recognised one (PEM).",
)


def register(app: typer.Typer) -> None:
    """Add the commands to `tidan platform`."""
    app.command(
        "sign-in",
        epilog=example(
            "tidan platform sign-in --platform DEMO-PORT --party tidan:1337:2"
            " --certificate me.pem --key me.key --crl issuing.crl --node http://127.0.0.1:8750"
        ),
    )(sign_in)
    app.command("subject", epilog=example("tidan platform subject --certificate me.pem"))(subject)


def sign_in(
    *,
    platform: PlatformOption,
    party: Annotated[
        str | None,
        typer.Option(
            "--party",
            metavar="tidan:CHAIN:PARTY",
            help="In whose name: the chain's id and the party's number, by your own knowledge. The"
            " token is good for this party's node alone.",
        ),
    ] = None,
    certificate: Annotated[Path | None, _CERTIFICATE] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="The certificate's private key; its password comes from TIDAN_KEY_PASSWORD.",
        ),
    ] = None,
    token: Annotated[
        Path | None,
        typer.Option(
            "--token",
            metavar="FILE",
            help="Instead of those three, a token that was made where your key is: an SD-JWT"
            " credential with its key binding, or a JWT by a key of SM2.",
        ),
    ] = None,
    crls: Annotated[
        list[Path] | None,
        typer.Option(
            "--crl",
            metavar="FILE",
            help="The newest revocation list of an issuer of the chain; once for each issuer.",
        ),
    ] = None,
    print_token: Annotated[
        bool,
        typer.Option("--print-token", help="Print the session's token, and keep it nowhere."),
    ] = False,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Sign in to a party's node as a user of another platform, for an hour at most. The session is
    kept on this machine for you alone: commands with --node and without TIDAN_API_KEY use it from
    then on."""
    from tidan_cli.platform_token import read_lists  # noqa: PLC0415  heavy: only here

    body = {
        "platform": _code(platform),
        "token": _token(platform, token, party, certificate, key),
        "crls": read_lists(crls or []),
    }
    url = chosen_node(node, home).url
    client = NodeClient(NodeAccess(url, None))
    try:
        session = client.ask("/v1/platform-sessions", body)
    except Answered as refusal:
        raise at_option(refusal, made_here=token is None) from refusal
    finally:
        client.close()
    answer = session | {"node": url}
    if not print_token:
        del answer["token"]
        answer["keptIn"] = str(keep_session(url, session))
    Terminal(as_json=as_json).answer(answer, lambda console: _signed_in(console, answer))


def subject(*, certificate: Annotated[Path, _CERTIFICATE], as_json: AsJson = False) -> None:
    """How a certificate names its holder: what `tidan user add --subject` wants to know."""
    from cryptography import x509  # noqa: PLC0415  heavy: only where it is needed

    from tidan_cli.platform_token import read_chain  # noqa: PLC0415  heavy: only here
    from tidan_node.domain.certificates.subject import subject_of  # noqa: PLC0415  as above

    named = subject_of(x509.load_der_x509_certificate(read_chain(certificate)[0]))
    organisation = None if named.organisation is None else str(named.organisation)
    answer = {"subject": named.name, "organisation": organisation}
    Terminal(as_json=as_json).answer(
        answer, lambda console: console.print(facts(tuple(answer.items())))
    )


def _token(
    platform: str, made: Path | None, party: str | None, certificate: Path | None, key: Path | None
) -> str:
    """One that was made elsewhere, or one that is signed here."""
    from tidan_cli.platform_token import Credential, read_token  # noqa: PLC0415  heavy: only here

    given = dict(zip(SIGNED_HERE, (party, certificate, key), strict=True))
    if made is not None:
        if too_many := [name for name, value in given.items() if value is not None]:
            raise UsageProblem("the token says it already", field=too_many[0])
        return read_token(made)
    if party is None or certificate is None or key is None:
        lacking = next(name for name, value in given.items() if value is None)
        raise UsageProblem("give --party, --certificate and --key, or --token", field=lacking)
    audience = _audience(party)
    return Credential.read(certificate, key).token(platform, audience)


def _code(platform: str) -> str:
    if not _PLATFORM.fullmatch(platform):
        raise UsageProblem("2 to 20 capital letters, digits and hyphens", field="--platform")
    return platform


def _audience(party: str) -> str:
    scheme, _, rest = party.partition(":")
    chain, _, index = rest.partition(":")
    if scheme != "tidan" or not _NUMBERS.fullmatch(f"{chain}:{index}"):
        raise UsageProblem("is tidan:CHAIN:PARTY, as tidan:1337:2", field="--party")
    return party


def _signed_in(console: Console, session: Document) -> None:
    rows = [
        ("signed in as", session["user"]["name"]),
        ("by", session["via"]),
        ("may", ", ".join(session["scopes"])),
        ("until", session["expiresAt"]),
    ]
    if "token" in session:
        rows.append(("token", session["token"]))
    console.print(facts(rows))
    console.print(
        Text(f"  next: tidan {_first(session['scopes'])} --node {session['node']}", style="dim")
    )


def _first(scopes: list[str]) -> str:
    """A command that this session may ask."""
    if "records:read" in scopes:
        return "title list"
    return "operation list" if "operations:read" in scopes else "user show"
