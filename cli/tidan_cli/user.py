"""`tidan user …`: sign in and out; the people of a party, and what they are to it."""

from __future__ import annotations

import sys
import webbrowser
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import IdentifierAmbiguous, NotANode, NotSignedIn, UsageProblem
from tidan_cli.kept_sessions import forget_session, keep_session, kept_token
from tidan_cli.node_choice import NodeAccess, chosen_node
from tidan_cli.options import PAGE, AsJson, Home, IdempotencyKey, Limit, Node, example
from tidan_cli.output import Terminal, facts, printable, table
from tidan_cli.redirects import listening

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
_CURRENT = "/v1/sessions/current"


@app.command("login", epilog=example("tidan user login --node http://127.0.0.1:8750 --open"))
def login(
    *,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the URL in this machine's browser.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=1, help="How long to wait for the sign-in.")
    ] = 300,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Sign in at the party's OpenID provider, in a browser. The session is kept on this machine for
    you alone: commands with --node and without TIDAN_API_KEY use it from then on."""
    terminal = Terminal(as_json=as_json)
    url = chosen_node(node, home).url
    client = NodeClient(NodeAccess(url, None))
    try:
        with listening() as listener:
            begun = client.ask("/v1/sign-ins", {"redirectUri": listener.uri})
            listener.expect(begun["state"])
            place = _provider(begun["authorizationUrl"])
            # not the command's answer, and needed by people and programs alike
            sys.stderr.write(f"sign in here:\n{place}\n")
            if open_browser:
                webbrowser.open(place)
            with terminal.waiting("waiting for the browser to come back"):
                carried = listener.await_redirect(timeout)
        sent = {name: carried[name] for name in ("state", "code", "iss") if name in carried}
        session = client.ask("/v1/sessions", sent | {"secret": begun["secret"]})
    finally:
        client.close()
    file = keep_session(url, session)
    answer = {name: value for name, value in session.items() if name != "token"}
    answer |= {"node": url, "keptIn": str(file)}
    terminal.answer(answer, lambda console: _signed_in(console, answer))


@app.command("logout", epilog=example("tidan user logout --node http://127.0.0.1:8750"))
def logout(*, node: Node = None, home: Home = None, as_json: AsJson = False) -> None:
    """Sign out: the session that is kept for this node ends, there and here."""
    url = chosen_node(node, home).url
    token = kept_token(url)
    if token is None:
        raise NotSignedIn(f"no session is kept for {url}")
    client = NodeClient(NodeAccess(url, token))
    try:
        client.delete(_CURRENT)
    finally:
        client.close()
        forget_session(url)
    Terminal(as_json=as_json).answer(
        {"signedOut": url},
        lambda console: console.print(Text("✓ ", style="green") + Text(f"signed out of {url}")),
    )


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
            session = client.get(_CURRENT)
            terminal.answer(session, lambda console: _session(console, session))
            return
        answer = client.get(f"/v1/users/{quote(_whole(client, user), safe='')}")
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
        path = f"/v1/users/{_whole(client, user)}/roles"
        answer = client.post(path, {"roles": role}, idempotency_key=idempotency_key)
    Terminal(as_json=as_json).answer(answer, lambda console: _card(console, answer))


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


def _provider(url: object) -> str:
    """Where to sign in: no node makes a browser open, or a terminal show, anything else."""
    from tidan_node.people.openid import is_provider_url  # noqa: PLC0415  heavy

    if not isinstance(url, str) or not url.isascii() or not url.isprintable():
        raise NotANode("the node names no URL to sign in at", field="--node")
    if not is_provider_url(url):
        raise NotANode("where the node would have you sign in is no https URL", field="--node")
    return url


def _change(
    user: str, change: str, idempotency_key: str | None, terminal: Terminal, access: NodeAccess
) -> None:
    client = NodeClient(access)
    try:
        path = f"/v1/users/{_whole(client, user)}/{change}"
        answer = client.post(path, {}, idempotency_key=idempotency_key)
    finally:
        client.close()
    terminal.answer(answer, lambda console: _card(console, answer))


def _whole(client: NodeClient, typed: str) -> str:
    """The id of the one person that is meant."""
    begins = typed.rstrip("…")
    known = client.listed("/v1/users")["items"]
    named = [each["id"] for each in known if each["name"] == typed]
    found = named or [each["id"] for each in known if begins and each["id"].startswith(begins)]
    if len(found) > 1:
        raise IdentifierAmbiguous(f"{len(found)} users are meant: {', '.join(found[:5])}")
    if not found:
        raise UsageProblem("nobody is meant by this; `tidan user list` shows them", field="USER")
    return str(found[0])


def _signed_in(console: Console, session: Document) -> None:
    name, until = session["user"]["name"], session["expiresAt"]
    console.print(Text("✓ ", style="green") + Text(printable(f"signed in as {name} until {until}")))
    console.print(Text(f"  next: tidan user show --node {session['node']}", style="dim"))


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
