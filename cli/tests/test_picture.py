"""The README's picture is what its script draws."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_committed_picture_is_the_one_that_the_script_draws() -> None:
    drawn = runpy.run_path(str(DOCS / "picture.py"))["picture"]()

    assert (DOCS / "tidan.svg").read_text(encoding="utf-8") == drawn, "run python docs/picture.py"
