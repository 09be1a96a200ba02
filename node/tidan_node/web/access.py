"""What every request gets, whatever becomes of it: an id, a log line, a measure, safe headers."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final

import structlog
from starlette.datastructures import MutableHeaders

from tidan_node.web.errors import unexpected
from tidan_node.web.logging import what_failed

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tidan_node.web.metrics import Metrics

REQUEST_ID: Final = "X-Request-Id"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_log = structlog.stdlib.get_logger(__name__)


class Access:
    """The outermost layer. Neither path nor query is logged, only the pattern that matched."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = secrets.token_hex(12)
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers[REQUEST_ID] = request_id
            await send(message)

        # what is learnt on the way is named here, so that it ends with the request
        known = {"request": request_id, "caller": None, "operation": None}
        with structlog.contextvars.bound_contextvars(**known):
            try:
                await self._app(scope, receive, send_marked)
            except Exception as error:
                _log.error("request failed", **what_failed(error))
                if status:
                    raise  # half an answer is out: the connection must break
                await unexpected(request_id)(scope, receive, send_marked)
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "unmatched")
            self._metrics.answered(
                method=scope["method"], route=route, status=status, seconds=seconds
            )
            _log.info(
                "request",
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 2),
            )
