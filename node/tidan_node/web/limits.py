"""No request is larger than the setting says, whether or not it says how large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from tidan_node.web.errors import problem_response
from tidan_node.web.refusals import TooLarge

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Refuses a body by its announced length, and by its counted bytes as they come in."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self._limit:
            await problem_response(self._refusal())(scope, receive, send)
            return
        counted = 0

        async def receive_counted() -> Message:
            nonlocal counted
            message = await receive()
            if message["type"] == "http.request":
                counted += len(message.get("body", b""))
                if counted > self._limit:
                    raise self._refusal()
            return message

        await self._app(scope, receive_counted, send)

    def _refusal(self) -> TooLarge:
        return TooLarge(
            f"the body is longer than {self._limit} bytes",
            field="body",
            rule="upload_limit",
            limit=self._limit,
        )
