"""A carrier with a node of eight accounts on a chain of its own, and titles to act on."""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from eth_hash.auto import keccak

from benchmarks.processes import cpu_seconds
from tidan_cli.demo.commands import tidan, tidan_program
from tidan_cli.demo.ports import free_ports
from tidan_cli.node_choice import read_client_file
from tidan_node.domain.identifiers import Address, PartyIndex, TitleId, to_hex
from tidan_node.domain.proofs.record_ids import title_id_of
from tidan_node.domain.titles.terms import TitleKind, packed
from tidan_node.ledger import keystore
from tidan_node.ledger.answers import Receipt
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import LocalSigner, Signer
from tidan_node.ledger.submission import Submitter

ACCOUNTS: Final = 8
_NOBODY: Final = Address("0x" + "00" * 20)
_WITHOUT_WAITING: Final = 1337
"""The id of the chain on which the consortium's waits may be none."""

_ISSUED_AT_ONCE: Final = 100
_PATIENCE: Final = 600.0
_ENDOWMENT: Final = 10**18
_LAST_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Engine:
    """What makes the blocks: the words of `tidan chain up`."""

    name: str
    words: tuple[str, ...] = ()
    is_paid: bool = False


EMBEDDED: Final = Engine("embedded")
GETH: Final = Engine("geth-clique", ("--engine", "geth-clique", "--validators", "4"), is_paid=True)


