"""`tidan party rotate-key`: a party exchanges the key that its node signs with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.failures import AccountOfAnother, Answered, UsageProblem
from tidan_cli.following import Asked, Errand
from tidan_cli.node_choice import chosen_home, home_asked
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
from tidan_cli.proposals import JUST_ADVANCED, teaching

if TYPE_CHECKING:
    from tidan_node.domain.identifiers import Address  # heavy, and only a name here

_NEXT: Final = {
    "account-taken": "accounts are never used again: `tidan party rotate-key --prepare` makes one",
    "too-early": "`tidan party show` has that time, too; only the clock of the embedded chain can"
    " be put forward (`tidan chain advance 24h`)" + JUST_ADVANCED,
}


def register(app: typer.Typer) -> None:
    """Add the command to the group of parties."""
    app.command(
        "rotate-key",
        epilog=example(
            "tidan party rotate-key --home node",
            "tidan party rotate-key --complete --home node",
        ),
    )(rotate_key)


def rotate_key(
    *,
    add: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Add this account instead of a new one of the home."),
    ] = None,
    remove: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Remove this account instead of the node's own."),
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="End what was asked for, once its time has come.")
    ] = False,
    cancel: Annotated[
        bool, typer.Option("--cancel", help="Say no to the exchange that is open.")
    ] = False,
    prepare: Annotated[
        bool,
        typer.Option(
            "--prepare", help="Only make the new key in the home: for a recovery by the Council."
        ),
    ] = False,
    adopt: Annotated[
        bool,
        typer.Option("--adopt", help="Let the node use the prepared key, once the chain has it."),
    ] = False,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Exchange the account that your party's node signs with.

    Without an option it makes a new key in the home and asks the chain for the exchange, which any
    account of the party can cancel until the window has passed; then --complete does it, and puts
    the new key in the place of the old one. Numbering keys and the exchange key stay as they are.
    """
    if sum((complete, cancel, prepare, adopt, add is not None or remove is not None)) > 1:
        raise UsageProblem("choose one of the options", field="--complete")
    terminal = Terminal(as_json=as_json)
    if prepare:
        _prepare(terminal, chosen_home(home))
    elif adopt:
        _adopt(terminal, node, home)
    else:
        with teaching(steps=_NEXT):
            Errand(node, home, as_json, wait, timeout, idempotency_key).run(
                _cancel
                if cancel
                else _completing(node, home)
                if complete
                else _asking(add, remove, home)
            )


Ask = Callable[[NodeClient, str | None], Asked]


def _asking(add: str | None, remove: str | None, home: Path | None) -> Ask:
    def ask(client: NodeClient, key: str | None) -> Asked:
        if add is None and remove is None:
            from tidan_cli.next_key import NextKey  # noqa: PLC0415  heavy

            body = {
                "added": NextKey(chosen_home(home)).made(),
                "removed": client.get("/v1/me")["account"],
            }
        else:
            body = {name: value for name, value in (("added", add), ("removed", remove)) if value}
        accepted = client.post("/v1/rotations", body, idempotency_key=key)
        return Asked(accepted, "asked to exchange accounts", _when)

    return ask


def _cancel(client: NodeClient, key: str | None) -> Asked:
    accepted = client.post("/v1/rotations/cancellation", {}, idempotency_key=key)
    return Asked(accepted, "the exchange of accounts is cancelled")


def _completing(node: str | None, home: Path | None) -> Ask:
    def ask(client: NodeClient, key: str | None) -> Asked:
        me = client.get("/v1/me")
        party, kept = me["party"], _kept_as_it_is(client, me)
        accepted = client.post("/v1/rotations/completion", {}, idempotency_key=key)
        if kept is not None:
            return Asked(accepted, "accounts exchanged", lambda *_: ({"adopted": None}, kept))
        return Asked(
            accepted, "accounts exchanged", lambda asked, _: _adopted(asked, party, node, home)
        )

    return ask


def _kept_as_it_is(client: NodeClient, me: Document) -> str | None:
    """Of an exchange that leaves the node its own account: what it comes to."""
    if me["party"] is None:
        return None
    try:
        rotation = client.get(f"/v1/parties/{me['party']['index']}")["rotation"]
    except Answered:  # the key may not cover the look; the act needs it not
        return None
    if rotation is None or rotation["removed"] == me["account"]:
        return None
    come, gone = rotation["added"], rotation["removed"]
    changed = [f"{come} is an account of {me['party']['name']} now"] if come is not None else []
    changed += [f"{gone} is none any more"] if gone is not None else []
    return f"{', '.join(changed)}; the node signs with {me['account']} as before"


