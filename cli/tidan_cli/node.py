"""`tidan node init|migrate|serve|reindex`: a node of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document
from tidan_cli.documents import file_bytes
from tidan_cli.failures import typed_at
from tidan_cli.node_choice import chosen_home
from tidan_cli.options import AsJson, example
from tidan_cli.output import Terminal, facts

app = typer.Typer(no_args_is_help=True, help="A node of one's own: make it, run it, look after it.")

OwnHome = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="The node's home. Also TIDAN_NODE_HOME."),
]


@app.command(
    "init",
    epilog=example(
        "tidan node init --home carrier --name 'Paper Heron Demo Line' --role CARRIER"
        " --identifier LEI:5299… --code SMDG:TDZ --manifest chain/manifest.json"
        " --chain http://127.0.0.1:8545"
    ),
)
def init(
    *,
    home: Annotated[Path, typer.Option(metavar="DIR", help="A folder that is not there yet.")],
    name: Annotated[str, typer.Option(help="The party's name.")],
    role: Annotated[
        list[str],
        typer.Option(
            metavar="ROLE",
            help="CARRIER, TRADER, BANK, INSURER, REGULATOR, KEYHOLDER, NOTARY or OPERATOR;"
            " more than once for several.",
        ),
    ],
    identifier: Annotated[
        list[str],
        typer.Option(
            metavar="SCHEME:VALUE",
            help="What names the party in a public list, as LEI:5299…; more than once for several."
            " Its invoices and policies are numbered under it.",
        ),
    ],
    manifest: Annotated[
        Path, typer.Option(metavar="FILE", help="The manifest.json of the consortium.")
    ],
    chain: Annotated[str, typer.Option(metavar="URL", help="The JSON-RPC endpoint of the chain.")],
    code: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LIST:CODE",
            help="A carrier code, as SMDG:MSC; more than once for several.",
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8750,
    public_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where others reach the node.")
    ] = None,
    database_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="An async SQLAlchemy URL; SQLite in the home without."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a node home: keys, settings, a migrated database, and the card to be enrolled with.

    Nothing that is there is written over. The card goes to the authority: `tidan party enrol`."""
    from tidan_cli.node_home import NewNode, make_home  # noqa: PLC0415  heavy
    from tidan_cli.process_entry import checkpoints  # noqa: PLC0415  heavy
    from tidan_node.domain.identifiers import IssuerCode  # noqa: PLC0415  heavy
    from tidan_node.domain.parties import Role, role_named  # noqa: PLC0415  heavy
    from tidan_node.ledger.manifest import Manifest  # noqa: PLC0415  heavy

    roles = Role(0)
    for each in role:
        with typed_at("--role"):
            roles |= role_named(each)
    with typed_at("--manifest"):
        consortium = Manifest.from_json(file_bytes(manifest))
    terminal = Terminal(as_json=as_json)
    new = NewNode(
        name=name,
        identifiers=tuple(identifier),
        roles=roles,
        codes=tuple(IssuerCode(each) for each in dict.fromkeys([*(code or []), *identifier])),
        manifest=consortium,
        chain_url=chain,
        host=host,
        port=port,
        public_url=public_url,
        database_url=database_url,
    )
    with terminal.waiting("making keys, settings and database"):
        answer = make_home(home, new, checkpoints())
    terminal.answer(answer, lambda console: _made(console, answer))


@app.command("migrate", epilog=example("tidan node migrate --home carrier"))
def migrate(*, home: OwnHome = None, as_json: AsJson = False) -> None:
    """Bring the node's database to the form that this version needs."""
    from tidan_cli.upkeep import migrate_database  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    with terminal.waiting("migrating the database"):
        answer = migrate_database(chosen_home(home))
    terminal.answer(answer, lambda console: _migrated(console, answer))


@app.command("serve", epilog=example("tidan node serve --home carrier"))
def serve(*, home: OwnHome = None, as_json: AsJson = False) -> None:
    """Run the node until it is told to stop. With --json it says where it listens, once it does."""
    from tidan_cli.serving import serve_node  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    serve_node(
        chosen_home(home),
        lambda answer: terminal.answer(answer, lambda console: _serving(console, answer)),
    )


@app.command("reindex", epilog=example("tidan node reindex --home carrier"))
def reindex(*, home: OwnHome = None, as_json: AsJson = False) -> None:
    """Drop the node's view of the chain and read it anew. The node must not run meanwhile."""
    from tidan_cli.upkeep import reindex_database  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    with terminal.counting("blocks read anew") as progress:
        answer = reindex_database(chosen_home(home), progress)
    terminal.answer(answer, lambda console: _reindexed(console, answer))


def _made(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text(f"a node home is at {answer['home']}"))
    console.print(
        facts(
            (
                ("account", answer["account"]),
                ("numbers documents of", ", ".join(answer["codes"])),
                ("send this to the authority", answer["card"]),
                ("then run it", f"tidan node serve --home {answer['home']}"),
            )
        )
    )


def _migrated(console: Console, answer: Document) -> None:
    applied = ", ".join(answer["applied"]) or "nothing was to be done"
    console.print(Text("✓ ", style="green") + Text(f"the database is up to date: {applied}"))


def _serving(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text(f"the node listens at {answer['url']}"))


def _reindexed(console: Console, answer: Document) -> None:
    as_of = answer["asOf"]
    told = "there is nothing to read yet" if as_of is None else f"up to block {as_of['block']}"
    console.print(Text("✓ ", style="green") + Text(f"the chain is read anew: {told}"))
