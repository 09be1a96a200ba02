"""Server-sent events: an answer that goes on while there is something to tell.

Nothing of the request's is held open between two messages, least of all a connection to SQL.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse

from tidan_node.problems import Problem

EVENT_STREAM: Final = "text/event-stream"
HEARTBEAT: Final = 15.0
"""Seconds after which a silent stream shows that it is alive; proxies close what is silent."""

MOST_STREAMS: Final = 1000
RETRY_MILLISECONDS: Final = 1000

STREAMED: Final[dict[int | str, dict[str, Any]]] = {  # Any: OpenAPI
    200: {
        "description": "Server-sent events, until the reader goes or the node ends.",
        "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
    }
}


class TooManyStreams(Problem):
    """Each stream is a connection of its own; some must end before more can begin."""

    status, slug, title = 503, "too-many-streams", "The node has as many streams as it can keep"


class Streams:
    """How many streams there are, so that they cannot take all connections of this process."""

    def __init__(self, most: int = MOST_STREAMS, *, heartbeat: float = HEARTBEAT) -> None:
        self._most = most
        self.heartbeat = heartbeat
        self.count = 0

    def response(self, messages: AsyncIterator[bytes]) -> StreamingResponse:
        """The answer that these messages make."""
        if self.count >= self._most:
            raise TooManyStreams(f"{self._most} streams are open")
        return StreamingResponse(
            self._counted(messages),
            media_type=EVENT_STREAM,
            headers={"X-Accel-Buffering": "no"},  # nginx would keep messages back
        )

    async def _counted(self, messages: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        self.count += 1
        try:
            async for message in messages:
                yield message
        finally:
            self.count -= 1


def message(*, position: str | None = None, name: str | None = None, data: str) -> bytes:
    """One event; `position` is what the reader shows to go on after it."""
    return format_sse_event(data_str=data, event=name, id=position)


def greeting(position: str | None = None) -> bytes:
    """Sent at once: the reader sees that it is let in, and learns where the stream begins."""
    return format_sse_event(comment="open", id=position, retry=RETRY_MILLISECONDS)


def heartbeat(position: str | None = None) -> bytes:
    """Nothing happened. The position goes on where what happened was not asked for."""
    return format_sse_event(comment="alive", id=position)
