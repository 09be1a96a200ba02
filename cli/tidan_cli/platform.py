"""`tidan platform recognise|revoke|list`: foreign platforms whose users may act here."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from tidan_cli import platform_proposals, platform_sign_in
from tidan_cli.client import Document, connected
from tidan_cli.options import PAGE, AsJson, Home, Limit, Node, example
from tidan_cli.output import Terminal, short, table

app = typer.Typer(
    no_args_is_help=True,
    help="Foreign platforms that the Council recognises, and signing in with their credentials.",
)
app.command(
    "recognise",
    epilog=example(
        "tidan platform recognise DEMO-PORT --certificate ca.pem --role TRADER --act titles:act"
        " --act records:read --act operations:read --expires 52w"
        " --reason 'mutual recognition agreed'"
    ),
)(platform_proposals.recognise)
app.command(
    "revoke", epilog=example("tidan platform revoke 0x3f2a… --reason 'its key is compromised'")
)(platform_proposals.withdraw)
platform_sign_in.register(app)


@app.command("list", epilog=example("tidan platform list"))
def list_platforms(
    *,
    platform: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only this platform's anchors.")
    ] = None,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List recognised anchors, the newest first, and whether each stands."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/platforms", limit=limit, platform=platform)
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


def _list(console: Console, recognitions: list[Document]) -> None:
    rows = (
        (
            each["platform"],
            short(each["anchor"]),
            each["did"] or f"CA certificate, SHA-256 {each['sha256'][:16]}…",
            ", ".join(each["roles"]),
            ", ".join(each["acts"]),
            each["expiresAt"],
            _standing(each),
        )
        for each in recognitions
    )
    columns = ("platform", "anchor", "by", "for parties that are", "may", "until", "stands")
    console.print(table(columns, rows))


def _standing(each: Document) -> str:
    if each["withdrawn"]:
        return "withdrawn"
    return "yes" if each["stands"] else "expired"
