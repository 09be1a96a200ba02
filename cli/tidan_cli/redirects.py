"""The end of a sign-in in the browser: a redirect to this machine (RFC 8252), taken once."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tidan_cli.failures import SignInEnded

PATH: Final = "/callback"
_PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Tidan</title>'
    "<p>{}</p><p>You can close this window and go back to the command line.</p></html>"
)
_MOST_WORDS: Final = 64


class _Callback(BaseHTTPRequestHandler):
    """Takes a redirect that carries the state of this sign-in, and nothing else."""

    server: _Listener

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        carried = {name: values[0] for name, values in parse_qs(place.query).items()}
        expected = self.server.state.encode()
        mine = hmac.compare_digest(carried.get("state", "").encode(), expected)
        if place.path != PATH or not expected or not mine:
            self._say(404, "This is no sign-in that the command line waits for.")
            return
        said = "The sign-in was broken off." if "error" in carried else "The sign-in came through."
        self._say(200, said)
        self.server.carried = carried
        self.server.came.set()

    def _say(self, status: int, text: str) -> None:
        page = _PAGE.format(text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name upstream
        """Nothing is written of a request: its URL holds the code."""


class _Listener(ThreadingHTTPServer):
    """A thread for each connection: browsers open some that they say nothing on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Callback)
        self.state = ""
        self.carried: dict[str, str] = {}
        self.came = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle is no failure of the command."""


class RedirectListener:
    """A port of this machine that a browser is sent to."""

    def __init__(self, server: _Listener) -> None:
        self._server = server
        self.uri = f"http://127.0.0.1:{server.server_port}{PATH}"

    def expect(self, state: str) -> None:
        """From now on a redirect that carries this state is taken."""
        self._server.state = state

    def await_redirect(self, patience: float) -> dict[str, str]:
        """What the redirect carries, or why nobody has signed in."""
        if not self._server.came.wait(patience):
            raise SignInEnded("nobody came back from the provider in time", field="--timeout")
        carried = self._server.carried
        if "error" in carried or "code" not in carried:
            word = carried.get("error", "no code")[:_MOST_WORDS]
            raise SignInEnded(f"the provider says: {word}")
        return carried


@contextmanager
def listening() -> Iterator[RedirectListener]:
    """A listener on a port that was free."""
    with _Listener() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield RedirectListener(server)
        finally:
            server.shutdown()
            thread.join()
