"""What a client does to a chain that is killed under it, and what it may then expect."""

from __future__ import annotations

from random import Random
from typing import Any

import httpx
from eth_hash.auto import keccak

from tests.ledger.embedded.chains import BLOCK_HASH_RUNTIME, LOGGER_RUNTIME, Account, Client

KNOWN = ("already known", "nonce too low")


class Workload:
    """Sends transactions, remembers each answer, and sends again what was not answered."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._accounts = [Account(1 + number) for number in range(4)]
        self._contracts: list[str] = []
        self._unanswered: list[str] = []
        self.sent: list[str] = []
        self.answered: set[str] = set()
        self.seen: dict[int, dict[str, Any]] = {}
        self.receipts: dict[str, dict[str, Any]] = {}
        self.logs: dict[str, list[dict[str, Any]]] = {}

    def send_some(self, client: Client, *, most: int = 6) -> bool:
        """Send a few, contracts too; False when the chain was lost meanwhile."""
        raws = [self._next() for _ in range(self._chance.randint(1, most))]
        self.sent += raws
        self._unanswered += raws
        return self.send_again(client)

    def send_again(self, client: Client) -> bool:
        """Send whatever has no answer yet; a node would do the same."""
        raws = list(self._unanswered)
        if not raws:
            return True
        try:
            answers = client.send(raws)
        except httpx.TransportError:
            return False
        for raw, answer in zip(raws, answers, strict=True):
            if "error" in answer:
                assert answer["error"]["message"].startswith(KNOWN), answer
            else:
                assert answer["result"] == name_of(raw)
            self.answered.add(name_of(raw))
        self._unanswered.clear()
        return True

    def look(self, client: Client) -> bool:
        """Remember the last block with all that is in it; False when the chain was lost."""
        try:
            block = client.call("eth_getBlockByNumber", "latest", True)
            for transaction in block["transactions"]:
                receipt = client.call("eth_getTransactionReceipt", transaction["hash"])
                self.receipts[transaction["hash"]] = receipt
            self.logs[block["hash"]] = client.call("eth_getLogs", {"blockHash": block["hash"]})
        except httpx.TransportError:
            return False
        self.seen[int(block["number"], 16)] = block
        return True

    def assert_all_is_there(self, client: Client) -> None:
        """Every block, receipt and log as it was seen; every transaction, and only once."""
        now = client.everything()
        for height, block in self.seen.items():
            assert now["blocks"][height] == block
        receipts = {receipt["transactionHash"]: receipt for receipt in now["receipts"]}
        for tx_hash, receipt in self.receipts.items():
            assert receipts[tx_hash] == receipt
        for block_hash, logs in self.logs.items():
            assert [one for one in now["logs"] if one["blockHash"] == block_hash] == logs
        on_chain = [one["hash"] for block in now["blocks"] for one in block["transactions"]]
        assert len(on_chain) == len(set(on_chain))
        assert set(on_chain) >= self.answered
        assert set(on_chain) <= {name_of(raw) for raw in self.sent}
        assert {receipt["status"] for receipt in now["receipts"]} <= {"0x1"}

    def _next(self) -> str:
        account = self._chance.choice(self._accounts)
        if not self._contracts or self._chance.random() < 0.1:
            runtime = self._chance.choice([LOGGER_RUNTIME, BLOCK_HASH_RUNTIME])
            raw, address = account.creating(runtime)
            self._contracts.append(address)
            return raw
        return account.signed(self._chance.choice(self._contracts), self._chance.randbytes(32))


def name_of(raw: str) -> str:
    return "0x" + keccak(bytes.fromhex(raw[2:])).hex()
