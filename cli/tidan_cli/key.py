"""`tidan key create|list|revoke|reissue`: API keys of services, of people and of their agents."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.deadlines import deadline
from tidan_cli.failures import IdentifierAmbiguous, UsageProblem
from tidan_cli.node_choice import chosen_home
from tidan_cli.options import PAGE, AsJson, Home, IdempotencyKey, Limit, Node, example
from tidan_cli.output import Terminal, facts, printable, table
from tidan_cli.people import key_owner

app = typer.Typer(
    no_args_is_help=True, help="API keys: for services, for oneself, for agents in one's place."
)


@app.command(
    "create",
    epilog=example(
        "tidan key create erp --scope records:read --scope titles:act",
        "tidan key create erp --agent --scope records:read --expires 30d",
    ),
)
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the key.")],
    *,
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="What it covers, as records:read or titles:act; more than once for several.",
        ),
    ],
    agent: Annotated[
        bool, typer.Option("--agent", help="For somebody who acts in your place; it needs an end.")
    ] = False,
    user: Annotated[
        str | None,
        typer.Option(
            metavar="USER",
            help="Whose key it is: me, a user's id or exact name; without, a service's.",
        ),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="2026-05-31T12:00:00Z, or 30d from now; 90d at most for people and agents.",
        ),
    ] = None,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make a key, and print it: it is shown this once. A person's key and an agent's cover at each
    moment no more than the person's roles, and stop at once when the person is disabled."""
    body: dict[str, object] = {"name": name, "scopes": scope, "agent": agent, "user": None}
    if expires is not None:
        body["expiresAt"] = deadline(expires, now=datetime.now(UTC), option="--expires")
    with connected(node, home) as client:
        if user is not None:
            body["user"] = key_owner(client, user)
        answer = client.post("/v1/keys", body, idempotency_key=idempotency_key)
    Terminal(as_json=as_json).answer(answer, lambda console: _made(console, answer))


@app.command("list", epilog=example("tidan key list"))
def list_keys(
    *, limit: Limit = PAGE, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """List your keys and your agents'; an administrator's list has all."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/keys", limit=limit)
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


@app.command("revoke", epilog=example("tidan key revoke 5b0c9a52"))
def revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key's id, or how it begins.")],
    *,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a key: it opens nothing from now on."""
    with connected(node, home) as client:
        whole = _whole(client, key)
        client.delete(f"/v1/keys/{quote(whole, safe='')}")
    Terminal(as_json=as_json).answer(
        {"revoked": whole},
        lambda console: console.print(Text("✓ ", style="green") + Text(f"revoked {whole}")),
    )


@app.command("reissue", epilog=example("tidan key reissue --home seller"))
def reissue(
    *,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="DIR", help="The node's home. Also TIDAN_NODE_HOME."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the operator's own key anew, on the node's own machine, while it does not run.

    For a node that nobody administers any more. The key goes into the home for the command line;
    the one before is revoked, and the trail keeps that it was done."""
    from tidan_cli.key_reissue import reissue_key  # noqa: PLC0415  heavy

    answer = reissue_key(chosen_home(home))
    said = f"{answer['keptIn']} has a new key; --home uses it"
    Terminal(as_json=as_json).answer(
        answer, lambda console: console.print(Text("✓ ", style="green") + Text(printable(said)))
    )


def _whole(client: NodeClient, typed: str) -> str:
    """The one key whose id begins so."""
    begins = typed.rstrip("…")
    known = client.listed("/v1/keys")["items"]
    found = [each["id"] for each in known if begins and each["id"].startswith(begins)]
    if len(found) > 1:
        raise IdentifierAmbiguous(f"{len(found)} keys begin so: {', '.join(found[:5])}")
    if not found:
        raise UsageProblem("no key begins so; `tidan key list` shows them", field="KEY")
    return str(found[0])


def _made(console: Console, key: Document) -> None:
    console.print(
        facts(
            (
                ("id", key["id"]),
                ("name", key["name"]),
                ("whose", _whose(key)),
                ("covers", ", ".join(key["scopes"])),
                ("until", key["expiresAt"]),
                ("key", key["key"]),
            )
        )
    )
    told = (
        "the key was made before, and shown then: if it is lost, revoke it and make another"
        if key["key"] is None
        else "the key is not shown again; use it as TIDAN_API_KEY"
    )
    console.print(Text(f"  {told}", style="yellow"))


def _list(console: Console, keys: list[Document]) -> None:
    rows = (
        (each["id"], each["name"], _whose(each), ", ".join(each["scopes"]), _how(each))
        for each in keys
    )
    console.print(table(("key", "name", "whose", "covers", "how it stands"), rows))


def _whose(key: Document) -> str:
    if key["user"] is None:
        return "a service's" + (f", made by {key['madeBy']}" if key["madeBy"] else "")
    return f"an agent's of {key['user']}" if key["agent"] else f"of {key['user']}"


def _how(key: Document) -> str:
    if key["revokedAt"] is not None:
        return f"revoked at {key['revokedAt']}"
    if not key["good"]:
        return f"expired at {key['expiresAt']}"
    return "good" if key["expiresAt"] is None else f"good until {key['expiresAt']}"
