"""Ports for a demo's nodes: free now, and none that outgoing connections are given."""

from __future__ import annotations

import random
import socket
from typing import Final

from tidan_cli.failures import StepFailed
from tidan_node.settings import EXCHANGE_ABOVE

FIRST: Final = 10_000
LAST: Final = 31_000
"""Also so far above it, where a node listens for others, below 32,768: there systems begin to hand
out the ports of outgoing connections."""
_TRIES: Final = 1_000


def free_ports(count: int, chance: random.Random) -> list[int]:
    """So many ports that a node can have, as nobody listens on them, nor where it listens for other
    nodes; those in use are passed over."""
    found: list[int] = []
    for _ in range(_TRIES):
        if len(found) == count:
            return found
        port = chance.randint(FIRST, LAST)
        both = {port, port + EXCHANGE_ABOVE}
        taken = {each for one in found for each in (one, one + EXCHANGE_ABOVE)}
        if not both & taken and all(map(is_free, both)):
            found.append(port)
    raise StepFailed(f"found no {count} free ports from {FIRST} to {LAST} on 127.0.0.1")


def is_free(port: int) -> bool:
    """Whether a server of ours could listen there now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
