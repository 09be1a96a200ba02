"""Ports in a row that a test may have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tidan_node.ledger.clique.ports import free_ports
from tidan_node.ledger.embedded.problems import PortTaken


@pytest.fixture
def free_row() -> Callable[[int], int]:
    """The first of so many ports in a row that nobody listens on now."""

    def found(count: int) -> int:
        while True:
            (first,) = free_ports(1, None)
            try:
                return free_ports(count, first)[0]
            except PortTaken:
                continue

    return found
