"""What counts as this very machine."""

from __future__ import annotations

import pytest

from tidan_node.domain.loopback import is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_is(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "10.0.0.1", "127.0.0.1.example", "localhost.example", "::", "[::1]", "node"]
)
def test_others_are_not(host: str) -> None:
    assert not is_loopback(host)
