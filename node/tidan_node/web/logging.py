"""JSON lines with the request's id; never a query string, a body, a key or a document."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Final, TextIO

import structlog
from sqlalchemy.exc import OperationalError

LEVELS: Final = ("debug", "info", "warning", "error")
_REQUESTS: Final = "tidan_node.web.access"
_QUIET: Final = ("uvicorn.access", "httpx", "httpcore", "aiosqlite", "alembic")


def configure(level: str, stream: TextIO = sys.stderr) -> None:
    """Everything that this process logs, ours or a library's, leaves as one JSON line."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _Lines(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _without_message_of_exceptions],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Lines(logging.StreamHandler[TextIO]):
    """Writes whole lines, of whatever makes them."""

    def write(self, line: str) -> None:
        with self.lock or nullcontext():
            self.stream.write(line)
            self.flush()


def log_request(**told: object) -> None:
    """The line that each request has, as the others are. There are more of these than of all
    others together, and what makes those takes longer than many a request."""
    root = logging.getLogger()
    if not root.isEnabledFor(logging.INFO):
        return
    known = structlog.contextvars.get_contextvars()
    line = {**told, "event": "request", **known, "level": "info", "logger": _REQUESTS}
    line["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    text = json.dumps(line) + "\n"
    for handler in root.handlers:
        if isinstance(handler, _Lines):
            handler.write(text)


def what_failed(error: BaseException) -> dict[str, object]:
    """An exception for the log: its kind and its path through our code.

    Its message stays out, since a library's message may quote the document or the key that it
    failed on; only what the operating system and the database say is known to be free of them.
    """
    kinds = [type(error).__name__]
    cause = error.__cause__
    while cause is not None and len(kinds) < 5:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    told: dict[str, object] = {
        "error": " from ".join(kinds),
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if isinstance(error, OperationalError):
        told["reason"] = str(error.orig)
    elif isinstance(error, OSError):
        told["reason"] = error.strerror or ""
    return told


def _without_message_of_exceptions(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    raised = event.pop("exc_info", None)
    if isinstance(raised, tuple) and isinstance(raised[1], BaseException):
        event.update(what_failed(raised[1]))
    event.pop("exc_text", None)
    return event
