"""The options of enrolling parties, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AuthorityHomeOption = Annotated[
    Path | None,
    typer.Option(
        "--chain-home",
        metavar="DIR",
        help="Where `tidan chain deploy` left the manifest and the authority's keystore; else"
        " TIDAN_CHAIN_HOME, $TIDAN_HOME/chain or ~/.tidan/chain.",
    ),
]
AuthorityChain = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The chain; the one of that home when left out."),
]
Rulebook = Annotated[
    str, typer.Option(metavar="TEXT", help="The rulebook's version that the party accepted.")
]
GoverningLaw = Annotated[
    str, typer.Option(metavar="TEXT", help="The governing law that the party accepted.")
]
