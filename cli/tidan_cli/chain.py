"""`tidan chain up|down|status|fund|advance`: the embedded chain, for trying and developing.

`tidan chain deploy` is added to this group by the module of the deployment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document
from tidan_cli.failures import UsageProblem, typed_at
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal, facts
from tidan_cli.spans import seconds_in

CHAIN_HOME = "TIDAN_CHAIN_HOME"
_FURTHEST = 3_000_000_000
TIDAN_HOME = "TIDAN_HOME"

app = typer.Typer(
    no_args_is_help=True,
    help="The embedded chain: anvil with a journal, so that it comes back after any crash.",
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
    """The folder that a command about the embedded chain means."""
    if home is not None:
        return home
    if environment.get(CHAIN_HOME):
        return Path(environment[CHAIN_HOME])
    if environment.get(TIDAN_HOME):
        return Path(environment[TIDAN_HOME]) / "chain"
    return Path.home() / ".tidan" / "chain"


@app.command("up", epilog=example("tidan chain up", "tidan chain up --home demo --port 8545"))
def up(
    *,
    home: ChainHomeOption = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="The port; the one of last time or a free one when left out."
        ),
    ] = None,
    chain_id: Annotated[
        int | None,
        typer.Option("--chain-id", min=1, help="The chain id of a new chain; 1337 when left out."),
    ] = None,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Serve in this process until Ctrl-C; log here.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start the embedded chain, or find it running.

    It goes on in the background until `tidan chain down`. Killed, it comes back block for block."""
    terminal = Terminal(as_json=as_json)
    if foreground:
        _serve_here(terminal, chosen_chain_home(home), port, chain_id)
        return
    from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

    with terminal.waiting("starting the chain"):
        started = supervisor.start(chosen_chain_home(home), port=port, chain_id=chain_id)
    chain = started.chain
    _announce(
        terminal,
        "runs already" if started.ran_already else "runs",
        {
            "url": chain.url,
            "pid": chain.pid,
            "chainId": chain.chain_id,
            "home": chain.home,
            "ranAlready": started.ran_already,
        },
    )


@app.command("down", epilog=example("tidan chain down"))
def down(home: ChainHomeOption = None, as_json: AsJson = False) -> None:
    """Stop the embedded chain after its last block; what it holds stays in its home."""
    from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    path = chosen_chain_home(home)
    with terminal.waiting("stopping the chain"):
        stopped = supervisor.stop(path)
    words = "✓ the chain has stopped" if stopped else f"no chain ran in {path}"
    terminal.answer(
        {"home": str(path.absolute()), "stopped": stopped}, lambda console: console.print(words)
    )


@app.command("status", epilog=example("tidan chain status", "tidan chain status --json"))
def status(home: ChainHomeOption = None, as_json: AsJson = False) -> None:
    """Show where the chain runs, its last block, and what it keeps on disk.

    It fails when no chain runs there."""
    from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

    answer = supervisor.status(chosen_chain_home(home))
    Terminal(as_json=as_json).answer(answer, lambda console: _tell_status(console, answer))


@app.command("fund", epilog=example("tidan chain fund 0x70997970… 1000000000000000000"))
def fund(
    account: Annotated[str, typer.Argument(metavar="ADDRESS", help="The account, 0x and 40 hex.")],
    wei: Annotated[int, typer.Argument(metavar="WEI", min=0, help="What it will own, in wei.")],
    home: ChainHomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Set what an account owns; it stays so after a restart.

    Transactions cost nothing here: only tests of payments need it. Repeating it is harmless."""
    from tidan_node.domain.identifiers import address  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

    with typed_at("ADDRESS"):
        wanted = address(account, "ADDRESS")
    if wei >= 1 << 256:
        raise UsageProblem("an account owns less than 2**256 wei", field="WEI")
    supervisor.call(chosen_chain_home(home), "tidan_setBalance", wanted, hex(wei))
    Terminal(as_json=as_json).answer(
        {"account": wanted, "balance": str(wei)},
        lambda console: console.print(f"✓ {wanted} owns {wei} wei"),
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

    A block at the new time is made at once."""
    from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

    seconds = seconds_in(duration, "DURATION")
    if seconds > _FURTHEST:
        raise UsageProblem(f"at most {_FURTHEST} seconds at once", field="DURATION")
    path = chosen_chain_home(home)
    offset = int(supervisor.call(path, "tidan_advanceTime", seconds), 16)
    Terminal(as_json=as_json).answer(
        {"advanced": seconds, "clockOffset": offset},
        lambda console: console.print(f"✓ the chain's clock is {offset} seconds ahead"),
    )


def _serve_here(terminal: Terminal, home: Path, port: int | None, chain_id: int | None) -> None:
    from tidan_cli.process_entry import checkpoints  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded.anvil import find_anvil  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded.log import log_to_standard_error  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded.service import Options, serve  # noqa: PLC0415  heavy

    log_to_standard_error()
    serve(
        Options(home, find_anvil(os.environ), port, chain_id),
        on_ready=lambda chain: _announce(
            terminal,
            "runs; Ctrl-C stops it",
            {
                "url": chain.url,
                "pid": chain.pid,
                "chainId": chain.chain_id,
                "home": chain.home,
                "ranAlready": False,
            },
        ),
        checkpoints=checkpoints(),
    )


def _announce(terminal: Terminal, words: str, answer: Document) -> None:
    def tell(console: Console) -> None:
        console.print(Text("✓ ", style="green") + Text(f"the chain {words}"))
        console.print(
            facts(
                (
                    ("url", answer["url"]),
                    ("chain id", answer["chainId"]),
                    ("pid", answer["pid"]),
                    ("home", answer["home"]),
                )
            )
        )

    terminal.answer(answer, tell)


def _tell_status(console: Console, answer: Document) -> None:
    snapshots = [
        f"block {kept['height']} ({kept['bytes']:,} bytes)" for kept in answer["snapshots"]
    ]
    rebuilt = answer["rebuilt"]
    console.print(
        facts(
            (
                ("url", answer["url"]),
                ("chain id", answer["chainId"]),
                ("home", answer["home"]),
                ("pid", f"{answer['pid']}, anvil {answer['anvilPid']}"),
                ("height", answer["height"]),
                ("last block", answer["hash"]),
                ("first block", answer["genesisHash"]),
                ("clock", f"{answer['clockOffset']} seconds ahead"),
                ("waiting", f"{answer['waiting']} transactions"),
                ("journal", f"{answer['journalBytes']:,} bytes"),
                ("snapshots", ", ".join(snapshots) or "none yet"),
                (
                    "last rebuilt",
                    f"{rebuilt['blocks']} blocks after block {rebuilt['fromHeight']}"
                    f" in {rebuilt['seconds']} s",
                ),
            )
        )
    )
    if answer["setAside"]:
        warning = "Not everything came back. Set aside, to be looked at and then deleted:"
        console.print(Text(warning, style="bold red"))
        for name in answer["setAside"]:
            console.print(Text(f"  {name}"))
