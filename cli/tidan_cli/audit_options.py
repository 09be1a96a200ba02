"""The options that audits share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Chain = Annotated[
    str | None,
    typer.Option(
        "--chain",
        metavar="URL",
        help="The chain to believe; that of the node's home when left out.",
        rich_help_panel="Which chain",
    ),
]
ManifestFile = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="The consortium's manifest; that of the home when left out.",
        rich_help_panel="Which chain",
    ),
]
Jsonl = Annotated[
    Path | None,
    typer.Option(
        "--jsonl",
        metavar="FILE",
        help="Write the acts to FILE as JSON Lines, one a line.",
        rich_help_panel="Files",
    ),
]
Csv = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        metavar="FILE",
        help="Write the acts to FILE as CSV, one a line.",
        rich_help_panel="Files",
    ),
]
Report = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Have the node sign a report of the audit, and write it to FILE. Of long lists it has"
        " the beginning and the number of the rest, with the hash of all exported lines.",
        rich_help_panel="Files",
    ),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force", help="Write over files that are there already.", rich_help_panel="Files"
    ),
]
