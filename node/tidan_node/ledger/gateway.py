"""The chain as the node uses it: its blocks and events, its contracts' views, its transactions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.json import Decoder

from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import Address, BlockHash, TxHash, to_bytes, to_hex
from tidan_node.ledger.abi import Value
from tidan_node.ledger.answers import (
    Header,
    Log,
    Nonces,
    Receipt,
    receipt_of,
    refusal_of,
    revert_data,
)
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import Codec, decode_result, decode_revert, encode_call
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import NOT_UNDERSTOOD, Json, Rpc, RpcError, T, understood
from tidan_node.ledger.signed import SentTransaction, sent_transaction
from tidan_node.problems import Problem

HEADER: Final[Decoder[Header | None]] = Decoder(Header | None)
LOGS: Final = Decoder(list[Log])


class WrongChain(Problem):
    status, slug, title = 503, "wrong-chain", "The chain is not the one that the manifest names"


class ChainMoved(Problem):
    """The chain was reorganised between two questions; asked again, they will fit."""

    status, slug, title = 503, "chain-moved", "The chain was reorganised while it was read"


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive blocks, and all events in them, of one and the same chain."""

    blocks: Sequence[BlockRef]
    events: Sequence[ChainEvent]


class Gateway:
    """One chain, through one endpoint, with the contracts of one manifest."""

    def __init__(self, rpc: Rpc, manifest: Manifest) -> None:
        self.manifest = manifest
        self._rpc = rpc
        self._codec = Codec(manifest)

    async def check_chain(self) -> None:
        """Refuse a chain of another id or genesis, and one that has not got the contracts."""
        contracts = list(self.manifest.contracts.items())
        asked: list[tuple[str, Sequence[Json]]] = [
            ("eth_chainId", ()),
            ("eth_getBlockByNumber", ("0x0", False)),
            *(("eth_getCode", (deployed.address, "latest")) for _, deployed in contracts),
        ]
        answers = [_or_raise(answer) for answer in await self._rpc.batch(asked)]
        chain_id, genesis, *codes = answers
        if _number(chain_id) != self.manifest.chain_id:
            raise WrongChain(f"chain id {_number(chain_id)} instead of {self.manifest.chain_id}")
        with understood():
            is_another = genesis is None or genesis["hash"] != self.manifest.genesis_hash
        if is_another:
            raise WrongChain("its first block is another one")
        for (name, deployed), code in zip(contracts, codes, strict=True):
            if code == "0x":
                raise WrongChain(f"there is no {name} at {deployed.address}")

    async def head(self) -> BlockRef:
        """The newest block."""
        newest = await self._block("latest")
        if newest is None:
            raise ChainMoved("the chain has no newest block")
        return newest

    async def block(self, number: int) -> BlockRef | None:
        """The block of this number, or None where the chain is shorter."""
        return await self._block(hex(number))

    async def blocks(self, first: int, last: int) -> list[BlockRef]:
        """The blocks from the first to the last, each the child of the one before it."""
        asked = [
            ("eth_getBlockByNumber", (hex(number), False)) for number in range(first, last + 1)
        ]
        headers = [_or_raise(answer) for answer in await self._rpc.read_batch(HEADER, asked)]
        with understood():
            found = [header.block() for header in headers if header is not None]
        if len(found) < len(headers):
            raise ChainMoved(f"the chain has no block {last} any more")
        for parent, child in itertools.pairwise(found):
            if child.parent_hash != parent.hash:
                raise ChainMoved(f"block {child.number} does not follow the block before it")
        return found

    async def page(self, first: int, last: int) -> Page:
        """Blocks and events that belong together, or ChainMoved.

        The last block is asked for again after the logs: it stands for all before it, so that
        logs of another branch, or their absence there, cannot be taken for those of this one.
        """
        blocks = await self.blocks(first, last)
        wanted = {
            "fromBlock": hex(first),
            "toBlock": hex(last),
            "address": self._codec.followed,
        }
        logs = await self._rpc.read(LOGS, "eth_getLogs", wanted)
        if await self.block(last) != blocks[-1]:
            raise ChainMoved(f"block {last} was replaced while its logs were read")
        return Page(blocks, self._told(logs, blocks))

    async def events(self, first: int, last: int) -> Sequence[ChainEvent]:
        """Everything that the contracts told in these blocks, oldest first."""
        return (await self.page(first, last)).events

    async def transaction_count(self, account: Address, block: int | None = None) -> int:
        """How many nonces the account has used, up to this block or the newest."""
        answer = await self._rpc.call("eth_getTransactionCount", account, _at(block))
        return _number(answer)

    async def next_nonce(self, account: Address) -> int:
        """The one after those that are used, or wait in the pool of the chain's node."""
        return _number(await self._rpc.call("eth_getTransactionCount", account, "pending"))

    async def nonces(self, account: Address, block: int) -> Nonces:
        """How many nonces the account has used, and this block; asked as one question."""
        count, height = "eth_getTransactionCount", hex(block)
        header, used, by_then = await self._rpc.batch(
            [
                ("eth_getBlockByNumber", (height, False)),
                (count, (account, "latest")),
                (count, (account, height)),
            ]
        )
        with understood():
            found = msgspec.convert(_or_raise(header), Header | None)
            return Nonces(
                None if found is None else found.block(),
                int(_or_raise(used), 16),
                None if isinstance(by_then, RpcError) else int(by_then, 16),
            )

    async def block_gas(self) -> int:
        """The gas that all transactions of the newest block could have had together."""
        newest = await self._rpc.call("eth_getBlockByNumber", "latest", False)
        with understood():
            return int(newest["gasLimit"], 16)

    async def send(self, raws: Sequence[bytes]) -> list[str | None]:
        """Hand signed transactions over, in this order; for each None, or why it was refused."""
        sent = [("eth_sendRawTransaction", (to_hex(raw),)) for raw in raws]
        return [refusal_of(answer) for answer in await self._rpc.batch(sent)]

    async def receipts(self, hashes: Sequence[TxHash]) -> list[Receipt | None]:
        """What became of these transactions; None for one that is in no block."""
        asked = [("eth_getTransactionReceipt", (each,)) for each in hashes]
        answers = [_or_raise(answer) for answer in await self._rpc.batch(asked)]
        with understood():
            found = [None if answer is None else receipt_of(answer) for answer in answers]
        if any(
            one is not None and one.tx_hash != each for one, each in zip(found, hashes, strict=True)
        ):
            raise RpcError(NOT_UNDERSTOOD, "a receipt is of another transaction")
        return found

    async def transactions(self, hashes: Sequence[TxHash]) -> list[SentTransaction | None]:
        """These transactions; None for one that is in no block, or of another kind than ours."""
        asked = [("eth_getTransactionByHash", (each,)) for each in hashes]
        answers = [_or_raise(answer) for answer in await self._rpc.batch(asked)]
        with understood():
            return [None if each is None else sent_transaction(each) for each in answers]

    async def estimates(self, calls: Sequence[tuple[Call, Address]]) -> list[int | Problem]:
        """The gas that each call would use now, or the Problem with which it would be refused.

        An RpcError among them means that the chain's node could not tell.
        """
        asked = [
            ("eth_estimateGas", (self._transaction(call, sender), "latest"))
            for call, sender in calls
        ]
        return [
            _refusal(answer) if isinstance(answer, RpcError) else _number(answer)
            for answer in await self._rpc.batch(asked)
        ]

    async def estimate(self, call: Call, sender: Address) -> int:
        """The gas that the call would use now; its refusal is raised."""
        (answer,) = await self.estimates([(call, sender)])
        if isinstance(answer, Problem):
            raise answer
        return answer

    async def why_reverted(self, call: Call, sender: Address, block: int) -> Problem | None:
        """With which Problem the call is refused after this block, or else just before it.

        None where neither shows one, or the chain's node no longer has the state of then.
        """
        for height in (block, block - 1):
            try:
                await self._rpc.call("eth_call", self._transaction(call, sender), _at(height))
            except RpcError as error:
                data = revert_data(error)
                if data is not None:
                    return decode_revert(data)
        return None

    async def view(self, call: Call, block: int | None = None) -> tuple[Value, ...]:
        """What a view of a contract answers, one value for each of its outputs."""
        asked = {"to": self.manifest.address_of(call.contract), "data": to_hex(encode_call(call))}
        try:
            answer = await self._rpc.call("eth_call", asked, _at(block))
        except RpcError as error:
            raise _refusal(error) from error
        with understood():
            return decode_result(call, to_bytes(answer))

    async def storage_at(self, contract: str, slot: int, block: int | None = None) -> str:
        """One storage slot of a contract: 32 bytes as hex."""
        position = f"0x{slot:064x}"
        address = self.manifest.address_of(contract)
        answer = await self._rpc.call("eth_getStorageAt", address, position, _at(block))
        return f"0x{_number(answer):064x}"

    def _told(self, logs: Sequence[Log], blocks: Sequence[BlockRef]) -> list[ChainEvent]:
        times = {block.hash: block.timestamp for block in blocks}
        read, told = self._codec.event, []
        with understood():
            for log in logs:
                time = times.get(BlockHash(log.block_hash))
                if time is None:
                    raise ChainMoved("logs of other blocks than those asked for")
                event = read(log, time)
                if event is not None:
                    told.append(event)
        told.sort(key=_place)
        return told

    def _transaction(self, call: Call, sender: Address) -> dict[str, str]:
        return {
            "from": sender,
            "to": self.manifest.address_of(call.contract),
            "data": to_hex(encode_call(call)),
        }

    async def _block(self, wanted: str) -> BlockRef | None:
        # Only what every consensus engine has: seals in the header (QBFT, Clique) do not matter.
        found = await self._rpc.read(HEADER, "eth_getBlockByNumber", wanted, False)
        with understood():
            return None if found is None else found.block()


def _at(block: int | None) -> str:
    return "latest" if block is None else hex(block)


def _number(answer: Json) -> int:
    with understood():
        return int(answer, 16)


def _place(happened: ChainEvent) -> tuple[int, int]:
    return happened.origin.block_number, happened.origin.log_index


def _or_raise(answer: T | RpcError) -> T:
    if isinstance(answer, RpcError):
        raise answer
    return answer


def _refusal(error: RpcError) -> Problem:
    data = revert_data(error)
    return error if data is None else decode_revert(data)
