"""`tidan node init|migrate|serve|renew-…|reindex`: a node of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, connected
from tidan_cli.documents import file_bytes
from tidan_cli.failures import typed_at
from tidan_cli.node_choice import chosen_home
from tidan_cli.options import DEFAULT_TIMEOUT, AsJson, Timeout, example
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
    host: Annotated[
        str,
        typer.Option(
            help="The address to listen on for the party's own people, by plain http: if it is to"
            " be reached from other machines, put a proxy that speaks TLS before it."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8750,
    exchange_host: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="The address to listen on for other nodes, by TLS; as --host."
        ),
    ] = None,
    exchange_port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="The port to listen on for other nodes; --port and 1000."
        ),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where other nodes reach this one, an https URL."),
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
        exchange_host=exchange_host,
        exchange_port=exchange_port,
        public_url=public_url,
        database_url=database_url,
    )
    with terminal.waiting("making keys, settings and database"):
        answer = make_home(home, new, checkpoints())
    terminal.answer(answer, lambda console: _made(console, answer))


@app.command("migrate", epilog=example("tidan node migrate --home carrier"))
def migrate(*, home: OwnHome = None, as_json: AsJson = False) -> None:
    """Bring the node's database, and those of linked chains, to the form that this version needs.

    No process of the node may run meanwhile."""
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


@app.command("renew-certificate", epilog=example("tidan node renew-certificate --home carrier"))
def renew_certificate(
    *, home: OwnHome = None, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Give the node, which must run, a new certificate that other nodes know it by.

    Its profile pins both, the node shows the new one, and then the old one is dropped. A run that
    was interrupted is gone on with by the next one."""
    from tidan_cli.certificate_renewal import Renewal  # noqa: PLC0415  heavy
    from tidan_cli.home_lock import sole_renewal  # noqa: PLC0415  heavy
    from tidan_cli.node_settings import settings_of  # noqa: PLC0415  heavy
    from tidan_cli.process_entry import checkpoints  # noqa: PLC0415  heavy

    terminal, folder = Terminal(as_json=as_json), chosen_home(home)
    with (
        sole_renewal(folder),
        connected(None, folder) as client,
        terminal.waiting("renewing the certificate"),
    ):
        answer = Renewal(settings_of(folder), client, timeout, checkpoints()).run()
    terminal.answer(answer, lambda console: _renewed(console, answer))


@app.command("renew-exchange-key", epilog=example("tidan node renew-exchange-key --home carrier"))
def renew_exchange_key(
    *, home: OwnHome = None, timeout: Timeout = DEFAULT_TIMEOUT, as_json: AsJson = False
) -> None:
    """Give the node, which must run, new keys to sign and to be written to by other nodes.

    The profile names them, and other nodes believe the former ones no more. These stay in the home,
    for what was sealed with them and is on its way. A run that was interrupted, or that waits for
    approval, is gone on with by the next one."""
    from tidan_cli.exchange_key_renewal import ExchangeKeyRenewal  # noqa: PLC0415  heavy
    from tidan_cli.home_lock import sole_renewal  # noqa: PLC0415  heavy
    from tidan_cli.node_settings import settings_of  # noqa: PLC0415  heavy
    from tidan_cli.process_entry import checkpoints  # noqa: PLC0415  heavy

    terminal, folder = Terminal(as_json=as_json), chosen_home(home)
    with (
        sole_renewal(folder),
        connected(None, folder) as client,
        terminal.waiting("renewing the exchange keys"),
    ):
        answer = ExchangeKeyRenewal(settings_of(folder), client, timeout, checkpoints()).run()
    terminal.answer(answer, lambda console: _keys_renewed(console, answer))


@app.command(
    "reindex",
    epilog=example(
        "tidan node reindex --home carrier", "tidan node reindex --chain shanghai --home carrier"
    ),
)
def reindex(
    *,
    chain: Annotated[
        str,
        typer.Option(metavar="NAME|ID", help="Which of the chains that `tidan node status` shows."),
    ] = "home",
    home: OwnHome = None,
    as_json: AsJson = False,
) -> None:
    """Read the chain anew, and put what it tells in place of the node's view of it. The node may
    run meanwhile; its readers see the view of before until all is read."""
    from tidan_cli.upkeep import reindex_database  # noqa: PLC0415  heavy

    terminal = Terminal(as_json=as_json)
    with terminal.counting("blocks read anew") as progress:
        answer = reindex_database(chosen_home(home), chain, progress)
    terminal.answer(answer, lambda console: _reindexed(console, answer))


def _made(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text(f"a node home is at {answer['home']}"))
    console.print(
        facts(
            (
                ("account", answer["account"]),
                ("numbers documents of", ", ".join(answer["codes"])),
                ("other nodes reach it at", answer["nodeUrl"]),
                ("send this to the authority", answer["card"]),
                ("then run it", f"tidan node serve --home {answer['home']}"),
            )
        )
    )


def _migrated(console: Console, answer: Document) -> None:
    for chain, revisions in {None: answer["applied"], **answer["linkedChains"]}.items():
        applied = ", ".join(revisions) or "nothing was to be done"
        which = "the database" if chain is None else f"the database of {chain}"
        console.print(Text("✓ ", style="green") + Text(f"{which} is up to date: {applied}"))


def _serving(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text(f"the node listens at {answer['url']}"))
    if answer["exchangeUrl"] is None:
        told = "it has no certificate, so other nodes cannot reach it by TLS:"
        console.print(Text(f"  {told} `tidan node renew-certificate` makes one", style="yellow"))
    else:
        told = f"and for other nodes at {answer['exchangeUrl']}, by a certificate until"
        console.print(Text(f"  {told} {answer['certificateEnds'][:10]}", style="dim"))


def _renewed(console: Console, answer: Document) -> None:
    told = f"other nodes know this one by a new certificate, until {answer['ends'][:10]}"
    console.print(Text("✓ ", style="green") + Text(told))
    console.print(Text(f"  SHA-256 {answer['certificate']}", style="dim"))


def _keys_renewed(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text("other nodes know this one by new keys"))
    console.print(Text(f"  the former ones are kept: {answer['former']}", style="dim"))
    if answer["certificatesDropped"]:
        told = "the profile's certificates spoke of the former key: `tidan party certify` again"
        console.print(Text(f"  {told}", style="yellow"))


def _reindexed(console: Console, answer: Document) -> None:
    as_of = answer["asOf"]
    told = "there is nothing to read yet" if as_of is None else f"up to block {as_of['block']}"
    console.print(Text("✓ ", style="green") + Text(f"{answer['chain']} is read anew: {told}"))
