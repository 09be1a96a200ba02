"""geth for tests of real validators: where it is not, they are skipped; the gate skips nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tidan_node.ledger.clique.geth import find_geth
from tidan_node.ledger.clique.problems import GethMissing


def geth_or_skip() -> Path:
    """The geth that `make setup` has built."""
    try:
        return find_geth(os.environ)
    except GethMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(f"no geth, and CI skips nothing: {missing.detail}")
        pytest.skip(f"no geth: {missing.detail}")
