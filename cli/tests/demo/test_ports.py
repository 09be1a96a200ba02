"""Ports that are in use are found and passed over."""

from __future__ import annotations

import random
import socket

import pytest

from tidan_cli.demo.ports import FIRST, LAST, free_ports, is_free
from tidan_node.settings import EXCHANGE_ABOVE


@pytest.mark.parametrize("above", [0, EXCHANGE_ABOVE])
def test_a_port_is_passed_over_that_somebody_listens_on_or_where_others_would_come(
    above: int,
) -> None:
    wanted = free_ports(1, random.Random(417))[0]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", wanted + above))
        listener.listen()

        assert not is_free(wanted + above)
        assert free_ports(1, random.Random(417))[0] != wanted


def test_all_are_different_and_none_is_one_of_outgoing_connections() -> None:
    ports = free_ports(20, random.Random(1))

    every = [each for port in ports for each in (port, port + EXCHANGE_ABOVE)]
    assert len(set(every)) == 40
    assert all(FIRST <= port < 32_768 for port in every)
    assert max(ports) <= LAST
