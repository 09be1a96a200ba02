"""`tidan chain validator status|stop|start`: one validator of a geth-clique chain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidan_cli.chain import ChainHomeOption, chosen_chain_home
from tidan_cli.chain_engines import EngineName, engine_of
from tidan_cli.chain_words import tell_validator
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal

app = typer.Typer(
    no_args_is_help=True,
    help="One validator of a chain that has several, to replace it, or see how it is missed.",
)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The validator's number, from 1.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of the chain."""
    group.add_typer(app, name="validator")


@app.command("status", epilog=example("tidan chain validator status 2"))
def status(number: Number, home: ChainHomeOption = None, as_json: AsJson = False) -> None:
    """Show one validator: its process, its last block, how many peers it has."""
    from tidan_node.ledger.clique import chain  # noqa: PLC0415  heavy

    answer = chain.status_of_validator(_with_validators(home), number)
    Terminal(as_json=as_json).answer(answer, lambda console: tell_validator(console, answer))


@app.command("stop", epilog=example("tidan chain validator stop 2"))
def stop(number: Number, home: ChainHomeOption = None, as_json: AsJson = False) -> None:
    """Stop one validator; the chain goes on while more than half of all run."""
    from tidan_node.ledger.clique import chain  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    with terminal.waiting("stopping it"):
        stopped = chain.stop_validator(_with_validators(home), number)
    words = f"✓ validator {number} has stopped" if stopped else f"validator {number} did not run"
    terminal.answer({"number": number, "stopped": stopped}, lambda console: console.print(words))


@app.command("start", epilog=example("tidan chain validator start 2"))
def start(number: Number, home: ChainHomeOption = None, as_json: AsJson = False) -> None:
    """Start one validator; it catches up with the others by itself."""
    from tidan_node.ledger.clique import chain  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    with terminal.waiting("starting it"):
        started = chain.start_validator(_with_validators(home), number)
    words = f"✓ validator {number} runs" if started else f"validator {number} runs already"
    terminal.answer({"number": number, "started": started}, lambda console: console.print(words))


def _with_validators(home: Path | None) -> Path:
    """The home of a chain that has validators."""
    path = chosen_chain_home(home)
    if engine_of(path).name is EngineName.EMBEDDED:
        from tidan_node.ledger.clique.problems import NoValidators  # noqa: PLC0415  heavy

        raise NoValidators(
            f"{path} holds no chain that has any; `tidan chain up --engine geth-clique` makes one",
            field="--home",
        )
    return path
