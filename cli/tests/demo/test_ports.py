"""Ports that are in use are found and passed over."""

from __future__ import annotations

import random
import socket

from tidan_cli.demo.ports import FIRST, LAST, free_ports, is_free


def test_a_port_that_somebody_listens_on_is_passed_over() -> None:
    wanted = free_ports(1, random.Random(417))[0]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", wanted))
        listener.listen()

        assert not is_free(wanted)
        assert free_ports(1, random.Random(417))[0] != wanted


def test_all_are_different_and_none_is_one_of_outgoing_connections() -> None:
    ports = free_ports(20, random.Random(1))

    assert len(set(ports)) == 20
    assert all(FIRST <= port <= LAST for port in ports)
