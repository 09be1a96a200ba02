"""The options that many commands share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document for programs, and nothing else.")
]
Node = Annotated[
    str | None,
    typer.Option(
        "--node",
        metavar="URL",
        help="The node to talk to, with the key of TIDAN_API_KEY. Also TIDAN_NODE_URL.",
        rich_help_panel="Which node",
    ),
]
Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="A node home on this machine, made by `tidan node init`. Also TIDAN_NODE_HOME.",
        rich_help_panel="Which node",
    ),
]
Wait = Annotated[
    bool,
    typer.Option(
        "--wait/--no-wait",
        help="Wait until the operation has ended on the chain.",
        rich_help_panel="Waiting",
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0,
        help="How long to wait; the operation goes on afterwards.",
        rich_help_panel="Waiting",
    ),
]
IdempotencyKey = Annotated[
    str | None,
    typer.Option(
        "--idempotency-key",
        metavar="KEY",
        help="Repeat a request safely: the same key is carried out once. Made up when left out.",
        rich_help_panel="Waiting",
    ),
]
ExpectedSeq = Annotated[
    int | None,
    typer.Option(
        "--expected-seq",
        metavar="N",
        min=1,
        help="Act only if the record has had exactly this many acts.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="TIME",
        help="When it ends: 2026-05-31T12:00:00Z, or 7d from now (m, h, d, w), on the chain's clock"
        " where that is ahead. 14 days when left out.",
    ),
]
TitleArgument = Annotated[
    str,
    typer.Argument(
        metavar="TITLE",
        help="The title's id, its first 8 or more hex digits, or its B/L number if the node"
        " holds the document.",
    ),
]
PAGE = 50
Limit = Annotated[int, typer.Option("--limit", min=1, help="At most this many.")]

DEFAULT_TIMEOUT = 60.0


def example(*lines: str) -> str:
    """The closing words of a command's help: what it looks like when it is used."""
    return "Example: " + "  ·  ".join(lines)
