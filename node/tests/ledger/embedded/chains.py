"""An embedded chain as a process that tests may kill, and accounts that send to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.signer import LegacyTransaction, LocalSigner, created_address

CHAIN_ID = 1337
SCRIPT = Path(__file__).with_name("run_chain.py")

LOGGER_RUNTIME = bytes.fromhex("6000358080554260005260206000a100")
"""Stores the word it is called with, and logs the time under it."""

BLOCK_HASH_RUNTIME = bytes.fromhex("6001430340435500")
"""Stores the hash of the block before under this block's number."""


def creation_code(runtime: bytes) -> bytes:
    """What a transaction without a recipient holds to create a contract of this code."""
    size = f"{len(runtime):02x}"
    return bytes.fromhex(f"60{size}600c60003960{size}6000f3") + runtime


class Account:
    """A key that counts its own nonces."""

    def __init__(self, number: int) -> None:
        self._signer = LocalSigner(number.to_bytes(32))
        self.address = self._signer.address
        self.nonce = 0

    def signed(  # one parameter a field of the transaction
        self,
        to: Address | None,
        data: bytes = b"",
        *,
        nonce: int | None = None,
        gas: int = 100_000,
        gas_price: int = 0,
        value: int = 0,
        chain_id: int = CHAIN_ID,
    ) -> str:
        """The raw transaction; without a nonce it is the next one, which is then used up."""
        if nonce is None:
            nonce, self.nonce = self.nonce, self.nonce + 1
        transaction = LegacyTransaction(
            chain_id=chain_id,
            nonce=nonce,
            gas_price=gas_price,
            gas=gas,
            to=to,
            value=value,
            data=data,
        )
        return "0x" + self._signer.sign(transaction).raw.hex()

    def creating(self, runtime: bytes) -> tuple[str, Address]:
        """The raw transaction that creates a contract, and where it will be."""
        address = created_address(self.address, self.nonce)
        return self.signed(None, creation_code(runtime), gas=200_000), address


class RpcFailed(Exception):
    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]


class Client:
    """JSON-RPC as a node speaks it."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=60, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def call(self, method: str, *params: object) -> Any:
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        answer = self._http.post("/", json=request).json()
        if "error" in answer:
            raise RpcFailed(answer["error"])
        return answer["result"]

    def batch(self, calls: Sequence[tuple[str, Sequence[object]]]) -> list[dict[str, Any]]:
        """Answers in the order of the calls, as many a request as the chain takes."""
        requests = [
            {"jsonrpc": "2.0", "id": at, "method": method, "params": list(params)}
            for at, (method, params) in enumerate(calls)
        ]
        answers: list[dict[str, Any]] = []
        for start in range(0, len(requests), 1000):
            answers += self._http.post("/", json=requests[start : start + 1000]).json()
        assert [answer["id"] for answer in answers] == list(range(len(calls)))
        return answers

    def send(self, raws: Sequence[str]) -> list[dict[str, Any]]:
        return self.batch([("eth_sendRawTransaction", [raw]) for raw in raws])

    def height(self) -> int:
        return int(self.call("eth_blockNumber"), 16)

    def blocks(self) -> list[dict[str, Any]]:
        """All blocks with their transactions, the first one included."""
        numbers = range(self.height() + 1)
        answers = self.batch([("eth_getBlockByNumber", [hex(at), True]) for at in numbers])
        return [answer["result"] for answer in answers]

    def everything(self) -> dict[str, Any]:
        """All that can be seen of the chain: blocks, receipts, logs."""
        blocks = self.blocks()
        hashes = [one["hash"] for block in blocks for one in block["transactions"]]
        receipts = self.batch([("eth_getTransactionReceipt", [tx_hash]) for tx_hash in hashes])
        logs = self.call("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"})
        return {
            "blocks": blocks,
            "receipts": [answer["result"] for answer in receipts],
            "logs": logs,
        }


class ChainProcess:
    """One proxy with its anvil."""

    def __init__(self, home: Path, *, crash_at: str = "", snapshot_every: int = 1000) -> None:
        self.home = home
        command = [sys.executable, str(SCRIPT), str(home), crash_at, str(snapshot_every)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            # A crash while it starts is what some tests ask for; they look at `process`.
            self.finish()
            self.client = None
            return
        ready = json.loads(line)
        self.url = ready["url"]
        self.client = Client(self.url)

    @property
    def anvil(self) -> int:
        return int(self.client.call("tidan_status")["anvilPid"])

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.finish()

    def kill_anvil(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pinned_anvil(), signal.SIGKILL)

    def pinned_anvil(self) -> int:
        """The pid of anvil without asking anybody: the chain may be down."""
        return int(json.loads((self.home / "anvil.json").read_text())["pid"])

    def stop(self) -> None:
        """As Ctrl-C or `tidan chain down` do."""
        self.process.send_signal(signal.SIGTERM)
        assert self.finish() == 0

    def finish(self) -> int:
        """Wait until it has ended, and give its exit code."""
        _, self.said = self.process.communicate(timeout=60)
        return self.process.returncode


@contextlib.contextmanager
def chain_process(
    home: Path, *, crash_at: str = "", snapshot_every: int = 1000
) -> Iterator[ChainProcess]:
    """A chain for as long as a test needs it; killed at the end if it still runs."""
    chain = ChainProcess(home, crash_at=crash_at, snapshot_every=snapshot_every)
    try:
        yield chain
    finally:
        if chain.process.returncode is None:
            chain.kill()
        if chain.client is not None:
            chain.client.close()
