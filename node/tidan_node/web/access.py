"""What every request gets, whatever becomes of it: an id, a log line, a measure, safe headers."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final

import structlog

from tidan_node.web.errors import unexpected
from tidan_node.web.logging import log_request, what_failed

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tidan_node.web.metrics import Metrics

REQUEST_ID: Final = "X-Request-Id"
_ID_HEADER: Final = REQUEST_ID.lower().encode()
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
"""Unless the answer has other ones of these names."""

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
                sent = message["headers"]
                named = {name for name, _ in sent}
                more = [header for header in _HEADERS if header[0] not in named]
                message["headers"] = [*sent, *more, (_ID_HEADER, request_id.encode())]
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
            log_request(
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 2),
            )
