"""`tidan user …`: sign in and out; the people of a party, and what they are to it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console

from tidan_cli import signing_in
from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import UsageProblem
from tidan_cli.node_choice import NodeAccess, chosen_node
from tidan_cli.options import PAGE, AsJson, Home, IdempotencyKey, Limit, Node, example
from tidan_cli.output import Terminal, facts, table
from tidan_cli.people import warn_of_no_approvers, whole_user
from tidan_cli.signing_in import CURRENT

app = typer.Typer(
    no_args_is_help=True, help="People: sign in and out; who may do what for the party."
)

UserArgument = Annotated[
    str, typer.Argument(metavar="USER", help="The user's id, how it begins, or the exact name.")
]
RolesOption = Annotated[
    list[str],
    typer.Option(
        "--role",
        metavar="ROLE",
        help="READER, MAKER, CHECKER or ADMIN; more than once for several.",
    ),
]
signing_in.register(app)


@app.command(
    "add",
    epilog=example("tidan user add 'Ann Other' --subject 248289761001 --role MAKER"),
)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the person here.")],
    *,
    subject: Annotated[
        str, typer.Option(metavar="TEXT", help="By what the person is known where it signs in.")
    ],
    role: RolesOption,
    issuer: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where it signs in; the node's provider without."),
    ] = None,
    platform: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="A recognised platform that the person signs in with."),
    ] = None,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Add a person to the directory; nobody else can sign in."""
    if issuer is not None and platform is not None:
        raise UsageProblem("choose one of --issuer and --platform", field="--platform")
    body = {
        "name": name,
        "subject": subject,
        "roles": role,
        "issuer": f"platform:{platform}" if platform is not None else issuer,
    }
    with connected(node, home) as client:
        answer = client.post("/v1/users", body, idempotency_key=idempotency_key)
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


@app.command("list", epilog=example("tidan user list"))
def list_users(
    *, limit: Limit = PAGE, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """List the people of the party, in the order in which they were added."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/users", limit=limit)
    terminal.answer(answer, lambda console: _list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


@app.command("show", epilog=example("tidan user show", "tidan user show 5b0c9a52"))
def show(
    user: Annotated[
        str | None, typer.Argument(metavar="USER", help="As elsewhere; without, you yourself.")
    ] = None,
    *,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one person; or, after signing in, whose session it is and what it covers now."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        if user is None:
            session = client.get(CURRENT)
            terminal.answer(session, lambda console: _session(console, session))
            return
        answer = client.get(f"/v1/users/{quote(whole_user(client, user), safe='')}")
    terminal.answer(answer, lambda console: _card(console, answer))


@app.command("roles", epilog=example("tidan user roles 5b0c9a52 --role CHECKER --role READER"))
def roles(
    user: UserArgument,
    *,
    role: RolesOption,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Give a person these roles, in place of those it has."""
    with connected(node, home) as client:
        path = f"/v1/users/{whole_user(client, user)}/roles"
        answer = client.post(path, {"roles": role}, idempotency_key=idempotency_key)
        terminal = Terminal(as_json=as_json)
        terminal.answer(answer, lambda console: _card(console, answer))
        warn_of_no_approvers(client, terminal)


@app.command("disable", epilog=example("tidan user disable 5b0c9a52"))
def disable(
    user: UserArgument,
    *,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Shut a person out at once: its sessions end, its keys and its agents' are revoked."""
    _change(user, "disabling", idempotency_key, Terminal(as_json=as_json), chosen_node(node, home))


@app.command("enable", epilog=example("tidan user enable 5b0c9a52"))
def enable(
    user: UserArgument,
    *,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Let a person sign in again. What ended when it was disabled stays ended."""
    _change(user, "enabling", idempotency_key, Terminal(as_json=as_json), chosen_node(node, home))


def _change(
    user: str, change: str, idempotency_key: str | None, terminal: Terminal, access: NodeAccess
) -> None:
    client = NodeClient(access)
    try:
        path = f"/v1/users/{whole_user(client, user)}/{change}"
        answer = client.post(path, {}, idempotency_key=idempotency_key)
        terminal.answer(answer, lambda console: _card(console, answer))
        warn_of_no_approvers(client, terminal)
    finally:
        client.close()


def _session(console: Console, session: Document) -> None:
    console.print(
        facts(
            (
                ("signed in as", session["name"]),
                ("user", session["user"]),
                ("may", ", ".join(session["scopes"])),
            )
        )
    )


def _card(console: Console, user: Document) -> None:
    console.print(
        facts(
            (
                ("user", user["id"]),
                ("name", user["name"]),
                ("roles", ", ".join(user["roles"])),
                ("may", ", ".join(user["scopes"])),
                ("signs in at", user["issuer"]),
                ("known there as", user["subject"]),
                ("added", user["createdAt"]),
                ("disabled", user["disabledAt"]),
            )
        )
    )


def _list(console: Console, users: list[Document]) -> None:
    rows = (
        (
            each["id"],
            each["name"],
            ", ".join(each["roles"]),
            each["issuer"],
            "may sign in" if each["disabledAt"] is None else f"disabled at {each['disabledAt']}",
        )
        for each in users
    )
    console.print(table(("user", "name", "roles", "signs in at", "how it stands"), rows))
