"""A chain in memory that keeps the promises of one: nonces, pool, blocks, reorganisations.

Its only contract is a TrailAnchor that all accounts share: each number is higher than the last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eth_abi.abi import decode
from eth_hash.auto import keccak

from tests.fake_transactions import Mined, Sent, dearer, parse
from tidan_node.domain.events import ChainEvent, Origin, TrailAnchored
from tidan_node.domain.identifiers import Address, BlockHash, PartyIndex, TxHash, to_hex
from tidan_node.domain.record_problems import AnchorNotAhead
from tidan_node.ledger.abi import CONTRACTS
from tidan_node.ledger.answers import Nonces, Receipt
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.gateway import Page, WrongChain
from tidan_node.ledger.manifest import Deployed, Manifest
from tidan_node.ledger.rpc import ChainUnreachable, RpcError
from tidan_node.ledger.signed import SentTransaction
from tidan_node.problems import Problem

GENESIS_TIME = 1_700_000_000
MANIFEST = Manifest(
    chain_id=31337,
    genesis_hash=BlockHash("0x" + "00" * 32),
    block=1,
    contracts={
        name: Deployed(Address(f"0x{place:040x}"), "0x" + "00" * 32)
        for place, name in enumerate(CONTRACTS, start=1)
    },
)


def anchor(up_to: int) -> Call:
    return Call("TrailAnchor", "anchor", (up_to, f"0x{up_to:064x}"))


@dataclass(frozen=True)
class Block:
    ref: BlockRef
    mined: tuple[Mined, ...] = ()


@dataclass
class FakeChain:
    """`mining` puts what is sent into a block at once; otherwise it waits for `mine`."""

    manifest: Manifest = MANIFEST
    mining: bool = True
    reachable: bool = True
    is_another: bool = False
    gas_needed: int = 50_000
    gas_estimate: int = 50_000
    block_limit: int = 30_000_000
    holds_data: bool = True
    """Whether its blocks have room for more than transactions that do nothing."""
    least_price: int = 0
    """What is paid less for is refused."""
    largest_page: int = 1_000
    tells: bool = True
    """Whether its contract emits events."""
    remembers: bool = True
    """Whether a call can still be tried on the state of an older block."""
    refusal: str | None = None
    refused_senders: set[Address] = field(default_factory=set)
    in_any_order: bool = False
    """Whether its contract takes numbers as they come."""
    pool: dict[tuple[Address, int], Sent] = field(default_factory=dict)
    wire: list[Sent] = field(default_factory=list)
    chain: list[Block] = field(
        default_factory=lambda: [
            Block(BlockRef(0, MANIFEST.genesis_hash, BlockHash("0x" + "ff" * 32), GENESIS_TIME))
        ]
    )
    forks: int = 0
    asked: Callable[[], None] = lambda: None
    """Called at every question, answered or not."""

    # What the tests do to it.

    def mine(self, count: int = 1) -> None:
        """Blocks; the first takes from the pool whatever can follow."""
        for _ in range(count):
            self._mine(self._takeable())

    def lose_pool(self) -> None:
        self.pool.clear()

    def go_back(self, number: int) -> list[Sent]:
        """Drop all blocks above this one; what was in them is returned, and in no pool."""
        lost = [mined.sent for block in self.chain[number + 1 :] for mined in block.mined]
        del self.chain[number + 1 :]
        self.forks += 1
        return lost

    def mine_foreign(self, raw: bytes) -> None:
        """A transaction that somebody else made with the same key is in the next block."""
        self._mine([parse(raw)])

    @property
    def anchored(self) -> list[int]:
        """Everything that took effect, in order."""
        done = [mined for block in self.chain for mined in block.mined if mined.succeeded]
        return [mined.sent.up_to for mined in done if mined.sent.up_to is not None]

    # What the indexer and the dispatcher ask of it.

    async def check_chain(self) -> None:
        self._answer()
        if self.is_another:
            raise WrongChain("its first block is another one")

    async def head(self) -> BlockRef:
        self._answer()
        return self.chain[-1].ref

    async def block(self, number: int) -> BlockRef | None:
        self._answer()
        return self.chain[number].ref if number < len(self.chain) else None

    async def page(self, first: int, last: int) -> Page:
        self._answer()
        if last - first + 1 > self.largest_page:
            raise RpcError(-32005, "query exceeds the limit")
        blocks = self.chain[first : last + 1]
        events = [event for block in blocks for event in self._events(block)]
        return Page([block.ref for block in blocks], events)

    async def transaction_count(self, account: Address, block: int | None = None) -> int:
        self._answer()
        last = len(self.chain) if block is None else block + 1
        mined = [each.sent for block in self.chain[:last] for each in block.mined]
        return sum(1 for sent in mined if sent.sender == account)

    async def next_nonce(self, account: Address) -> int:
        used = await self.transaction_count(account)
        return used + sum(1 for sent in self._takeable() if sent.sender == account)

    async def nonces(self, account: Address, block: int) -> Nonces:
        by_then = await self.transaction_count(account, block)
        return Nonces(await self.block(block), await self.transaction_count(account), by_then)

    async def estimates(self, calls: Sequence[tuple[Call, Address]]) -> list[int | Problem]:
        self._answer()
        return [self._would(call) or self.gas_estimate for call, _ in calls]

    async def block_gas(self) -> int:
        self._answer()
        return self.block_limit

    async def send(self, raws: Sequence[bytes]) -> list[str | None]:
        self._answer()
        return [self._take(parse(raw)) for raw in raws]

    async def receipts(self, hashes: Sequence[TxHash]) -> list[Receipt | None]:
        self._answer()
        known = {
            mined.sent.tx_hash: Receipt(
                mined.sent.tx_hash,
                block.ref.number,
                block.ref.hash,
                mined.succeeded,
                mined.gas_used,
            )
            for block in self.chain
            for mined in block.mined
        }
        return [known.get(each) for each in hashes]

    async def transactions(self, hashes: Sequence[TxHash]) -> list[SentTransaction | None]:
        self._answer()
        contract = self.manifest.address_of("TrailAnchor")
        known = {
            sent.tx_hash: SentTransaction(
                *(sent.tx_hash, sent.sender, sent.nonce, contract, sent.data, sent.gas, sent.raw)
            )
            for block in self.chain
            for sent in (mined.sent for mined in block.mined)
        }
        return [known.get(each) for each in hashes]

    async def why_reverted(self, call: Call, sender: Address, block: int) -> Problem | None:
        self._answer()
        return self._would(call, block) if self.remembers else None

    # How it works.

    def _answer(self) -> None:
        self.asked()
        if not self.reachable:
            raise ChainUnreachable("nobody is there")

    def _take(self, sent: Sent) -> str | None:
        self.wire.append(sent)
        refusal = self.refusal or self._refused(sent)
        if refusal is not None:
            return refusal
        self.pool[sent.sender, sent.nonce] = sent
        if self.mining and (taken := self._takeable()):
            self._mine(taken)
        return None

    def _refused(self, sent: Sent) -> str | None:
        held = self.pool.get((sent.sender, sent.nonce))
        refusals = {
            "transaction underpriced": sent.sender in self.refused_senders
            or sent.gas_price < self.least_price,
            "nonce too low": sent.nonce < self._used(sent.sender),
            "exceeds block gas limit": sent.gas > self.block_limit,
            "oversized data": bool(sent.data) and not self.holds_data,
            "replacement transaction underpriced": held is not None
            and held != sent
            and sent.gas_price < dearer(held.gas_price),
        }
        return next((words for words, is_so in refusals.items() if is_so), None)

    def _used(self, sender: Address) -> int:
        return sum(1 for block in self.chain for each in block.mined if each.sent.sender == sender)

    def _takeable(self) -> list[Sent]:
        """What is in the pool and follows what is in blocks, nonce by nonce."""
        used: dict[Address, int] = {}
        for block in self.chain:
            for mined in block.mined:
                used[mined.sent.sender] = used.get(mined.sent.sender, 0) + 1
        taken: list[Sent] = []
        for (sender, nonce), sent in sorted(self.pool.items()):
            if nonce == used.get(sender, 0):
                used[sender] = nonce + 1
                taken.append(sent)
        return taken

    def _mine(self, taken: Sequence[Sent]) -> None:
        number, parent = len(self.chain), self.chain[-1].ref
        last = self._anchored(number - 1)
        mined: list[Mined] = []
        for sent in taken:
            self.pool.pop((sent.sender, sent.nonce), None)
            mined.append(self._execute(sent, last))
            last = max(last, mined[-1].reached)
        seed = repr((self.forks, number, parent.hash, [each.sent.tx_hash for each in mined]))
        block_hash = BlockHash(to_hex(keccak(seed.encode())))
        ref = BlockRef(number, block_hash, parent.hash, GENESIS_TIME + number)
        self.chain.append(Block(ref, tuple(mined)))

    def _execute(self, sent: Sent, last: int) -> Mined:
        if sent.up_to is None:
            return Mined(sent, succeeded=True, gas_used=21_000, previous=last)
        if sent.gas < self.gas_needed:
            return Mined(sent, succeeded=False, gas_used=sent.gas, previous=last)
        ahead = self.in_any_order or sent.up_to > last
        return Mined(sent, ahead, gas_used=self.gas_needed // 2, previous=last)

    def _anchored(self, number: int) -> int:
        """The number reached in this block."""
        mined = [each for block in self.chain[: number + 1] for each in block.mined]
        return max((each.reached for each in mined), default=0)

    def _would(self, call: Call, block: int | None = None) -> Problem | None:
        up_to, _ = decode(["uint64", "bytes32"], encode_call(call)[4:])
        last = self._anchored(len(self.chain) if block is None else block)
        if up_to > last or self.in_any_order:
            return None
        return AnchorNotAhead(f"the trail is anchored up to {last} already", field="upTo")

    def _events(self, block: Block) -> list[ChainEvent]:
        told: list[ChainEvent] = []
        for mined in block.mined:
            up_to = mined.sent.up_to
            if not (self.tells and mined.succeeded) or up_to is None:
                continue
            event = TrailAnchored(PartyIndex(1), up_to, f"0x{up_to:064x}", mined.previous)
            origin = Origin(
                chain_id=self.manifest.chain_id,
                contract=self.manifest.address_of("TrailAnchor"),
                block_number=block.ref.number,
                block_hash=block.ref.hash,
                block_time=block.ref.timestamp,
                tx_hash=mined.sent.tx_hash,
                log_index=len(told),
            )
            told.append(ChainEvent(event, origin))
        return told
