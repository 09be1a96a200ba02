"""`tidan audit title|party|period|chain|trail`: the chain alone, against what the node says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidan_cli.audit_options import Chain, Csv, Force, Jsonl, ManifestFile, Report
from tidan_cli.options import AsJson, Home, Node, TitleArgument, example

app = typer.Typer(no_args_is_help=True, help="Audits: what the chain says, against what is told.")


@app.callback()
def audit() -> None:
    """Audits: what the chain says, against what is told."""


@app.command("title", epilog=example("tidan audit title 3f2a91c0 --home carrier"))
def title(
    title: TitleArgument,
    *,
    chain: Chain = None,
    manifest: ManifestFile = None,
    node: Node = None,
    home: Home = None,
    jsonl: Jsonl = None,
    csv: Csv = None,
    report: Report = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild a title's history from the chain alone, and hold the node's answers against it.

    The history is held against the contract's record and head, and every act against the rules.
    A node that has not read the newest blocks is behind; what it says must have been so then."""
    from tidan_cli.audit_errand import AuditErrand, AuditFiles  # noqa: PLC0415  heavy
    from tidan_cli.audits import of_title  # noqa: PLC0415

    files = AuditFiles(jsonl, csv, report, force)
    of_title(AuditErrand(chain, manifest, node, home, as_json, files), title)


@app.command("party", epilog=example("tidan audit party LEI:5299… --csv acts.csv --home regulator"))
def party(
    party: Annotated[
        str, typer.Argument(metavar="PARTY", help="Its number, an identifier, or its exact name.")
    ],
    *,
    chain: Chain = None,
    manifest: ManifestFile = None,
    node: Node = None,
    home: Home = None,
    jsonl: Jsonl = None,
    csv: Csv = None,
    report: Report = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Audit a party: what it issued, holds and held, its acts, its standing and its anchors.

    Every record that it has a part in is replayed whole. The files have the party's own acts."""
    from tidan_cli.audit_errand import AuditErrand, AuditFiles  # noqa: PLC0415  heavy
    from tidan_cli.audits import of_party  # noqa: PLC0415

    files = AuditFiles(jsonl, csv, report, force)
    of_party(AuditErrand(chain, manifest, node, home, as_json, files), party)


@app.command(
    "period",
    epilog=example("tidan audit period --from 2026-10-01 --to 2026-10-31 --jsonl october.jsonl"),
)
def period(
    *,
    first: Annotated[
        str,
        typer.Option(
            "--from", metavar="WHEN", help="A day (UTC), or a moment with its zone, as the first."
        ),
    ],
    last: Annotated[
        str, typer.Option("--to", metavar="WHEN", help="A day or a moment, as the last.")
    ],
    chain: Chain = None,
    manifest: ManifestFile = None,
    node: Node = None,
    home: Home = None,
    jsonl: Jsonl = None,
    csv: Csv = None,
    report: Report = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Audit a period: who did what, by the time of the blocks.

    Every record that was acted on then is replayed whole; the acts shown are those of then."""
    from tidan_cli.audit_errand import AuditErrand, AuditFiles  # noqa: PLC0415  heavy
    from tidan_cli.audits import of_period  # noqa: PLC0415

    files = AuditFiles(jsonl, csv, report, force)
    of_period(AuditErrand(chain, manifest, node, home, as_json, files), first, last)


@app.command("chain", epilog=example("tidan audit chain --report october.jws --home regulator"))
def chain(
    *,
    chain: Chain = None,
    manifest: ManifestFile = None,
    node: Node = None,
    home: Home = None,
    jsonl: Jsonl = None,
    csv: Csv = None,
    report: Report = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Replay the whole chain, and hold the node's answers, documents, blocks and trail against it.

    Every title, invoice, policy, party and anchor of the chain is rebuilt from its events, held
    against the contracts' heads and the rules, and compared with what the node answers of it, its
    history too; then what the node lists and the chain has not, the blocks it has read, the
    documents it holds (it computes their roots, numbering and references anew), and its trail
    against the anchors on the chain.

    Not compared: a document that is gone altogether, the state of parcels and operations,
    webhooks, API keys, and what the node can make anew at any time."""
    from tidan_cli.audit_errand import AuditErrand, AuditFiles  # noqa: PLC0415  heavy
    from tidan_cli.audits import of_chain  # noqa: PLC0415

    files = AuditFiles(jsonl, csv, report, force)
    of_chain(AuditErrand(chain, manifest, node, home, as_json, files))


@app.command("trail", epilog=example("tidan audit trail --home carrier"))
def trail(
    *,
    chain: Chain = None,
    manifest: ManifestFile = None,
    node: Node = None,
    home: Home = None,
    jsonl: Jsonl = None,
    csv: Csv = None,
    report: Report = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Audit a node's trail: every entry hashed anew, and held against the anchors on the chain.

    The anchors are read from the chain, not from the node. The files have the entries, one a
    line."""
    from tidan_cli.audit_errand import AuditErrand, AuditFiles  # noqa: PLC0415  heavy
    from tidan_cli.audits import of_trail  # noqa: PLC0415

    files = AuditFiles(jsonl, csv, report, force)
    of_trail(AuditErrand(chain, manifest, node, home, as_json, files))


@app.command("verify-report", epilog=example("tidan audit verify-report october.jws"))
def verify_report(
    report: Annotated[
        Path, typer.Argument(metavar="FILE", help="A report that `--report` has written.")
    ],
    *,
    chain: Chain = None,
    manifest: ManifestFile = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check who signed an audit's report, by the signing key that the chain has of that party."""
    from tidan_cli.audits import of_report  # noqa: PLC0415  heavy

    of_report(report, chain=chain, manifest=manifest, home=home, as_json=as_json)
