"""`tidan network generate`: keys, first block and settings of a new network of Besu validators."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document
from tidan_cli.failures import UsageProblem
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal, facts, table
from tidan_cli.spans import seconds_in

_LONGEST_PERIOD = 60

app = typer.Typer(
    no_args_is_help=True, help="Networks of Besu validators, for production: see docker/README.md."
)


@app.callback()
def network() -> None:
    """Networks of Besu validators."""


@app.command("generate", epilog=example("tidan network generate --validators 4 --out network"))
def generate(
    *,
    validators: Annotated[
        int,
        typer.Option(
            min=1, max=100, metavar="N", help="How many there are at first; from 4 on one may fail."
        ),
    ] = 4,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="A folder that is not there yet.")
    ] = Path("network"),
    chain_id: Annotated[int, typer.Option(min=1, help="The chain id, for good.")] = 71_200,
    block_period: Annotated[
        str, typer.Option(metavar="DURATION", help="The time between blocks: 1s to 1m.")
    ] = "2s",
    first_address: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="The first validator's IPv4 address; the others have those after it.",
        ),
    ] = "172.28.71.11",
    as_json: AsJson = False,
) -> None:
    """Make a new network: each validator's key and settings, and the first block that names them.

    Nothing that is there is written over. Keep each key where only its validator can read it."""
    from tidan_node.ledger.besu.genesis import faults_tolerated  # noqa: PLC0415  heavy
    from tidan_node.ledger.besu.network import Wanted  # noqa: PLC0415  heavy
    from tidan_node.ledger.besu.network import generate as make  # noqa: PLC0415  heavy

    period = seconds_in(block_period, "--block-period")
    if not 1 <= period <= _LONGEST_PERIOD:
        raise UsageProblem("1s to 1m", field="--block-period")
    made = make(out, Wanted(validators, chain_id, period, first_address))
    answer = {
        "network": str(out.absolute()),
        "chainId": chain_id,
        "blockPeriod": period,
        "mayFail": faults_tolerated(validators),
        "validators": [
            {
                "number": each.place.number,
                "address": each.place.address,
                "account": each.account,
                "enode": each.enode,
            }
            for each in made
        ],
    }
    Terminal(as_json=as_json).answer(answer, lambda console: _tell(console, answer))


def _tell(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text(f"the network is in {answer['network']}"))
    console.print(
        facts(
            (
                ("chain id", answer["chainId"]),
                ("blocks", f"one every {answer['blockPeriod']} s"),
                ("may fail", f"{answer['mayFail']} of {len(answer['validators'])} validators"),
            )
        )
    )
    rows = ((each["number"], each["address"], each["account"]) for each in answer["validators"])
    console.print(table(("validator", "address", "account"), rows))
