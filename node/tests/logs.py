"""What a process logs while a test runs."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from tidan_node.web.logging import configure


@contextmanager
def captured(level: str = "info") -> Iterator[io.StringIO]:
    """The log as the node would write it; logging is put back as it was."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure(level, stream)
    try:
        yield stream
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()
