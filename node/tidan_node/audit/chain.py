"""The chain as an audit reads it: what was told of some records, and what the contracts keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from tidan_node.domain.events import ChainEvent
from tidan_node.ledger.abi import Value
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import Codec
from tidan_node.ledger.gateway import ChainMoved, Gateway
from tidan_node.ledger.rpc import Json, Rpc, RpcError

_PAGE: Final = 5_000


class AuditedChain(Protocol):
    """All that an audit needs. It trusts the chain's node to be on the right chain, and checks
    that no event was left out by the heads that the contracts keep."""

    async def head(self) -> BlockRef: ...

    async def block(self, number: int) -> BlockRef | None: ...

    async def events_about(self, subjects: Sequence[str], up_to: BlockRef) -> Sequence[ChainEvent]:
        """Every event about these records or parties (ids, or indices as text), oldest first."""
        ...

    async def view(self, call: Call, block: int | None = None) -> tuple[Value, ...]: ...


class LedgerChain:
    """The chain behind an endpoint. Only the logs of what is asked for are fetched."""

    def __init__(self, rpc: Rpc, gateway: Gateway) -> None:
        self._rpc = rpc
        self._gateway = gateway
        self._codec = Codec(gateway.manifest)

    async def head(self) -> BlockRef:
        return await self._gateway.head()

    async def block(self, number: int) -> BlockRef | None:
        return await self._gateway.block(number)

    async def view(self, call: Call, block: int | None = None) -> tuple[Value, ...]:
        return await self._gateway.view(call, block)

    async def events_about(self, subjects: Sequence[str], up_to: BlockRef) -> Sequence[ChainEvent]:
        topics = [_topic(subject) for subject in subjects]
        logs: list[Json] = []
        first, size = self._gateway.manifest.block, _PAGE
        while topics and first <= up_to.number:
            last = min(first + size - 1, up_to.number)
            try:
                logs += await self._logs(topics, first, last)
            except RpcError:
                if size == 1:
                    raise
                size = max(1, size // 2)  # nodes bound the range of blocks, each in its own way
                continue
            first = last + 1
        events = [self._codec.event(log, await self._time_of(log)) for log in logs]
        if await self.block(up_to.number) != up_to:
            raise ChainMoved(f"block {up_to.number} was replaced while its chain was audited")
        told = [event for event in events if event is not None]
        return sorted(told, key=lambda each: (each.origin.block_number, each.origin.log_index))

    async def _logs(self, topics: list[str], first: int, last: int) -> list[Json]:
        wanted = {
            "fromBlock": hex(first),
            "toBlock": hex(last),
            "address": self._codec.followed,
            # every event of a record or a party has its id as the first indexed argument
            "topics": [None, topics],
        }
        found: list[Json] = await self._rpc.call("eth_getLogs", wanted)
        return found

    async def _time_of(self, log: Json) -> int:
        block = await self.block(int(log["blockNumber"], 16))
        if block is None or block.hash != log["blockHash"]:
            raise ChainMoved("a log's block was replaced while its chain was audited")
        return block.timestamp


def _topic(subject: str) -> str:
    return subject if subject.startswith("0x") else f"0x{int(subject):064x}"
