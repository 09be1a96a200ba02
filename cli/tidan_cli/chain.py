"""`tidan chain up|down|status|fund|advance`: a chain on this machine, for trying and developing.

`tidan chain deploy` and `tidan chain validator` are added to this group by modules of their own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from tidan_cli.chain_engines import Asked, EngineName, engine_of
from tidan_cli.chain_words import tell_started, tell_status
from tidan_cli.failures import UsageProblem, typed_at
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal
from tidan_cli.spans import seconds_in

CHAIN_HOME = "TIDAN_CHAIN_HOME"
_FURTHEST = 3_000_000_000
TIDAN_HOME = "TIDAN_HOME"

app = typer.Typer(
    no_args_is_help=True,
    help="A chain on this machine that comes back after any crash: the embedded one (anvil with a"
    " journal), or several validators (geth).",
)

ChainHomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="The chain's home; else TIDAN_CHAIN_HOME, $TIDAN_HOME/chain or ~/.tidan/chain.",
    ),
]


def chosen_chain_home(home: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder that a command about a chain on this machine means."""
    if home is not None:
        return home
    if environment.get(CHAIN_HOME):
        return Path(environment[CHAIN_HOME])
    if environment.get(TIDAN_HOME):
        return Path(environment[TIDAN_HOME]) / "chain"
    return Path.home() / ".tidan" / "chain"


@app.command(
    "up",
    epilog=example(
        "tidan chain up", "tidan chain up --home demo --engine geth-clique --validators 4"
    ),
)
def up(
    *,
    home: ChainHomeOption = None,
    engine: Annotated[
        EngineName | None,
        typer.Option(
            help="What makes the blocks: the one of last time, else embedded. geth-clique: several"
            " validators, a block a second, gas at 1 wei (`tidan chain fund`)."
        ),
    ] = None,
    validators: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=32,
            metavar="N",
            help="How many validators a new geth-clique chain has, for good; 4 when left out. More"
            " than half of them must run.",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=65535,
            help="The port; the one of last time or a free one when left out. With validators: of"
            " the first, and the ports after it are theirs, too.",
        ),
    ] = None,
    chain_id: Annotated[
        int | None,
        typer.Option(
            "--chain-id",
            min=1,
            help="The chain id of a new chain; 1337 when left out, 1338 of geth-clique.",
        ),
    ] = None,
    foreground: Annotated[
        bool,
        typer.Option(
            "--foreground", help="Serve in this process until Ctrl-C; log here. Embedded only."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start a chain on this machine, or what of it does not run.

    It goes on in the background until `tidan chain down`. Killed, it comes back block for block."""
    terminal = Terminal(as_json=as_json)
    path = chosen_chain_home(home)
    chosen = engine_of(path, engine)
    if foreground:
        if chosen.name is not EngineName.EMBEDDED:
            raise UsageProblem(
                "validators are processes of their own, until `tidan chain down`",
                field="--foreground",
            )
        _serve_here(terminal, path, port, chain_id)
        return
    with terminal.waiting("starting the chain"):
        answer = chosen.up(Asked(port, chain_id, validators))
    words = "runs already" if answer["ranAlready"] else "runs"
    terminal.answer(answer, lambda console: tell_started(console, answer, words))


@app.command("down", epilog=example("tidan chain down"))
def down(home: ChainHomeOption = None, as_json: AsJson = False) -> None:
    """Stop the chain after its last block; what it holds stays in its home."""
    terminal = Terminal(as_json=as_json)
    path = chosen_chain_home(home)
    with terminal.waiting("stopping the chain"):
        stopped = engine_of(path).down()
    words = "✓ the chain has stopped" if stopped else f"no chain ran in {path}"
    terminal.answer(
        {"home": str(path.absolute()), "stopped": stopped}, lambda console: console.print(words)
    )


@app.command("status", epilog=example("tidan chain status", "tidan chain status --json"))
def status(home: ChainHomeOption = None, as_json: AsJson = False) -> None:
    """Show where the chain runs, its last block, and what it keeps on disk or its validators.

    It fails when no chain runs there."""
    answer = engine_of(chosen_chain_home(home)).status()
    Terminal(as_json=as_json).answer(answer, lambda console: tell_status(console, answer))


@app.command("fund", epilog=example("tidan chain fund 0x70997970… 1000000000000000000"))
def fund(
    account: Annotated[str, typer.Argument(metavar="ADDRESS", help="The account, 0x and 40 hex.")],
    wei: Annotated[int, typer.Argument(metavar="WEI", min=0, help="What it will own, in wei.")],
    home: ChainHomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Set what an account owns; it stays so after a restart. Repeating it is harmless.

    On the embedded chain transactions cost nothing: only tests of payments need it. On geth-clique
    gas costs 1 wei, so each account that sends needs some: it is given what it lacks, and what it
    owns beyond that stays its own."""
    from tidan_node.domain.identifiers import address  # noqa: PLC0415  heavy

    with typed_at("ADDRESS"):
        wanted = address(account, "ADDRESS")
    if wei >= 1 << 256:
        raise UsageProblem("an account owns less than 2**256 wei", field="WEI")
    terminal = Terminal(as_json=as_json)
    with terminal.waiting("paying"):
        owned = engine_of(chosen_chain_home(home)).fund(wanted, wei)
    terminal.answer(
        {"account": wanted, "balance": str(owned)},
        lambda console: console.print(f"✓ {wanted} owns {owned} wei"),
    )


@app.command("advance", epilog=example("tidan chain advance 24h"))
def advance(
    duration: Annotated[
        str,
        typer.Argument(metavar="DURATION", help="How far: 24h, 7d, 90m, 30s."),
    ],
    home: ChainHomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Put the clock of the embedded chain forward, for good: to see deadlines pass without waiting.

    A block at the new time is made at once. Validators keep the machine's time, and refuse."""
    seconds = seconds_in(duration, "DURATION")
    if seconds > _FURTHEST:
        raise UsageProblem(f"at most {_FURTHEST} seconds at once", field="DURATION")
    offset = engine_of(chosen_chain_home(home)).advance(seconds)
    Terminal(as_json=as_json).answer(
        {"advanced": seconds, "clockOffset": offset},
        lambda console: console.print(f"✓ the chain's clock is {offset} seconds ahead"),
    )


def _serve_here(terminal: Terminal, home: Path, port: int | None, chain_id: int | None) -> None:
    from tidan_cli.process_entry import checkpoints  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded.anvil import find_anvil  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded.home import RunningChain  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded.log import log_to_standard_error  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded.service import Options, serve  # noqa: PLC0415  heavy

    def tell(chain: RunningChain) -> None:
        answer = {
            "url": chain.url,
            "pid": chain.pid,
            "chainId": chain.chain_id,
            "home": chain.home,
            "ranAlready": False,
        }
        terminal.answer(
            answer, lambda console: tell_started(console, answer, "runs; Ctrl-C stops it")
        )

    log_to_standard_error()
    serve(
        Options(home, find_anvil(os.environ), port, chain_id),
        on_ready=tell,
        checkpoints=checkpoints(),
    )
