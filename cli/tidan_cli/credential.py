"""`tidan credential issue|list|revoke|verify|present`: who vouches for whom, and what it proves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, connected
from tidan_cli.documents import text_file
from tidan_cli.failures import AwaitsApproval, FileUnusable, ShownBefore
from tidan_cli.options import (
    PAGE,
    AsJson,
    Home,
    IdempotencyKey,
    Limit,
    Node,
    example,
)
from tidan_cli.output import Terminal, facts, printable, table
from tidan_cli.private_files import write_private
from tidan_cli.spans import seconds_in
from tidan_cli.verdicts import require_verified, tell_checks

app = typer.Typer(
    no_args_is_help=True, help="Credentials: what one party vouches for of another (W3C VC 2.0)."
)


class Form(StrEnum):
    """How a credential is secured."""

    JWT = "jwt"
    SD_JWT = "sd-jwt"


CredentialFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file with the credential.")
]


@app.command(
    "issue",
    epilog=example("tidan credential issue LEI:5299… --role CARRIER -o carrier.sd-jwt"),
)
def issue(
    party: Annotated[
        str,
        typer.Argument(metavar="PARTY", help="Its number, an identifier, a code or its name."),
    ],
    *,
    role: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE", help="For what; more than once for several. Else for all."),
    ] = None,
    form: Annotated[
        Form, typer.Option(help="sd-jwt lets its subject choose what to show of it.")
    ] = Form.SD_JWT,
    valid: Annotated[
        str | None,
        typer.Option(metavar="SPAN", help="For how long, as 90d or 12h; a year when left out."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the credential here."),
    ] = None,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Accredit a party in the name of yours. The credential is printed this once: it goes to the
    party, and others check it with your party's key on the chain and the status list at its node.
    """
    _require_free(output)
    until = None
    if valid is not None:
        life = timedelta(seconds=seconds_in(valid, "--valid"))
        until = (datetime.now(UTC) + life).isoformat()
    body = {"subject": party, "roles": role or None, "form": form.value, "validUntil": until}
    wanted = {name: value for name, value in body.items() if value is not None}
    with connected(node, home) as client:
        try:
            answer = client.post("/v1/credentials", wanted, idempotency_key=idempotency_key)
        except AwaitsApproval as waits:
            waits.next_step = f"{waits.next_step}, and is shown the credential with the last yes"
            raise
    if answer["credential"] is None:
        raise ShownBefore(
            f"{answer['id']} was issued by this request before; where its text is lost, revoke it"
            " (`tidan credential revoke`) and issue another",
            credential=answer["id"],
        )
    _write(output, answer["credential"])
    Terminal(as_json=as_json).answer(answer, lambda console: _issued(console, answer, output))


