"""Ports that a chain keeps for its life: free now, and none that outgoing connections are given."""

from __future__ import annotations

import random
import socket
from typing import Final

from tidan_node.ledger.embedded.problems import PortTaken

HOST: Final = "127.0.0.1"
_FIRST, _LAST = 10_000, 31_999
_TRIES: Final = 1_000


def free_ports(count: int, first: int | None) -> list[int]:
    """So many ports that nobody listens on: those from the first one on, or any."""
    if first is not None:
        wanted = list(range(first, first + count))
        taken = [port for port in wanted if not _is_free(port)]
        if taken:
            raise PortTaken(
                f"port {taken[0]} of {HOST} is taken, and those from {first} to {wanted[-1]} are"
                " needed; leave it out to have free ones",
                field="--port",
            )
        return wanted
    found: set[int] = set()
    for _ in range(_TRIES):
        port = random.randint(_FIRST, _LAST)  # noqa: S311  nothing secret
        if _is_free(port):
            found.add(port)
        if len(found) == count:
            return sorted(found)
    raise PortTaken(f"{HOST} has no {count} free ports from {_FIRST} to {_LAST}")


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True
