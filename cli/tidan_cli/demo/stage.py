"""The stage of the demo: a chain and its nodes, processes of their own, set up and taken down."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tidan_cli.client import NodeClient
from tidan_cli.demo.cast import Chamber, Member
from tidan_cli.demo.commands import environment, tidan, tidan_program
from tidan_cli.demo.ports import free_ports
from tidan_cli.demo.running import CHAIN, Running
from tidan_cli.demo.signals import deferred
from tidan_cli.demo.timeline import Timeline
from tidan_cli.failures import Answered, NodeUnreachable, StepFailed
from tidan_cli.node_choice import NodeAccess, read_client_file
from tidan_node.ledger.embedded import supervisor
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
        self.running = Running(folder)
        self._timeline = timeline
        self._keep = keep
        self._clients: dict[str, NodeClient] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def home_of(self, member: Member) -> Path:
        return self.folder / member.key

    def set_up(self, codes: Mapping[str, Sequence[str]], chamber: Chamber) -> None:
        """A chain with contracts, the Council of the first members, and a node for everybody."""
        (self.folder / "logs").mkdir(parents=True)
        self.running.keep()
        self._timeline.heading("The stage")
        with self._timeline.step("Chain", "starts") as note:
            note.command, chain_url = self.start_chain()
            note.what = f"an embedded chain at {chain_url}"
        with self._timeline.step("Authority", "deploys the contracts") as note:
            deployed = tidan(
                *("chain", "deploy", "--home", self.chain_home),
                *("--threshold", str(chamber.threshold)),
            )
            note.command, note.block = deployed.command, deployed.answer["block"]
            note.what = f"deploys {len(deployed.answer['contracts'])} contracts"
        with self._timeline.step("Everyone", "makes a node of their own") as note:
            note.command = self._make_homes(chain_url, deployed.answer["manifest"], codes)
            note.what = f"{len(self.members)} node homes: keys, settings, database, card"
        # The nodes start meanwhile: they need no member's standing to read the chain.
        for member in self.members:
            self.start_node(member)
        self._found(chamber)
        with self._timeline.step("Everyone", "starts their node") as note:
            self.everyone_has_seen(self.height())
            note.what = f"{len(self.members)} nodes run and have read the chain"

    def start_chain(self) -> tuple[str, str]:
        """Start the chain, or find it running; the command, and where the chain is."""
        outcome = tidan("chain", "up", "--home", self.chain_home)
        chain = ChainHome(self.chain_home).announced()
        if chain is None:
            raise StepFailed("the chain started, and does not say where it is")
        self.running.add(CHAIN, chain.pid)
        return outcome.command, chain.url

    def start_node(self, member: Member) -> None:
        """Start a member's node, without waiting for it; one that was killed is started anew."""
        home = self.home_of(member)
        if member.key in self._processes:
            self._processes[member.key].wait()
        with self._log_of(member).open("ab") as stream, deferred():
            process = subprocess.Popen(  # noqa: S603  our own program, arguments of our own
                [*tidan_program(), "node", "serve", "--home", str(home)],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env=environment() | _QUICK,
                start_new_session=True,
                preexec_fn=None if self._keep else dying_with_parent(),  # noqa: PLW1509  it only ties
            )
            self._processes[member.key] = process
            self.running.add(member.key, process.pid)
        if member.key not in self._clients:
            access = read_client_file(home)
            self._clients[member.key] = NodeClient(NodeAccess(access.url, access.api_key))

    def stop_node(self, member: Member) -> None:
        """End a member's node, as whoever runs it would."""
        process = self._processes.pop(member.key)
        process.terminate()
        process.wait()

    def await_ready(self, member: Member) -> None:
        """Wait until a member's node has read the whole chain."""
        block = self.height()
        self.until(member, lambda client: _seen(client) >= block, "is not ready")

    def everyone_has_seen(self, block: int) -> None:
        """Wait until every node that runs has read the chain up to this block."""
        for member in self.members:
            if member.key in self._processes:
                self.until(member, lambda client: _seen(client) >= block, f"has not seen {block}")

    def height(self) -> int:
        """The newest block of the chain."""
        return int(supervisor.status(self.chain_home)["height"])

    def chain_id(self) -> int:
        return int(supervisor.status(self.chain_home)["chainId"])

    def url_of(self, member: Member) -> str:
        """Where the people of a member find its node."""
        return read_client_file(self.home_of(member)).url

    def advance_clock(self, duration: str) -> str:
        """Put the chain's clock forward, and wait until every node has seen it; the command."""
        outcome = tidan("chain", "advance", duration, "--home", self.chain_home)
        self.everyone_has_seen(self.height())
        return outcome.command

    def card_of(self, member: Member) -> Path:
        return self.home_of(member) / "party-card.json"

    def until(self, member: Member, is_so: Callable[[NodeClient], bool], otherwise: str) -> None:
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
                    "url": self.url_of(member),
                }
                for member in self.members
            ],
        }

    def strike(self, *, remove: bool) -> None:
        """End every process; remove the folder with everything in it."""
        self.leave()
        self.running.end()
        for process in self._processes.values():
            process.wait()
        if remove:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _make_homes(self, chain_url: str, manifest: str, codes: Mapping[str, Sequence[str]]) -> str:
        ports = free_ports(len(self.members), random.Random())  # noqa: S311  any port will do

        def make(member: Member, port: int) -> str:
            outcome = tidan(
                *("node", "init", "--home", self.home_of(member), "--name", member.name),
                *("--role", member.role, "--identifier", member.identifier),
                *(word for code in codes.get(member.key, ()) for word in ("--code", code)),
                *("--manifest", manifest, "--chain", chain_url, "--port", str(port)),
            )
            return outcome.command

        with ThreadPoolExecutor(len(self.members)) as pool:
            commands = list(pool.map(make, self.members, ports))
        return commands[0]

    def _found(self, chamber: Chamber) -> None:
        with self._timeline.step("Authority", "enrols the first members") as note:
            outcome = tidan(
                "council",
                "found",
                *(self.card_of(each) for each in chamber.founders),
                *("--chain-home", self.chain_home),
            )
            note.command = outcome.command
            terms, seats = outcome.answer["terms"], outcome.answer["seats"]
            decide = f"{terms['threshold']} of its {len(seats)} members decide"
            note.what = f"enrols and founds the Council: {decide}"

    def _log_of(self, member: Member) -> Path:
        return self.folder / "logs" / f"{member.key}.log"

    def _last_words(self, member: Member) -> str:
        lines = self._log_of(member).read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it left no word"


def _seen(client: NodeClient) -> int:
    """The newest block that the node has read."""
    return int(client.get("/v1/parties", limit=1)["asOf"]["block"])