def _when(client: NodeClient, _: float) -> tuple[Document, str]:
    account = client.get("/v1/me")["account"]
    rotation = client.get(f"/v1/parties/{account}")["rotation"]
    if rotation is None:
        return {"rotation": None}, "see `tidan party show`"
    words = (
        f"can be completed from {rotation['completableFrom']}: `tidan party rotate-key --complete`;"
        " until then any account of the party can --cancel it"
    )
    return {"rotation": rotation}, words


def _adopted(
    client: NodeClient, party: Document | None, node: str | None, home: Path | None
) -> tuple[Document, str]:
    """The new key takes the place of the old one, where this home has made it."""
    folder = home_asked(node, home)
    if folder is None:
        return {"adopted": None}, "let the node use the new key, and start it again"
    from tidan_cli.next_key import NextKey  # noqa: PLC0415  heavy

    account = NextKey(folder).account
    found = None if account is None else _party_of(client, account)
    if account is None or found is None or party is None or found["index"] != party["index"]:
        return {"adopted": None}, "let the node use the new key, and start it again"
    former = NextKey(folder).adopt()
    words = f"the home signs with {account} now: start the node again{_former(former)}"
    return {"adopted": account, "former": None if former is None else str(former)}, words


def _party_of(client: NodeClient, account: str) -> Document | None:
    """The party that the chain lets this account act for."""
    try:
        return client.get(f"/v1/parties/{account}")
    except Answered as refusal:
        if str(refusal.document().get("type", "")).endswith("/party-unknown"):
            return None
        raise


def _prepare(terminal: Terminal, home: Path) -> None:
    from tidan_cli.next_key import NextKey  # noqa: PLC0415  heavy

    account = NextKey(home).made()

    def tell(console: Console) -> None:
        console.print(Text("✓ ", style="green") + Text(f"the next account is {account}"))
        console.print(
            Text(
                f"  a member proposes it: tidan party recover PARTY --added {account}"
                " --reason …; then here: tidan party rotate-key --adopt",
                style="dim",
            )
        )

    terminal.answer({"account": account, "home": str(home)}, tell)


def _adopt(terminal: Terminal, node: str | None, home: Path | None) -> None:
    from tidan_cli.next_key import NextKey  # noqa: PLC0415  heavy

    folder = chosen_home(home)
    key = NextKey(folder)
    account = key.account
    party = None
    if account is not None and node is None and key.follows_none:
        from tidan_cli.lost_key import recovered_party  # noqa: PLC0415  heavy

        party = recovered_party(folder, account)
    elif account is not None:
        # somebody else's node is not shown the key of this home's
        with connected(node, None if key.follows_none else home) as client:
            party = _fit(client, account, folder, is_lost=key.follows_none)
    former = key.adopt()

    def tell(console: Console) -> None:
        whose = "" if party is None else f", for {party['name']} ({party['index']})"
        told = f"the home signs with {account} now{whose}"
        console.print(Text("✓ ", style="green") + Text(printable(told)))
        console.print(Text(f"  start the node again{_former(former)}", style="dim"))

    kept = None if former is None else str(former)
    named = None if party is None else {"index": party["index"], "name": party["name"]}
    terminal.answer({"adopted": account, "former": kept, "party": named}, tell)


def _fit(client: NodeClient, account: Address, home: Path, *, is_lost: bool) -> Document:
    """The party that the account acts for: that of the node, where its former account still does.
    Another party can have the account put into its own, which then would be the node's."""
    from tidan_cli.lost_key import not_known, require_own  # noqa: PLC0415  heavy

    found = _party_of(client, account)
    if found is None:
        raise not_known(account)
    # a home that has lost its key asks the node of somebody else
    own = None if is_lost else client.get("/v1/me")["party"]
    if own is None:
        require_own(home, found, account)
    elif own["index"] != found["index"]:
        raise AccountOfAnother(
            f"the chain has {account} at party {found['index']} ({found['name']}), and the node is"
            f" party {own['index']}'s; make another key: move account-next.json away, then"
            " --prepare",
            field="--adopt",
        )
    return found


def _former(former: Path | None) -> str:
    return "" if former is None else f"; the former key is {former}"
