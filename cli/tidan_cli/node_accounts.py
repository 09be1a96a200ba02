"""`tidan node accounts|add-account`: the accounts that a node sends by, each a lane of its own."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, connected
from tidan_cli.node import OwnHome
from tidan_cli.node_choice import chosen_home
from tidan_cli.options import AsJson, Home, Node, example
from tidan_cli.output import Terminal, facts, printable, table


def register(app: typer.Typer) -> None:
    """Add the commands to the group of nodes."""
    app.command("accounts", epilog=example("tidan node accounts --home carrier"))(accounts)
    app.command("add-account", epilog=example("tidan node add-account --home carrier"))(add_account)


def accounts(node: Node = None, home: Home = None, as_json: AsJson = False) -> None:
    """Show the accounts that the node sends by: whether each acts for the party, what it has under
    way, and where the chain takes none of it, why and what helps."""
    with connected(node, home) as client:
        answer = client.get("/v1/lanes")
    Terminal(as_json=as_json).answer(answer, lambda console: _list(console, answer["items"]))


def add_account(*, home: OwnHome = None, as_json: AsJson = False) -> None:
    """Make one more account for the node to send by, in the home's folder of lanes.

    It carries nothing before it acts for the party, and the node has been started again. More
    accounts let more transactions wait for their blocks, and none waits behind another's."""
    from tidan_cli.lane_keys import new_lane  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    with terminal.waiting("making the key"):
        answer = new_lane(chosen_home(home))
    terminal.answer(answer, lambda console: _added(console, answer))


def _added(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text(f"a new account: {answer['account']}"))
    console.print(facts([("key", answer["file"])]))
    console.print(Text("  next, so that it acts for the party:", style="dim"))
    for step in answer["next"]:
        console.print(Text(f"  {printable(step)}"))


def _list(console: Console, lanes: list[Document]) -> None:
    rows = (
        (each["account"], _role(each), each["inFlight"], each["refused"], each["oldest"])
        for each in lanes
    )
    columns = ("account", "acts for the party", "in flight", "refused", "oldest")
    console.print(table(columns, rows))
    for each in lanes:
        waiting = each["waiting"]
        if waiting is not None:
            told = f"{each['account']} is held up since {waiting['since']}: {waiting['reason']}"
            console.print(Text(printable(told), style="yellow"))
            console.print(Text(f"  next: {printable(waiting['nextStep'])}"))


def _role(lane: Document) -> str:
    if lane["actsForParty"]:
        return "yes" if lane["hasKey"] else "yes, but its key is not here"
    return "not yet: `tidan party rotate-key --add`" if lane["hasKey"] else "no more"
