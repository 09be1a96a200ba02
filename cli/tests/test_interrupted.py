"""Ctrl-C while a command waits: it ends, and tells what goes on without it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

# A parent in the background hands SIGINT down as ignored; a terminal does not.
_AS_AT_A_TERMINAL = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from tidan_cli.main import main; main()"
)


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Lets the node's answers go; at the latest when the test is over."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def interrupted(
    node: Any, released: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command, and interrupt it while the node keeps it waiting for this answer."""
    reached = threading.Event()
    respond = node.respond

    def run(method: str, path: str, *words: str) -> subprocess.CompletedProcess[str]:
        def answer_late(asked: Any) -> tuple[int, object]:
            answer: tuple[int, object] = respond(asked)
            if (asked.method, asked.path) == (method, path):
                reached.set()
                released.wait(60)
            return answer

        monkeypatch.setattr(node, "respond", answer_late)
        command = [sys.executable, "-c", _AS_AT_A_TERMINAL, *words]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert reached.wait(60)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        released.set()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    return run


class TestAfterTheRequest:
    @pytest.mark.parametrize("form", [(), ("--json",)])
    def test_the_operation_that_goes_on_is_named_with_the_key(
        self, node: Any, told: Any, interrupted: Any, form: tuple[str, ...]
    ) -> None:
        surrenders = f"/v1/titles/{told.title_id}/surrenders"
        operation = f"/v1/operations/{told.operation_id}"
        node.answer("POST", surrenders, told.accepted(), status=202)
        node.answer("GET", operation, told.operation("pending"))

        ended = interrupted("GET", operation, "title", "surrender", told.title_id, *form)

        (asked,) = node.taken("POST", surrenders)
        assert (ended.returncode, ended.stdout) == (130, "")
        assert f"tidan operation show {told.operation_id}" in ended.stderr
        assert f"--idempotency-key {asked.headers['Idempotency-Key']}" in ended.stderr
        assert ("/v1/problems/interrupted" in ended.stderr) == bool(form)

    def test_before_the_answer_the_key_makes_repeating_safe(
        self, node: Any, told: Any, interrupted: Any
    ) -> None:
        surrenders = f"/v1/titles/{told.title_id}/surrenders"
        node.answer("POST", surrenders, told.accepted(), status=202)

        ended = interrupted("POST", surrenders, "title", "surrender", told.title_id)

        (asked,) = node.taken("POST", surrenders)
        assert (ended.returncode, ended.stdout) == (130, "")
        assert f"--idempotency-key {asked.headers['Idempotency-Key']}" in ended.stderr
        assert "unknown" in ended.stderr


class TestBeforeTheRequest:
    def test_while_the_title_is_looked_up_nothing_is_told(
        self, node: Any, told: Any, interrupted: Any
    ) -> None:
        titles = "/v1/titles?limit=200"
        node.answer("GET", titles, told.page(told.title()))

        ended = interrupted("GET", titles, "title", "surrender", told.title_id[:12])

        assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
        assert [asked.method for asked in node.asked] == ["GET"]


class TestWatching:
    @pytest.mark.parametrize("form", [(), ("--json",)])
    def test_a_watch_ends_without_a_word(
        self, node: Any, told: Any, interrupted: Any, form: tuple[str, ...]
    ) -> None:
        events = "/v1/events?type=tidan.title"
        node.answer("GET", events, told.streamed())

        ended = interrupted("GET", events, "title", "watch", *form)

        assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
