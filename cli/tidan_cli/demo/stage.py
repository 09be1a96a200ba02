"""The stage of the demo: a chain and its nodes, processes of their own, set up and taken down."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tidan_cli.client import NodeClient
from tidan_cli.demo.cast import CARRIER, Member
from tidan_cli.demo.commands import environment, tidan, tidan_program
from tidan_cli.demo.running import CHAIN, Running
from tidan_cli.demo.timeline import Timeline
from tidan_cli.failures import Answered, NodeUnreachable, StepFailed
from tidan_cli.node_choice import NodeAccess, read_client_file
from tidan_node.ledger.embedded.home import ChainHome
from tidan_node.ledger.embedded.processes import dying_with_parent

_PATIENCE: Final = 180.0
_PAUSE: Final = 0.05
_QUICK: Final = {"TIDAN_POLL_INTERVAL": "0.2"}
"""The nodes look at the chain more often than they need to, for those who watch."""


class Stage:
    """Everything that runs, in one folder; `strike` ends and removes it."""

    def __init__(
        self, folder: Path, members: Sequence[Member], timeline: Timeline, *, keep: bool
    ) -> None:
        self.folder = folder
        self.members = tuple(members)
        self.chain_home = folder / CHAIN
        self._running = Running(folder)
        self._timeline = timeline
        self._keep = keep
        self._clients: dict[str, NodeClient] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def home_of(self, member: Member) -> Path:
        return self.folder / member.key

    def set_up(self, carrier_codes: Sequence[str]) -> None:
        """A chain with contracts, and a node for each member, enrolled and ready."""
        for name in ("packages", "logs"):
            (self.folder / name).mkdir(parents=True)
        self._running.keep()
        self._timeline.heading("The stage")
        chain_url = self._start_chain()
        with self._timeline.step("Authority", "deploys the contracts") as note:
            deployed = tidan("chain", "deploy", "--home", self.chain_home)
            note.command, note.block = deployed.command, deployed.answer["block"]
            note.what = f"deploys {len(deployed.answer['contracts'])} contracts"
        with self._timeline.step("Everyone", "makes a node of their own") as note:
            note.command = self._make_homes(chain_url, deployed.answer["manifest"], carrier_codes)
            note.what = f"{len(self.members)} node homes: keys, settings, database, card"
        self._enrol()
        with self._timeline.step("Everyone", "starts their node") as note:
            self._start_nodes()
            note.what = f"{len(self.members)} nodes run and have read the chain"

    def everyone_has_seen(self, block: int) -> None:
        """Wait until every node has read the chain up to this block."""
        for member in self.members:
            self._until(lambda client: _seen(client) >= block, member, f"has not seen {block}")

    def leave(self) -> None:
        """Go, and let everything run on."""
        for client in self._clients.values():
            client.close()

    def what_is_kept(self) -> dict[str, object]:
        """Where everything is that runs on."""
        return {
            "folder": str(self.folder),
            "chainHome": str(self.chain_home),
            "nodes": [
                {
                    "key": member.key,
                    "home": str(self.home_of(member)),
                    "url": read_client_file(self.home_of(member)).url,
                }
                for member in self.members
            ],
        }

    def strike(self, *, remove: bool) -> None:
        """End every process; remove the folder with everything in it."""
        for client in self._clients.values():
            client.close()
        self._running.end()
        for process in self._processes.values():
            process.wait()
        if remove:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _make_homes(self, chain_url: str, manifest: str, carrier_codes: Sequence[str]) -> str:
        ports = _free_ports(len(self.members))

        def make(member: Member, port: int) -> str:
            codes = carrier_codes if member is CARRIER else ()
            outcome = tidan(
                *("node", "init", "--home", self.home_of(member), "--name", member.name),
                *("--role", member.role, "--identifier", member.identifier),
                *(word for code in codes for word in ("--code", code)),
                *("--manifest", manifest, "--chain", chain_url, "--port", str(port)),
            )
            return outcome.command

        with ThreadPoolExecutor(len(self.members)) as pool:
            commands = list(pool.map(make, self.members, ports))
        return commands[0]

    def _enrol(self) -> None:
        for member in self.members:
            with self._timeline.step("Authority", f"enrols {member.name}") as note:
                card = self.home_of(member) / "party-card.json"
                outcome = tidan("party", "enrol", card, "--chain-home", self.chain_home)
                note.command = outcome.command
                index = outcome.answer["party"]["index"]
                note.what = f"enrols {member.name}: party {index}"

    def _start_nodes(self) -> None:
        for member in self.members:
            log = self.folder / "logs" / f"{member.key}.log"
            self._start(member.key, ["node", "serve", "--home", str(self.home_of(member))], log)
        for member in self.members:
            access = read_client_file(self.home_of(member))
            self._clients[member.key] = NodeClient(NodeAccess(access.url, access.api_key))
            self._until(
                lambda client: len(client.listed("/v1/parties")["items"]) >= len(self.members),
                member,
                "is not ready",
            )

    def _start(self, name: str, arguments: list[str], log: Path) -> None:
        with log.open("ab") as stream:
            process = subprocess.Popen(  # noqa: S603  our own program, arguments of our own
                [*tidan_program(), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env=environment() | _QUICK,
                start_new_session=True,
                preexec_fn=None if self._keep else dying_with_parent(),  # noqa: PLW1509  it only ties
            )
        self._processes[name] = process
        self._running.add(name, process.pid)

    def _start_chain(self) -> str:
        with self._timeline.step("Chain", "starts") as note:
            outcome = tidan("chain", "up", "--home", self.chain_home)
            running = ChainHome(self.chain_home).announced()
            if running is None:
                raise StepFailed("the chain started, and does not say where it is")
            self._running.add(CHAIN, running.pid)
            note.command, note.what = outcome.command, f"an embedded chain at {running.url}"
        return running.url

    def _until(self, is_so: Callable[[NodeClient], bool], member: Member, otherwise: str) -> None:
        """Wait until a node's answer is as wanted; a node that has died is not waited for."""
        client, process = self._clients[member.key], self._processes[member.key]
        give_up_at = time.monotonic() + _PATIENCE
        while True:
            reason = otherwise
            try:
                if is_so(client):
                    return
            except (NodeUnreachable, Answered) as problem:
                reason = f"{otherwise}: {problem.detail}"
            if process.poll() is not None:
                raise StepFailed(f"the {member.key}'s node ended: {self._last_words(member)}")
            if time.monotonic() > give_up_at:
                raise StepFailed(f"the {member.key}'s node {reason}")
            time.sleep(_PAUSE)

    def _last_words(self, member: Member) -> str:
        log = self.folder / "logs" / f"{member.key}.log"
        lines = log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it left no word"


def _seen(client: NodeClient) -> int:
    """The newest block that the node has read."""
    return int(client.get("/v1/parties", limit=1)["asOf"]["block"])


def _free_ports(count: int) -> list[int]:
    """Ports that nobody has, each different: all are held until the last is found."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [int(listener.getsockname()[1]) for listener in listeners]
