"""One stream of a node's messages, over as many connections as it takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from httpx_sse import ServerSentEvent

from tidan_cli.client import NodeClient
from tidan_cli.failures import NodeUnreachable

_SILENCE = 45.0
"""Seconds: a node says every 15 that it is alive."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


def messages(
    client: NodeClient,
    path: str,
    *,
    note: Callable[[str], None],
    deadline: float | None = None,
    **query: object,
) -> Iterator[ServerSentEvent]:
    """Every message with something in it, until the deadline (of `time.monotonic`), if there is
    one. What breaks off is gone on with behind the last message; only a first connection that
    fails is a failure."""
    last: str | None = None
    begun, pause = False, _FIRST_PAUSE
    while not _over(deadline):
        try:
            patience = _SILENCE if deadline is None else min(_SILENCE, _left(deadline))
            with client.streamed(path, last=last, patience=patience, **query) as received:
                begun = True
                for message in received:
                    pause, last = _FIRST_PAUSE, message.id or last
                    if message.data:
                        yield message
                    if _over(deadline):
                        return
        except NodeUnreachable as problem:
            if not begun:
                raise
            if _over(deadline):
                return
            note(f"{problem.detail}; trying again")
        time.sleep(min(pause, _left(deadline)))
        pause = min(pause * 2, _LONGEST_PAUSE)


def _left(deadline: float | None) -> float:
    return _LONGEST_PAUSE if deadline is None else max(0.001, deadline - time.monotonic())


def _over(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline
