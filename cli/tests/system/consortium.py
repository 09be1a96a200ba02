"""A small consortium of real processes for system tests: a chain, its contracts, and members."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx

from tidan_cli.demo.commands import Outcome, tidan, tidan_program
from tidan_cli.demo.ports import free_ports
from tidan_cli.exits import ExitCode
from tidan_cli.node_choice import read_client_file
from tidan_node.domain.tls_certificates import certificate_texts
from tidan_node.public_roots import roots_for

Json = dict[str, Any]  # Any: JSON

PATIENCE: Final = 60.0
CRASHED: Final = 137


def wait_until(true: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
    """Look again and again until it is so; a test that waits in vain says for what."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain: {what}")
        pause.wait(0.05)


@dataclass
class Member:
    """A party with a node of its own, which can be killed and started again."""

    home: Path
    identifier: str
    process: subprocess.Popen[bytes] | None = None
    port: int | None = None
    """Of a second process of the home, which listens elsewhere than the first."""

    def beside(self) -> Member:
        """Another process of the same node; its database must be a server's."""
        return replace(self, process=None, port=free_port())

    def tidan(self, *words: str | Path, expected: ExitCode = ExitCode.DONE) -> Outcome:
        return tidan(*words, "--home", self.home, expected=expected)

    def serve(
        self, *, crash_at: str | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        """Start the node and wait until it answers; with `crash_at` it ends itself there."""
        self.start(crash_at=crash_at, settings=settings)
        wait_until(self.answers, f"{self.home.name} answers")

    def start(
        self, *, crash_at: str | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        """The same, for a node that may have ended itself before it can answer."""
        environment = os.environ | ({"TIDAN_CRASH_AT": crash_at} if crash_at else {})
        environment |= settings or {}
        if self.port is not None:
            environment["TIDAN_PORT"] = str(self.port)
            environment["TIDAN_EXCHANGE_PORT"] = str(free_port())
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*tidan_program(), "node", "serve", "--home", str(self.home)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
            )

    def answers(self) -> bool:
        """Whether it is ready, and has read of the chain whose it is."""
        if self.process is None or self.process.poll() is not None:
            log = (self.home / "serve.log").read_text(errors="replace")
            raise AssertionError(f"the node of {self.home.name} ended:\n{log[-3000:]}")
        try:
            with self.client() as client:
                if client.get("/health/ready", timeout=5).status_code != 200:
                    return False
                return client.get("/v1/me").status_code != 503
        except httpx.HTTPError:
            return False

    @property
    def access(self) -> Any:  # Any: NodeAccess, whose module is the command line's own
        told = read_client_file(self.home)
        return told if self.port is None else replace(told, url=f"http://127.0.0.1:{self.port}")

    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.access.url,
            headers={"Authorization": f"Bearer {self.access.api_key}"},
            timeout=30,
            trust_env=False,
            verify=roots_for(self.access.url),
        )

    def get(self, path: str) -> Json:
        with self.client() as client:
            answer = client.get(path)
        answer.raise_for_status()
        document: Json = answer.json()
        return document

    def knows(self, title: str) -> bool:
        """Whether it has read on the chain that the title was issued."""
        with self.client() as client:
            return client.get(f"/v1/titles/{title}").status_code == 200

    @property
    def serves(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def has_read(self, block: int) -> bool:
        """Whether what it answers is as of that block of the chain, or of a later one."""
        return int(self.get("/v1/parties?limit=1")["asOf"]["block"]) >= block

    def content(self, path: str) -> bytes:
        """A file that the node keeps, as it is."""
        with self.client() as client:
            answer = client.get(path)
        answer.raise_for_status()
        return answer.content

    def post(self, path: str, body: object, key: str) -> httpx.Response:
        with self.client() as client:
            return client.post(path, json=body, headers={"Idempotency-Key": key})

    def operation_ended(self, operation: str) -> bool:
        return self.get(f"/v1/operations/{operation}")["status"] in ("succeeded", "failed")

    def send_signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """`kill -9`, as power loss or the kernel would."""
        if self.process is not None and self.serves:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(PATIENCE)

    def wait_for_crash(self) -> None:
        assert self.process is not None
        assert self.process.wait(PATIENCE) == CRASHED

    def stop(self) -> None:
        if self.process is not None and self.serves:
            self.process.terminate()
            self.process.wait(PATIENCE)


class Consortium:
    """An embedded chain with the contracts on it, and the members that were let in."""

    def __init__(self, folder: Path) -> None:
        self.chain_home = folder / "chain"
        self._folder = folder
        self.members: list[Member] = []
        self.chain_up()
        tidan("chain", "deploy", "--home", self.chain_home)

    def chain_up(self) -> None:
        self.chain_url = str(tidan("chain", "up", "--home", self.chain_home).answer["url"])

    def member(
        self,
        name: str,
        role: str,
        identifier: str,
        *codes: str,
        exchange_port: int | None = None,
        public_url: str | None = None,
        also_pinned: bytes | None = None,
        database_url: str | None = None,
    ) -> Member:
        """A new party: initialised, enrolled, not yet serving. Its profile may pin a certificate of
        somebody else besides its node's."""
        home = self._folder / name
        code_options = [word for code in codes for word in ("--code", code)]
        url_options = [] if public_url is None else ["--public-url", public_url]
        if database_url is not None:
            url_options += ["--database-url", database_url]
        tidan(
            *("node", "init", "--home", home, "--name", name, "--role", role),
            *("--identifier", identifier, *code_options, *url_options),
            *("--manifest", self.chain_home / "manifest.json", "--chain", self.chain_url),
            *("--port", str(free_port())),
            *("--exchange-port", str(exchange_port or free_port())),
        )
        if also_pinned is not None:
            _pin(home / "party-card.json", also_pinned)
        tidan("party", "enrol", home / "party-card.json", "--chain-home", self.chain_home)
        member = Member(home, identifier)
        self.members.append(member)
        return member

    def advance(self, duration: str) -> None:
        """Put the chain's clock forward, and wait until every node that serves has read of it."""
        tidan("chain", "advance", duration, "--home", self.chain_home)
        block = int(tidan("chain", "status", "--home", self.chain_home).answer["height"])
        for member in self.members:
            if member.serves:
                seen = partial(member.has_read, block)
                wait_until(seen, f"{member.home.name} has read block {block}")

    def kill_chain(self) -> None:
        """`kill -9` of the chain's proxy; its anvil goes with it."""
        status = tidan("chain", "status", "--home", self.chain_home).answer
        os.kill(int(status["pid"]), signal.SIGKILL)
        wait_until(lambda: not _alive(int(status["pid"])), "the chain's process is gone")

    def close(self) -> None:
        for member in self.members:
            member.stop()
        tidan("chain", "down", "--home", self.chain_home)


def _pin(card: Path, certificate: bytes) -> None:
    told: Json = json.loads(card.read_text())
    told["tlsCertificates"] += certificate_texts([certificate])
    card.write_text(json.dumps(told))


def ports_of_a_node() -> int:
    """A port for a node's people; nobody listens there now, nor where other nodes would come."""
    (port,) = free_ports(1, random.Random())
    return port


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
