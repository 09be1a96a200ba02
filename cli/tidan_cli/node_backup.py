"""`tidan node backup|restore`: a copy of a node to come back to, and a node made of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document
from tidan_cli.node import OwnHome
from tidan_cli.node_choice import chosen_home
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal, printable


def register(app: typer.Typer) -> None:
    """Add the commands to the group of nodes."""
    epilog = example("tidan node backup --home carrier --to /backups/carrier-2026-11-22")
    app.command("backup", epilog=epilog)(backup)
    epilog = example("tidan node restore --from /backups/carrier-2026-11-22 --home carrier")
    app.command("restore", epilog=epilog)(restore)


def backup(
    *,
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="A folder that is not there yet.")
    ],
    home: OwnHome = None,
    as_json: AsJson = False,
) -> None:
    """Copy the node's home, keys and database, as they are at this moment. The node may run.

    Whoever has the copy can act as the party: keep it as the home is kept. A database on a server
    is not in it; the answer says what to run for that one, after this."""
    from tidan_cli.backups import back_up  # noqa: PLC0415  heavy
    from tidan_cli.process_entry import checkpoints  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    with terminal.waiting("copying the home"):
        answer = back_up(chosen_home(home), to, checkpoints())
    terminal.answer(answer, lambda console: _taken(console, answer))


def restore(
    *,
    source: Annotated[
        Path, typer.Option("--from", metavar="DIR", help="What `tidan node backup` made.")
    ],
    home: Annotated[Path, typer.Option(metavar="DIR", help="A folder that is not there yet.")],
    as_json: AsJson = False,
) -> None:
    """Make a home of a backup, after every file of it is found to be as it was.

    The node of before must never run again: two with the same keys get in each other's way. What
    the chain has done since the backup the node reads when it starts."""
    from tidan_cli.backups import restore as make_home_of  # noqa: PLC0415  heavy
    from tidan_cli.process_entry import checkpoints  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    with terminal.waiting("checking and copying the backup"):
        answer = make_home_of(source, home, checkpoints())
    terminal.answer(answer, lambda console: _restored(console, answer))


def _taken(console: Console, answer: Document) -> None:
    told = f"{answer['files']} files of the home are in {answer['backup']}"
    console.print(Text("✓ ", style="green") + Text(printable(told)))
    for each in answer["outside"]:
        console.print(Text(printable(f"  not in it, since it lies elsewhere: {each}"), "yellow"))
    _steps(console, "its database is on a server; dump it now:", answer["next"])


def _restored(console: Console, answer: Document) -> None:
    told = f"a node home is at {answer['home']}, as it was at {answer['takenAt']}"
    console.print(Text("✓ ", style="green") + Text(printable(told)))
    _steps(console, "next, once the node of before is gone for good:", answer["next"])


def _steps(console: Console, before: str, steps: list[str]) -> None:
    if steps:
        console.print(Text(f"  {before}", style="dim"))
    for each in steps:
        console.print(Text(f"  {printable(each)}"), soft_wrap=True)
