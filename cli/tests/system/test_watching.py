"""Watching by real processes: a watch outlives the node, and does not keep it from ending."""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from tests.system.consortium import PATIENCE, Consortium, Member
from tidan_cli.demo.commands import tidan_program

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON
Came = queue.Queue[tuple[dict[str, str], bytes]]

_SOONER_THAN_THE_GRACE = 8
"""Seconds: the server gives answers ten to end by themselves."""

# A parent in the background hands SIGINT down as ignored; a terminal does not.
_AS_AT_A_TERMINAL = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from tidan_cli.main import main; main()"
)


@pytest.fixture(scope="module")
def carrier(consortium: Consortium) -> Member:
    return consortium.member("carrier", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ")


@pytest.fixture
def receiver() -> Iterator[tuple[str, Came]]:
    """A server that takes whatever is delivered, and where."""
    came: Came = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.put((dict(self.headers.items()), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name upstream
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", came
    server.shutdown()
    thread.join()
    server.server_close()


def issue(carrier: Member, document: Json) -> str:
    body = {"document": document, "titleholder": carrier.identifier}
    answer = carrier.post("/v1/titles", body, str(uuid4()))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["title"])


def test_a_watch_outlives_the_node_and_does_not_keep_it_from_ending(
    carrier: Member, transport_document: Json
) -> None:
    carrier.serve()
    words = ["title", "watch", "--from-start", "--json", "--home", str(carrier.home)]
    with subprocess.Popen(
        [tidan_program()[0], "-c", _AS_AT_A_TERMINAL, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watch:
        assert watch.stdout is not None
        first = issue(carrier, transport_document)
        assert json.loads(watch.stdout.readline())["subject"] == first

        carrier.kill()
        carrier.serve()
        again = transport_document | {
            "transportDocumentReference": transport_document["transportDocumentReference"] + "B"
        }
        second = issue(carrier, again)
        assert json.loads(watch.stdout.readline())["subject"] == second

        assert carrier.process is not None
        carrier.process.terminate()
        assert carrier.process.wait(_SOONER_THAN_THE_GRACE) == 0

        watch.send_signal(signal.SIGINT)
        out, err = watch.communicate(timeout=PATIENCE)
    assert (watch.returncode, out, err) == (130, "", "")


def test_a_node_that_dies_before_it_has_noted_a_delivery_delivers_again(
    carrier: Member, transport_document: Json, receiver: tuple[str, Came]
) -> None:
    url, came = receiver
    carrier.stop()
    carrier.serve(crash_at="webhook.delivered.before-commit")
    made = carrier.tidan("webhook", "add", url, "--type", "tidan.title").answer
    with contextlib.suppress(httpx.HTTPError):  # it may die before it can answer
        issue(carrier, transport_document)
    carrier.wait_for_crash()
    carrier.serve()
    second = transport_document | {
        "transportDocumentReference": transport_document["transportDocumentReference"] + "B"
    }
    issue(carrier, second)

    deliveries = [came.get(timeout=PATIENCE) for _ in range(3)]
    events = [Webhook(made["secret"]).verify(body, headers) for headers, body in deliveries]
    assert events[0] == events[1]
    assert [each["type"] for each in events] == ["tidan.title.issued"] * 3
    assert events[2]["data"]["block"] > events[0]["data"]["block"]
    carrier.stop()
