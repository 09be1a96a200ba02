"""`tidan user login|logout`: a person's session at a node, kept on this machine."""

from __future__ import annotations

import sys
import webbrowser
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import NOT_AUTHENTICATED, Answered, NotANode, NotSignedIn
from tidan_cli.kept_sessions import forget_session, keep_session, kept_token
from tidan_cli.node_choice import NodeAccess, chosen_node
from tidan_cli.options import AsJson, Home, Node, example
from tidan_cli.output import Terminal, printable
from tidan_cli.redirects import listening

CURRENT: Final = "/v1/sessions/current"


def register(app: typer.Typer) -> None:
    """Add the commands to `tidan user`."""
    app.command("login", epilog=example("tidan user login --node http://127.0.0.1:8750 --open"))(
        login
    )
    app.command("logout", epilog=example("tidan user logout --node http://127.0.0.1:8750"))(logout)


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


def logout(*, node: Node = None, home: Home = None, as_json: AsJson = False) -> None:
    """Sign out: the session that is kept for this node ends, there and here. One that the node has
    ended before is forgotten."""
    url = chosen_node(node, home).url
    token = kept_token(url)
    if token is None:
        raise NotSignedIn(f"no session is kept for {url}")
    client, had_ended = NodeClient(NodeAccess(url, token)), False
    try:
        client.delete(CURRENT)
    except Answered as refusal:
        if refusal.answered != NOT_AUTHENTICATED:
            raise
        had_ended = True
    finally:
        client.close()
        forget_session(url)
    words = f"the session at {url} had ended before" if had_ended else f"signed out of {url}"
    Terminal(as_json=as_json).answer(
        {"signedOut": url, "hadEnded": had_ended},
        lambda console: console.print(Text("✓ ", style="green") + Text(words)),
    )


def _provider(url: object) -> str:
    """Where to sign in: no node makes a browser open, or a terminal show, anything else."""
    from tidan_node.people.openid import is_provider_url  # noqa: PLC0415  heavy

    if not isinstance(url, str) or not url.isascii() or not url.isprintable():
        raise NotANode("the node names no URL to sign in at", field="--node")
    if not is_provider_url(url):
        raise NotANode("where the node would have you sign in is no https URL", field="--node")
    return url


def _signed_in(console: Console, session: Document) -> None:
    name, until = session["user"]["name"], session["expiresAt"]
    console.print(Text("✓ ", style="green") + Text(printable(f"signed in as {name} until {until}")))
    console.print(Text(f"  next: tidan user show --node {session['node']}", style="dim"))
