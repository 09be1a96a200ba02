"""`tidan chain deploy`: the contracts, the authority's key, and the manifest that nodes read."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.chain import ChainHomeOption, chosen_chain_home
from tidan_cli.client import Document
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal, facts
from tidan_cli.spans import seconds_in


def register(app: typer.Typer) -> None:
    """Add the command to the group of the chain."""
    app.command(
        "deploy",
        epilog=example(
            "tidan chain deploy --home chain", "tidan chain deploy --home chain --threshold 2"
        ),
    )(deploy)


def deploy(
    *,
    home: ChainHomeOption = None,
    chain: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The chain; the embedded one of the home when left out."),
    ] = None,
    gas_price: Annotated[
        int, typer.Option(min=0, metavar="WEI", help="What the chain wants for gas.")
    ] = 0,
    finality_depth: Annotated[
        int, typer.Option(min=0, metavar="BLOCKS", help="Blocks until an event counts as final.")
    ] = 0,
    threshold: Annotated[
        int,
        typer.Option(
            min=1, max=31, metavar="M", help="So many members of the Council decide, for good."
        ),
    ] = 1,
    delay: Annotated[
        str,
        typer.Option(metavar="DURATION", help="How long a decision waits: 24h or more, for good."),
    ] = "24h",
    objection_window: Annotated[
        str,
        typer.Option(
            metavar="DURATION",
            help="How long a party may object to its recovery: 24h or more, for good.",
        ),
    ] = "24h",
    paper_delay: Annotated[
        str,
        typer.Option(
            metavar="DURATION",
            help="How long the Council may name a revoked carrier's successor, before holders may"
            " end its titles as paper: 24h or more, for good.",
        ),
    ] = "30d",
    as_json: AsJson = False,
) -> None:
    """Deploy the contracts of a new consortium, and write the manifest that its nodes read.

    Whoever has the key that this makes enrols the parties. A second run changes nothing."""
    from tidan_cli.deployment import deploy_contracts  # noqa: PLC0415  heavy
    from tidan_node.domain.council import Terms  # noqa: PLC0415

    terms = Terms(
        threshold,
        seconds_in(delay, "--delay"),
        seconds_in(objection_window, "--objection-window"),
    )
    waiting = seconds_in(paper_delay, "--paper-delay")
    terminal = Terminal(as_json=as_json)
    with terminal.waiting("deploying the contracts"):
        answer = deploy_contracts(
            chosen_chain_home(home),
            chain,
            gas_price,
            finality_depth,
            terms=terms,
            paper_delay=waiting,
        )
    terminal.answer(answer, lambda console: _tell(console, answer))


def _decisions(terms: Document) -> str:
    """The Council's terms in words; what was asked for does not change those of a second run."""
    hours = [f"{terms[name] / 3600:g} h" for name in ("delay", "objectionWindow")]
    return (
        f"by {terms['threshold']} of the Council's members, after {hours[0]};"
        f" {hours[1]} to object to a recovery"
    )


def _as_paper(terms: Document) -> str:
    return f"{terms['paperDelay'] / 3600:g} h after its carrier's revocation without a successor"


def _tell(console: Console, answer: Document) -> None:
    words = "deployed" if answer["deployed"] else "deployed already; nothing was changed"
    console.print(Text("✓ ", style="green") + Text(words))
    console.print(
        facts(
            (
                ("chain", answer["chainId"]),
                ("from block", answer["block"]),
                *sorted(answer["contracts"].items()),
                ("decisions", _decisions(answer["terms"])),
                ("as paper", _as_paper(answer["terms"])),
                ("manifest", answer["manifest"]),
            )
        )
    )
