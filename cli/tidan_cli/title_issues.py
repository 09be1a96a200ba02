"""`tidan title issue-batch`: many titles in one act."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidan_cli.client import NodeClient
from tidan_cli.documents import body_of, json_texts
from tidan_cli.following import Asked, Errand
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    Wait,
    example,
)
from tidan_cli.output import counted
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching
from tidan_cli.title import IssuePossessor, IssueTitleholder
from tidan_cli.title_sequels import after_several


def register(group: RecordGroup) -> None:
    """Add the command to the group of titles."""
    group.app.command(
        "issue-batch",
        epilog=example("tidan title issue-batch one.json two.json --titleholder LEI:5299…"),
    )(issue_batch)


def issue_batch(
    documents: Annotated[
        list[Path],
        typer.Argument(metavar="DOCUMENT…", help="1 to 100 transport documents (JSON, DCSA)."),
    ],
    *,
    possessor: IssuePossessor = None,
    titleholder: IssueTitleholder = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Issue several titles to the same holders in one act, as their carrier: all of them or none.

    Each package goes to the first possessor's node by itself."""
    holders = {"possessor": possessor, "titleholder": titleholder}
    stated = {name: party for name, party in holders.items() if party is not None}
    body = body_of({"titles": [{"document": each, **stated} for each in json_texts(documents)]})

    def ask(client: NodeClient, key: str) -> Asked:
        accepted = client.post_raw("/v1/title-batches", body, idempotency_key=key)
        issued: list[str] = accepted["titles"]
        sequel = after_several(issued) if possessor is not None else None
        return Asked(
            accepted, f"issued {counted(len(issued), 'title')}: {', '.join(issued)}", sequel
        )

    names = [str(each) for each in documents]
    with teaching("title", names[0], {"titles": names}):
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(ask)
