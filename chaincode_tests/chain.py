"""A JSON-RPC client of the chain under test: transactions, time, storage, snapshots."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

GAS = 12_000_000

# JSON-RPC answers are as many shapes as there are methods
Json = Any


@dataclass(frozen=True, slots=True)
class Receipt:
    """A transaction that is in a block, whether it succeeded or not."""

    tx_hash: str
    succeeded: bool
    gas_used: int
    block_number: int
    block_time: int
    logs: tuple[dict[str, Json], ...]
    contract: str | None
    revert_data: bytes


class Chain:
    """One chain, one block per transaction, one second per block unless a test says otherwise."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=60)
        self._sent = itertools.count(1)
        self.rpc("anvil_setBlockTimestampInterval", 1)
        self.accounts: list[str] = [account.lower() for account in self.rpc("eth_accounts")]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def rpc(self, method: str, *params: Json) -> Json:
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = self._http.post("/", json=request).json()
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def send(self, sender: str, to: str | None, data: bytes) -> Receipt:
        """Puts a transaction into the next block; a reverted one is in it as well."""
        # No two transactions have one hash, also where the chain was put back between them: what
        # waits for the second one's receipt would be given the first one's.
        gas = hex(GAS + next(self._sent))
        transaction = {"from": sender, "data": "0x" + data.hex(), "gas": gas, "gasPrice": "0x0"}
        if to is not None:
            transaction["to"] = to
        receipt = self.rpc("eth_sendTransactionSync", transaction)
        succeeded = receipt["status"] == "0x1"
        return Receipt(
            tx_hash=receipt["transactionHash"],
            succeeded=succeeded,
            gas_used=int(receipt["gasUsed"], 16),
            block_number=int(receipt["blockNumber"], 16),
            block_time=receipt["blockTimestamp"],
            logs=tuple(receipt["logs"]),
            contract=receipt["contractAddress"],
            revert_data=b"" if succeeded else self._revert_data(receipt["transactionHash"]),
        )

    def call(self, to: str, data: bytes) -> bytes:
        request = {"to": to, "data": "0x" + data.hex()}
        return _bytes(self.rpc("eth_call", request, "latest"))

    def call_many(self, to: str, several: Sequence[bytes]) -> list[bytes]:
        """What calls answer, asked in one request."""
        requests = [
            {
                "jsonrpc": "2.0",
                "id": place,
                "method": "eth_call",
                "params": [{"to": to, "data": "0x" + data.hex()}, "latest"],
            }
            for place, data in enumerate(several)
        ]
        answers = self._http.post("/", json=requests).json() if requests else []
        by_place = {answer["id"]: _bytes(answer["result"]) for answer in answers}
        return [by_place[place] for place in range(len(several))]

    def answer(self, sender: str, to: str, data: bytes, *, time: int) -> bytes | None:
        """What a transaction in a block of this time would revert with; None if it would not."""
        transaction = {"from": sender, "to": to, "data": "0x" + data.hex(), "gas": hex(GAS)}
        params = [transaction, "latest", {}, {"time": hex(time)}]
        request = {"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": params}
        answer = self._http.post("/", json=request).json()
        return None if "result" in answer else _bytes(answer["error"]["data"])

    def sign(self, account: str, typed_data: Json) -> bytes:
        """The account's signature over EIP-712 data."""
        return _bytes(self.rpc("eth_signTypedData_v4", account, typed_data))

    def storage(self, address: str, slot: int) -> bytes:
        return _bytes(self.rpc("eth_getStorageAt", address, f"0x{slot:064x}", "latest"))

    def written_slots(self, receipt: Receipt, address: str) -> set[int]:
        """The slots of a contract to which a transaction gave another value than before, not 0."""
        tracer = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}
        after = self.rpc("debug_traceTransaction", receipt.tx_hash, tracer)["post"]
        return {int(slot, 16) for slot in after[address]["storage"]}

    def code(self, address: str) -> bytes:
        return _bytes(self.rpc("eth_getCode", address, "latest"))

    @property
    def now(self) -> int:
        """The time of the last block."""
        return int(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def next_block_at(self, time: int) -> None:
        """Gives the next block, and so the next transaction, exactly this time."""
        self.rpc("evm_setNextBlockTimestamp", time)

    def snapshot(self) -> str:
        return str(self.rpc("evm_snapshot"))

    def revert_to(self, snapshot: str) -> None:
        if self.rpc("evm_revert", snapshot) is not True:
            raise RuntimeError(f"there is no snapshot {snapshot}")

    def _revert_data(self, tx_hash: str) -> bytes:
        trace = self.rpc("debug_traceTransaction", tx_hash, {"tracer": "callTracer"})
        return _bytes(trace.get("output", "0x"))


def _bytes(value: str) -> bytes:
    return bytes.fromhex(value.removeprefix("0x"))
