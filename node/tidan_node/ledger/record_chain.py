"""The chain as records are read from it: what was told of some, and what the contracts keep."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import Address, TxHash, to_bytes, to_hex
from tidan_node.ledger.abi import Value
from tidan_node.ledger.answers import Log
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import Codec, decode_result, encode_call
from tidan_node.ledger.gateway import HEADER, LOGS, ChainMoved, Gateway
from tidan_node.ledger.rpc import Json, Rpc, RpcError, T, understood
from tidan_node.ledger.title_callers import title_caller

_PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Told:
    """All events of some consecutive blocks, the last of which is `up_to`."""

    events: Sequence[ChainEvent]
    up_to: int


class LedgerChain:
    """The chain behind an endpoint, asked about records."""

    def __init__(self, rpc: Rpc, gateway: Gateway) -> None:
        self._rpc = rpc
        self._gateway = gateway
        self._codec = Codec(gateway.manifest)

    @property
    def first_block(self) -> int:
        return self._gateway.manifest.block

    async def head(self) -> BlockRef:
        return await self._gateway.head()

    async def blocks(self, numbers: Sequence[int]) -> list[BlockRef | None]:
        asked = [("eth_getBlockByNumber", (hex(number), False)) for number in numbers]
        headers = [_or_raise(answer) for answer in await self._rpc.read_batch(HEADER, asked)]
        with understood():
            return [None if header is None else header.block() for header in headers]

    async def views(self, calls: Sequence[Call], block: int) -> list[tuple[Value, ...]]:
        asked = []
        for call in calls:
            address = self._gateway.manifest.address_of(call.contract)
            question = {"to": address, "data": to_hex(encode_call(call))}
            asked.append(("eth_call", (question, hex(block))))
        answers = [_or_raise(answer) for answer in await self._rpc.batch(asked)]
        with understood():
            returned = [to_bytes(answer) for answer in answers]
        return [decode_result(call, data) for call, data in zip(calls, returned, strict=True)]

    async def title_callers(self, transactions: Sequence[TxHash]) -> Mapping[TxHash, Address]:
        asked = [("eth_getTransactionByHash", (each,)) for each in transactions]
        answers = [_or_raise(answer) for answer in await self._rpc.batch(asked)]
        found = {}
        for each, transaction in zip(transactions, answers, strict=True):
            with understood():
                account = transaction and title_caller(transaction, self._gateway.manifest)
            if account is not None:
                found[each] = account
        return found

    async def events_about(self, subjects: Sequence[str], up_to: BlockRef) -> Sequence[ChainEvent]:
        if not subjects:
            return []
        # every event of a record, a party or a gateway has its id as the first indexed argument
        topics = [None, [_topic(subject) for subject in subjects]]
        pages = self._pages(up_to, self._codec.followed, topics)
        told = [each async for page in pages for each in page.events]
        await self._still_there(up_to)
        return told

    async def events_in(
        self, numbers: Sequence[int], contract: str, record: str
    ) -> Sequence[ChainEvent]:
        """Every event of one contract about a record in these blocks, oldest first."""
        address = self._gateway.manifest.address_of(contract)
        asked = []
        for number in numbers:
            block = {"fromBlock": hex(number), "toBlock": hex(number)}
            wanted = {**block, "address": address, "topics": [None, _topic(record)]}
            asked.append(("eth_getLogs", (wanted,)))
        answers = [_or_raise(answer) for answer in await self._rpc.read_batch(LOGS, asked)]
        return await self._events([log for several in answers for log in several])

    async def events_by(self, contract: str, up_to: BlockRef) -> Sequence[ChainEvent]:
        pages = self._pages(up_to, [self._gateway.manifest.address_of(contract)])
        told = [each async for page in pages for each in page.events]
        await self._still_there(up_to)
        return told

    async def everything(self, up_to: BlockRef) -> AsyncIterator[Told]:
        async for page in self._pages(up_to, self._codec.followed):
            yield page
        await self._still_there(up_to)

    async def _pages(
        self, up_to: BlockRef, contracts: Sequence[Address], topics: Sequence[Json] = ()
    ) -> AsyncIterator[Told]:
        first, size = self._gateway.manifest.block, _PAGE
        while first <= up_to.number:
            last = min(first + size - 1, up_to.number)
            try:
                logs = await self._logs(contracts, topics, first, last)
            except RpcError:
                if size == 1:
                    raise
                size = max(1, size // 2)  # nodes bound the range of blocks, each in its own way
                continue
            yield Told(await self._events(logs), last)
            first = last + 1

    async def _logs(
        self, contracts: Sequence[Address], topics: Sequence[Json], first: int, last: int
    ) -> list[Log]:
        wanted = {
            "fromBlock": hex(first),
            "toBlock": hex(last),
            "address": list(contracts),
            "topics": list(topics),
        }
        return await self._rpc.read(LOGS, "eth_getLogs", wanted)

    async def _events(self, logs: Sequence[Log]) -> list[ChainEvent]:
        with understood():
            numbers = sorted({int(log.block_number, 16) for log in logs})
        blocks = dict(zip(numbers, await self.blocks(numbers), strict=True))
        events = []
        with understood():
            for log in logs:
                block = blocks[int(log.block_number, 16)]
                if block is None or block.hash != log.block_hash:
                    raise ChainMoved("a log's block was replaced while its chain was read")
                event = self._codec.event(log, block.timestamp)
                if event is not None:
                    events.append(event)
        return sorted(events, key=lambda each: (each.origin.block_number, each.origin.log_index))

    async def _still_there(self, up_to: BlockRef) -> None:
        if await self.blocks([up_to.number]) != [up_to]:
            raise ChainMoved(f"block {up_to.number} was replaced while its chain was read")


def _or_raise(answer: T | RpcError) -> T:
    if isinstance(answer, RpcError):
        raise answer
    return answer


def _topic(subject: str) -> str:
    number = int(subject, 16) if subject.startswith("0x") else int(subject)
    return f"0x{number:064x}"
