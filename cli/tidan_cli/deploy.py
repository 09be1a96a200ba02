"""`tidan chain deploy`: the contracts, the authority's key, and the manifest that nodes read."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.chain import ChainHomeOption, chosen_chain_home
from tidan_cli.client import Document
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal, facts
from tidan_cli.spans import seconds_in, span_in_words

_LEAST: Final = (
    "24h when left out, and the least (on the embedded chain, id 1337, it may be less), 90d the"
    " most"
)
_LEAST_PAPER: Final = "30d when left out, 24h the least (less on the embedded chain), 90d the most"


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
        typer.Option(metavar="URL", help="The chain; the one of the home when left out."),
    ] = None,
    gas_price: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="WEI",
            help="What the chain wants for gas; when left out what the home's chain wants, else"
            " nothing.",
        ),
    ] = None,
    finality_depth: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="BLOCKS",
            help="Blocks until an event counts as final; when left out more than half as many as"
            " the home's chain has validators, else none.",
        ),
    ] = None,
    block_period: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="After how long the next block comes, transactions or not, so that nodes tell when"
            " the chain has halted; when left out as the home's chain has it, else only with"
            " transactions.",
        ),
    ] = None,
    threshold: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=31,
            metavar="M",
            help="So many members of the Council decide, for good; 1 when left out. With M it has M"
            " to 2·M-1 members, so that two sets that can decide share one.",
        ),
    ] = None,
    delay: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help=f"How long a decision waits, for good; {_LEAST}."),
    ] = None,
    objection_window: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="How long a party may object to its recovery, and to an exchange of its accounts,"
            f" for good; {_LEAST}.",
        ),
    ] = None,
    paper_delay: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="How long the Council may name a revoked carrier's successor, before holders may"
            f" end its titles as paper, for good; {_LEAST_PAPER}.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Deploy the contracts of a new consortium, and write the manifest that its nodes read.

    Whoever has the key that this makes enrols the parties, and founds the Council with M to 2·M-1
    of them. A second run changes nothing, and is refused where it asks for other terms."""
    from tidan_cli.deployment import Wanted, deploy_contracts  # noqa: PLC0415  heavy

    wanted = Wanted(
        threshold=threshold,
        delay=None if delay is None else seconds_in(delay, "--delay"),
        objection_window=(
            None if objection_window is None else seconds_in(objection_window, "--objection-window")
        ),
        paper_delay=None if paper_delay is None else seconds_in(paper_delay, "--paper-delay"),
        gas_price=gas_price,
        finality_depth=finality_depth,
        block_period=None if block_period is None else seconds_in(block_period, "--block-period"),
    )
    terminal = Terminal(as_json=as_json)
    with terminal.waiting("deploying the contracts"):
        answer = deploy_contracts(chosen_chain_home(home), chain, wanted)
    terminal.answer(answer, lambda console: _tell(console, answer))


def _decisions(terms: Document) -> str:
    """The Council's terms in words."""
    return (
        f"by {terms['threshold']} of the Council's members, after"
        f" {span_in_words(terms['delay'])}; {span_in_words(terms['objectionWindow'])} to object to"
        " a recovery"
    )


def _as_paper(terms: Document) -> str:
    return (
        f"{span_in_words(terms['paperDelay'])} after its carrier's revocation without a successor"
    )


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
