"""A small node that answers as it is told, over real HTTP, and the command line run against it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.main import run
from tidan_node.ledger.abi import CONTRACTS

Json = dict[str, Any]  # Any: JSON


@dataclass
class Asked:
    """A request that the fake node was sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


class Streamed(bytes):
    """Server-sent events, after which the connection breaks off."""

    @classmethod
    def of(cls, *messages: tuple[str, object]) -> Streamed:
        """Each message with its id."""
        lines = (f"id: {name}\ndata: {json.dumps(data)}\n\n" for name, data in messages)
        return cls(b": open\n\n" + "".join(lines).encode())


@dataclass
class FakeNode:
    """Answers each (method, path) with what was put there; a list is answered item by item."""

    url: str = ""
    answers: dict[tuple[str, str], list[tuple[int, object]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, method: str, path: str, *bodies: object, status: int = 200) -> None:
        """The answers to this request in their order; the last one is given from then on."""
        self.answers[method, path] = [(status, body) for body in bodies]

    def refuse(self, method: str, path: str, slug: str, status: int, **members: object) -> None:
        problem = {"type": f"/v1/problems/{slug}", "title": slug, "status": status} | members
        self.answers[method, path] = [(status, problem)]

    def taken(self, method: str, path: str) -> list[Asked]:
        return [asked for asked in self.asked if (asked.method, asked.path) == (method, path)]

    def respond(self, asked: Asked) -> tuple[int, object]:
        self.asked.append(asked)
        answers = self.answers.get((asked.method, asked.path))
        if not answers:
            detail = f"{asked.method} {asked.path} is not known to the fake node"
            return 404, {"type": "/v1/problems/not-found", "title": "?", "detail": detail}
        return answers.pop(0) if len(answers) > 1 else answers[0]


class _Handler(BaseHTTPRequestHandler):
    node: FakeNode

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
        status, body = self.node.respond(asked)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        with suppress(ConnectionError):  # a command that was interrupted no longer listens
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if isinstance(body, Streamed):
                self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815  names of the standard library

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name upstream
        """Quiet."""


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeNode]:
    """A fake node that commands talk to unless they are told another one."""
    fake = FakeNode()
    handler = type("Handler", (_Handler,), {"node": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    for name in ("TIDAN_NODE_HOME", "TIDAN_TRACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TIDAN_NODE_URL", fake.url)
    monkeypatch.setenv("TIDAN_API_KEY", "tidan_test_key")
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Ended:
    """How one command line ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Json:
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value

    @property
    def problem(self) -> Json:
        value = json.loads(self.err)
        assert isinstance(value, dict)
        return value


class CommandLine:
    """Runs `tidan` in this process, as its entry point does."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: object) -> Ended:
        self._capture.readouterr()
        code = run([str(argument) for argument in arguments])
        said = self._capture.readouterr()
        return Ended(int(code), said.out, said.err)


class Told:
    """What a node answers, as its API describes it."""

    title_id = "0x3f2a91c0" + "ab" * 28
    other_id = "0x3f2a91c0" + "cd" * 28
    transaction = "0x" + "7e" * 32
    streamed = staticmethod(Streamed.of)
    operation_id = "0199c5c2-8a41-7c3e-9d50-1f2a3b4c5d6e"
    carrier = {"index": 1, "name": "Paper Heron Demo Line"}  # noqa: RUF012  never changed
    shipper = {"index": 2, "name": "Jade Kiln Demo Exports"}  # noqa: RUF012  never changed
    as_of = {  # noqa: RUF012  never changed
        "block": 17,
        "hash": "0x" + "22" * 32,
        "time": "2026-10-06T09:30:00Z",
    }

    def operation(self, status: str = "succeeded", **members: object) -> Json:
        place = {"txHash": self.transaction, "blockNumber": 17, "logIndex": 0}
        return {
            "id": self.operation_id,
            "kind": "title.offer",
            "target": self.title_id,
            "status": status,
            "createdAt": "2026-10-06T09:00:00Z",
            "updatedAt": "2026-10-06T09:00:01Z",
            "deadline": None,
            "result": place if status == "succeeded" else None,
            "problem": None,
        } | members

    def accepted(self, status: str = "initialized", **members: object) -> Json:
        return {"operation": self.operation(status), "title": self.title_id} | members

    def title(self, id_: str = title_id, **members: object) -> Json:
        return {
            "id": id_,
            "series": "0x" + "11" * 32,
            "status": "LIVE",
            "kind": "ORDER",
            "seq": 1,
            "issuer": self.carrier,
            "possessor": self.shipper,
            "titleholder": self.shipper,
            "offer": None,
            "contentRoot": "0x" + "33" * 32,
            "schema": 1,
            "version": 1,
            "head": "0x" + "44" * 32,
            "holdsContent": True,
            "asOf": self.as_of,
        } | members

    def act(self, seq: int, name: str) -> Json:
        return {
            "seq": seq,
            "act": name,
            "by": self.carrier,
            "at": "2026-10-06T09:00:00Z",
            "block": 10 + seq,
            "blockHash": "0x" + "55" * 32,
            "txHash": self.transaction,
            "head": "0x" + "66" * 32,
            "details": {},
        }

    def page(self, *items: Json, next_cursor: str | None = None) -> Json:
        return {"items": list(items), "nextCursor": next_cursor, "asOf": self.as_of}


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manifest of contracts that no chain has."""
    word = "0x" + "11" * 32
    contract = {"address": "0x" + "22" * 20, "artifactHash": word}
    document = {
        "format": 1,
        "chainId": 1337,
        "genesisHash": word,
        "block": 1,
        "contracts": dict.fromkeys(CONTRACTS, contract),
        "gasPrice": 0,
        "finalityDepth": 0,
    }
    path = tmp_path_factory.mktemp("consortium") / "manifest.json"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def tidan(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)
