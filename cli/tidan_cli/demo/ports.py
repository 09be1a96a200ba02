"""Ports for a demo's nodes: free now, and none that outgoing connections are given."""

from __future__ import annotations

import random
import socket
from typing import Final

from tidan_cli.failures import StepFailed

FIRST: Final = 10_000
LAST: Final = 32_000
"""Below 32,768, where systems begin to hand out the ports of outgoing connections."""
_TRIES: Final = 1_000


def free_ports(count: int, chance: random.Random) -> list[int]:
    """So many ports that nobody listens on; those in use are passed over."""
    found: list[int] = []
    for _ in range(_TRIES):
        if len(found) == count:
            return found
        port = chance.randint(FIRST, LAST)
        if port not in found and is_free(port):
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
