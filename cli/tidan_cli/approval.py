"""`tidan approval list|show|approve|refuse|withdraw|rules|require|reset`: four eyes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from tidan_cli.approval_words import (
    people,
    tell_approval,
    tell_decided,
    tell_done,
    tell_list,
    tell_rules,
)
from tidan_cli.awaiting import OPEN, require_not_failed
from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import IdentifierAmbiguous
from tidan_cli.node_choice import chosen_home
from tidan_cli.options import PAGE, AsJson, Home, IdempotencyKey, Limit, Node, example
from tidan_cli.output import Terminal

app = typer.Typer(
    no_args_is_help=True, help="Four eyes: acts that others of the party must approve."
)

_WHOLE = 36

ApprovalArgument = Annotated[
    str,
    typer.Argument(
        metavar="APPROVAL", help="The approval's id, or how it begins, among those that wait."
    ),
]


@app.command("list", epilog=example("tidan approval list --status open"))
def list_approvals(
    *,
    status: Annotated[
        str | None,
        typer.Option(metavar="STATUS", help="open, done, failed, refused, withdrawn or expired."),
    ] = None,
    limit: Limit = PAGE,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List what waits, or waited, for approval; the newest first."""
    terminal = Terminal(as_json=as_json)
    with connected(node, home) as client:
        answer = client.listed("/v1/approvals", limit=limit, status=status)
    terminal.answer(answer, lambda console: tell_list(console, answer["items"]))
    if answer["more"]:
        terminal.note("there are more; raise --limit")


@app.command("show", epilog=example("tidan approval show 0199c5c2-8a41-7c3e-9d50-1f2a3b4c5d6e"))
def show(
    approval: ApprovalArgument, node: Node = None, home: Home = None, as_json: AsJson = False
) -> None:
    """Show what will be done, in fields: who asked for it, and who has approved it."""
    with connected(node, home) as client:
        answer = client.get(f"/v1/approvals/{_whole(client, approval)}")
    Terminal(as_json=as_json).answer(answer, lambda console: tell_approval(console, answer))


@app.command(
    "approve", epilog=example("tidan approval approve 0199c5c2-8a41-7c3e-9d50-1f2a3b4c5d6e")
)
def approve(
    approval: ApprovalArgument,
    *,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Approve it. With the last approval that it needs it is carried out, as it was asked.

    Nobody approves what they, or their agents, have asked for."""
    with connected(node, home) as client:
        _Decision(approval, "approval", {}, idempotency_key).take(client, as_json=as_json)


@app.command(
    "refuse",
    epilog=example(
        "tidan approval refuse 0199c5c2-8a41-7c3e-9d50-1f2a3b4c5d6e --reason 'wrong buyer'"
    ),
)
def refuse(
    approval: ApprovalArgument,
    *,
    reason: Annotated[str, typer.Option(help="Why; your own people read it.")],
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Refuse it: nothing is done. One refusal is enough."""
    with connected(node, home) as client:
        said = {"reason": reason}
        _Decision(approval, "refusal", said, idempotency_key).take(client, as_json=as_json)


@app.command(
    "withdraw", epilog=example("tidan approval withdraw 0199c5c2-8a41-7c3e-9d50-1f2a3b4c5d6e")
)
def withdraw(
    approval: ApprovalArgument,
    *,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take back what you have asked for yourself."""
    with connected(node, home) as client:
        _Decision(approval, "withdrawal", {}, idempotency_key).take(client, as_json=as_json)


@app.command("rules", epilog=example("tidan approval rules"))
def rules(node: Node = None, home: Home = None, as_json: AsJson = False) -> None:
    """List every act that can wait for approval, and how many approvers it needs."""
    with connected(node, home) as client:
        answer = client.get("/v1/approval-rules")
    Terminal(as_json=as_json).answer(answer, lambda console: tell_rules(console, answer))


@app.command("require", epilog=example("tidan approval require title.offer 1"))
def require(
    act: Annotated[str, typer.Argument(metavar="ACT", help="As `tidan approval rules` lists it.")],
    approvers: Annotated[
        int, typer.Argument(metavar="N", min=0, help="How many others; 0 for none.")
    ],
    *,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Say how many others must approve an act.

    Once any act needs somebody, changing a rule waits for approval, too: for as many as the
    strictest rule needs. So do new users, and changes of their roles."""
    with connected(node, home) as client:
        answer = client.post(
            "/v1/approval-rules",
            {"act": act, "approvers": approvers},
            idempotency_key=idempotency_key,
        )
    said = f"{act} needs {people(answer['approvers'])} (before: {people(answer['before'])})"
    Terminal(as_json=as_json).answer(answer, lambda console: tell_done(console, said))


@app.command("reset", epilog=example("tidan approval reset --home seller"))
def reset(
    *,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="DIR", help="The node's home. Also TIDAN_NODE_HOME."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Drop all rules, on the node's own machine, while it does not run.

    For a party of which nobody is left who could approve. The trail keeps that it was done."""
    from tidan_cli.approval_reset import reset_rules  # noqa: PLC0415  heavy

    answer = reset_rules(chosen_home(home))
    said = "no act waits for approval any more; set the rules anew: tidan approval require"
    Terminal(as_json=as_json).answer(answer, lambda console: tell_done(console, said))


@dataclass(frozen=True, slots=True)
class _Decision:
    """What is to become of an approval, and the key that makes saying it twice safe."""

    approval: str
    verb: str
    body: Document
    idempotency_key: str | None

    def take(self, client: NodeClient, *, as_json: bool) -> None:
        """Say so to the node, and print how the approval stands then."""
        path = f"/v1/approvals/{_whole(client, self.approval)}/{self.verb}"
        answer = client.post(path, self.body, idempotency_key=self.idempotency_key)
        require_not_failed(client, answer)
        Terminal(as_json=as_json).answer(answer, lambda console: tell_decided(console, answer))


def _whole(client: NodeClient, typed: str) -> str:
    """The id that is meant: whole, or the one among those that wait which begins so."""
    begun = typed.rstrip("…")
    if len(begun) >= _WHOLE:
        return quote(begun, safe="")
    waiting = client.listed("/v1/approvals", status=OPEN)["items"]
    found = [str(each["id"]) for each in waiting if begun and each["id"].startswith(begun)]
    if len(found) > 1:
        raise IdentifierAmbiguous(f"{len(found)} approvals begin so: {', '.join(found[:5])}")
    return found[0] if found else quote(begun or "-", safe="")