class Carrier:
    """The homes of its chain and of its node; what is in them can be brought back as it was."""

    def __init__(self, folder: Path, engine: Engine, *, database_url: str | None = None) -> None:
        self._folder = folder
        self._engine = engine
        self.chain_home = folder / "now" / "chain"
        self.node_home = folder / "now" / "node"
        self._database_url = database_url
        self.titles: list[TitleId] = []
        self.url = ""

    def found(self, titles: int) -> None:
        """Chain, contracts, carrier, accounts, titles; all of it stopped, and kept."""
        words = (*self._engine.words, "--chain-id", str(_WITHOUT_WAITING))
        self.url = str(tidan("chain", "up", "--home", self.chain_home, *words).answer["url"])
        try:
            self._enrol(titles)
        finally:
            tidan("chain", "down", "--home", self.chain_home)
        (self._folder / "now").rename(self._folder / "kept")

    def _enrol(self, titles: int) -> None:
        at_once = ("--delay", "0s", "--objection-window", "0s")
        tidan("chain", "deploy", "--home", self.chain_home, *at_once)
        self._make_node()
        card = self.node_home / "party-card.json"
        enrolled = tidan("party", "enrol", card, "--chain-home", self.chain_home).answer
        party = PartyIndex(int(enrolled["party"]["index"]))
        for signer in self.signers() if self._engine.is_paid else ():
            self._pay(signer.address)
        asyncio.run(self._add_accounts(party))
        self.titles = asyncio.run(self._issue(party, titles))
        with self.serving() as node:
            node.wait_until(lambda: node.knows(self.titles[-1]))

    @contextmanager
    def chain(self) -> Iterator[None]:
        """The chain as it was founded, running."""
        shutil.rmtree(self._folder / "now", ignore_errors=True)
        shutil.copytree(self._folder / "kept", self._folder / "now", symlinks=True)
        tidan("chain", "up", "--home", self.chain_home)
        try:
            yield
        finally:
            tidan("chain", "down", "--home", self.chain_home)

    @contextmanager
    def serving(self) -> Iterator[Serving]:
        """Its node, running."""
        kept = self._folder / "serve.log"
        with (
            kept.open("ab") as log,
            subprocess.Popen(
                [*tidan_program(), "node", "serve", "--home", str(self.node_home)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            ) as process,
        ):
            try:
                node = Serving(process, self.node_home, kept)
                node.wait_until(node.is_ready)
                yield node
            finally:
                process.terminate()

    def signers(self) -> list[Signer]:
        """The node's own account, and those of its lanes."""
        password = (self.node_home / "keystore.password").read_text().strip()
        keys = [keystore.open(self.node_home / "account.json", password)]
        keys += keystore.open_all(self.node_home / "lanes", password)
        return [LocalSigner(key) for key in keys]

    @property
    def manifest(self) -> Manifest:
        return Manifest.from_json((self.chain_home / "manifest.json").read_bytes())

    def _make_node(self) -> None:
        port, other = free_ports(2, random.Random())  # noqa: S311  no secret
        more = () if self._database_url is None else ("--database-url", self._database_url)
        tidan(
            *("node", "init", "--home", self.node_home, "--name", "Blue Line", "--role", "carrier"),
            *("--identifier", "SMDG:BLU", "--code", "SMDG:BLU"),
            *("--manifest", self.chain_home / "manifest.json", "--chain", self.url),
            *("--port", str(port), "--exchange-port", str(other), *more),
        )
        password = (self.node_home / "keystore.password").read_text().strip()
        for lane in range(1, ACCOUNTS):
            keystore.create(self.node_home / "lanes" / f"{lane}.json", password, work=2)

    def _pay(self, account: Address) -> None:
        tidan("chain", "fund", account, str(_ENDOWMENT), "--home", self.chain_home)

    async def _add_accounts(self, party: PartyIndex) -> None:
        rpc, manifest = Rpc(self.url), self.manifest
        own, *others = self.signers()
        submitter = Submitter(rpc, own, manifest.chain_id, manifest.gas_price)
        registry = manifest.address_of("PartyRegistry")
        for other in others:
            for function, arguments in (
                ("requestRotation", (other.address, _NOBODY)),
                ("completeRotation", (party,)),
            ):
                data = encode_call(Call("PartyRegistry", function, arguments))
                await _final(rpc, manifest, await submitter.submit(registry, data))
        await rpc.close()

    async def _issue(self, party: PartyIndex, count: int) -> list[TitleId]:
        """Titles to its own order, without documents."""
        rpc, manifest = Rpc(self.url), self.manifest
        submitter = Submitter(rpc, self.signers()[0], manifest.chain_id, manifest.gas_price)
        terms = packed(party, party, TitleKind.ORDER, 1, 1, 0)
        names = [f"BENCH-{number}" for number in range(count)]
        for start in range(0, count, _ISSUED_AT_ONCE):
            issued = [
                (_number(name), _number(name), "0x" + f"{start + place:064x}", terms)
                for place, name in enumerate(names[start : start + _ISSUED_AT_ONCE], 1)
            ]
            data = encode_call(Call("TitleRegistry", "issueBatch", (issued,)))
            receipt = await submitter.submit(manifest.address_of("TitleRegistry"), data)
            await _final(rpc, manifest, receipt)
        await rpc.close()
        return [title_id_of(party, _number(name)) for name in names]


class Serving:
    """A running node, as its caller sees it, and what it costs."""

    def __init__(self, process: subprocess.Popen[bytes], home: Path, log: Path) -> None:
        self._process = process
        self._log = log
        self.access = read_client_file(home)
        self.headers = {"Authorization": f"Bearer {self.access.api_key}"}

    def wait_until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not true():
            if time.monotonic() > end or self._process.poll() is not None:
                raise TimeoutError(f"the node does not come to it: {self._last_words()}")
            time.sleep(0.1)

    def is_ready(self) -> bool:
        with suppress(httpx.HTTPError):
            return self._get("/health/ready").status_code == httpx.codes.OK
        return False

    def knows(self, title: TitleId) -> bool:
        return self._get(f"/v1/titles/{title}").status_code == httpx.codes.OK

    def cpu_seconds(self) -> float:
        """What the process has used so far, in user and system mode."""
        return cpu_seconds(self._process.pid)

    def _last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-_LAST_LINES:])

    @property
    def pid(self) -> int:
        return self._process.pid

    def _get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.access.url}{path}", headers=self.headers, timeout=30)


async def _final(rpc: Rpc, manifest: Manifest, receipt: Receipt) -> None:
    """Validators may still change their minds about newer blocks, and then it is in another one."""
    while True:
        head = int(await rpc.call("eth_blockNumber"), 16)
        found = await rpc.call("eth_getTransactionReceipt", receipt.tx_hash)
        if found and int(found["blockNumber"], 16) + manifest.finality_depth <= head:
            return
        await asyncio.sleep(0.1)


def _number(name: str) -> str:
    return to_hex(keccak(name.encode()))
