"""A home is worked in by one, or served by several whose database says which of them works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidan_cli.failures import HomeBusy
from tidan_cli.home_lock import one_of_its_nodes, sole_user


def test_nodes_that_share_a_server_serve_one_home(tmp_path: Path) -> None:
    with one_of_its_nodes(tmp_path), one_of_its_nodes(tmp_path):
        pass


def test_while_one_serves_nobody_has_the_home_alone(tmp_path: Path) -> None:
    with one_of_its_nodes(tmp_path), pytest.raises(HomeBusy), sole_user(tmp_path):
        pass


def test_while_somebody_has_the_home_alone_nobody_serves_it(tmp_path: Path) -> None:
    with sole_user(tmp_path), pytest.raises(HomeBusy), one_of_its_nodes(tmp_path):
        pass