@app.command("list", epilog=example("tidan credential list"))
def list_credentials(
    *, limit: Limit = PAGE, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """List the credentials that your party has issued, the newest first."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/credentials", limit=limit)
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


@app.command(
    "revoke", epilog=example("tidan credential revoke urn:uuid:5b0c… --reason 'licence ended'")
)
def revoke(
    credential: Annotated[
        str, typer.Argument(metavar="CREDENTIAL", help="Its id, as `tidan credential list` has it.")
    ],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why. It stays at your node.")],
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a credential: its bit in your node's status list is set from now on."""
    path = f"/v1/credentials/{quote(credential, safe='')}/revocation"
    with connected(node, home) as client:
        answer = client.post(path, {"reason": reason}, idempotency_key=idempotency_key)
    Terminal(as_json=as_json).answer(
        answer,
        lambda console: console.print(Text("✓ ", style="green") + Text(f"revoked {answer['id']}")),
    )


@app.command(
    "verify",
    epilog=example(
        "tidan credential verify carrier.jwt",
        "tidan credential verify shown.sd-jwt --audience bank --nonce 7f3c9a52d1",
    ),
)
def verify(
    file: CredentialFile,
    *,
    audience: Annotated[
        str | None, typer.Option(metavar="NAME", help="For whom it was to be shown.")
    ] = None,
    nonce: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What you asked to be signed with it.")
    ] = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check a credential: its issuer's key, its time, the issuer's status list, whom it is about.

    With the audience and the nonce that you asked with, its holder is checked, too."""
    asked = {"credential": _text(file), "audience": audience, "nonce": nonce}
    wanted = {name: value for name, value in asked.items() if value is not None}
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client, terminal.waiting("asking the issuer's node"):
        answer = client.ask("/v1/credentials/verification", wanted)
    terminal.answer(answer, lambda console: _verified(console, answer))
    require_verified(answer)


@app.command(
    "present",
    epilog=example(
        "tidan credential present carrier.sd-jwt --disclose roles --audience bank"
        " --nonce 7f3c9a52d1 -o shown.sd-jwt"
    ),
)
def present(
    file: CredentialFile,
    *,
    audience: Annotated[str, typer.Option(metavar="NAME", help="For whom: as the verifier says.")],
    nonce: Annotated[
        str, typer.Option(metavar="TEXT", help="What the verifier wants to be signed with it.")
    ],
    disclose: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="name, identifiers or roles; all else stays concealed."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the presentation here."),
    ] = None,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show a credential about your party to somebody: only what you name of it, signed by your
    node for that audience. It is believed for five minutes."""
    _require_free(output)
    body = {
        "credential": _text(file),
        "disclose": disclose or [],
        "audience": audience,
        "nonce": nonce,
    }
    with connected(node, home) as client:
        answer = client.post("/v1/credentials/presentations", body, idempotency_key=idempotency_key)
    if answer["presentation"] is None:
        raise ShownBefore("present it again, without --idempotency-key or with another")
    _write(output, answer["presentation"])
    Terminal(as_json=as_json).answer(answer, lambda console: _presented(console, answer, output))


def _text(file: Path) -> str:
    return text_file(file).strip()


def _require_free(file: Path | None) -> None:
    """Before anything is asked for that is shown only once."""
    if file is None:
        return
    if file.exists() or not file.absolute().parent.is_dir():
        raise FileUnusable(f"{file} is there already, or its folder is not", field="--output")


def _write(file: Path | None, text: str) -> None:
    if file is None:
        return
    try:
        write_private(file, text.encode() + b"\n", replace=False)
    except OSError as error:
        raise FileUnusable(f"{file}: {error.strerror}", field="--output") from error


def _issued(console: Console, answer: Document, out: Path | None) -> None:
    console.print(
        facts(
            (
                ("credential", answer["id"]),
                ("about", f"{answer['subject']['name']} ({answer['subject']['index']})"),
                ("roles", ", ".join(answer["roles"])),
                ("until", answer["validUntil"]),
                ("written to", out),
            )
        )
    )
    if out is None:
        console.print(Text(answer["credential"]), soft_wrap=True)
        console.print(Text("  it is not shown again", style="yellow"))


def _list(console: Console, credentials: list[Document]) -> None:
    rows = (
        (
            each["id"],
            each["subject"]["name"],
            ", ".join(each["roles"]),
            each["form"],
            each["validUntil"],
            "" if each["revokedAt"] is None else f"{each['revokedAt']}: {each['revocationReason']}",
        )
        for each in credentials
    )
    console.print(table(("credential", "about", "roles", "form", "until", "revoked"), rows))


def _verified(console: Console, answer: Document) -> None:
    console.print(Text(f"the credential: {answer['outcome']}", style="bold"))
    tell_checks(console, answer["checks"])
    says = json.dumps(answer["says"].get("credentialSubject"), ensure_ascii=False)
    console.print(facts((("says", printable(says)), ("shown by its subject", _shown_by(answer)))))


def _shown_by(answer: Document) -> str:
    if answer["holderProven"]:
        return "yes"
    return "not proven: it may be a copy; --audience and --nonce check who shows it"


def _presented(console: Console, answer: Document, out: Path | None) -> None:
    if out is None:
        console.print(Text(answer["presentation"]), soft_wrap=True)
    else:
        console.print(Text("✓ ", style="green") + Text(f"written to {out}"))
