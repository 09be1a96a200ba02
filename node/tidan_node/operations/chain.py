"""What operations need of the chain and of the node's view of it, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, BlockHash, TxHash
from tidan_node.ledger.answers import Nonces, Receipt
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.signed import SentTransaction
from tidan_node.problems import Problem


class Chain(Protocol):
    """Where transactions go; the gateway is one, and so is each test's fake."""

    @property
    def manifest(self) -> Manifest: ...

    async def block(self, number: int) -> BlockRef | None: ...

    async def transaction_count(self, account: Address, block: int | None = None) -> int:
        """Nonces that the account has used, up to this block or the newest."""
        ...

    async def next_nonce(self, account: Address) -> int:
        """The one after those that blocks have used, or that wait in the pool of the chain's node
        for the next ones."""
        ...

    async def nonces(self, account: Address, block: int) -> Nonces:
        """How many nonces the account has used, up to the newest block and up to this one."""
        ...

    async def estimates(self, calls: Sequence[tuple[Call, Address]]) -> list[int | Problem]:
        """The gas of each call, or why it is refused; RpcError where that cannot be told."""
        ...

    async def block_gas(self) -> int:
        """The gas that the transactions of one block have together."""
        ...

    async def send(self, raws: Sequence[bytes]) -> list[str | None]:
        """None for each that the chain's node has now, or why it would not take it."""
        ...

    async def receipts(self, hashes: Sequence[TxHash]) -> list[Receipt | None]: ...

    async def transactions(self, hashes: Sequence[TxHash]) -> list[SentTransaction | None]:
        """What these say; None for one that is in no block, or that no node of ours has signed."""
        ...

    async def why_reverted(self, call: Call, sender: Address, block: int) -> Problem | None: ...


class IndexedBlocks(Protocol):
    """The blocks that the node has read: final, and with all their events in SQL."""

    async def cursor(self, connection: AsyncConnection) -> BlockRef | None:
        """The last of them."""
        ...

    async def hash_at(
        self, connection: AsyncConnection, number: int, *, lock: bool = False
    ) -> BlockHash | None:
        """With `lock` no block is read or taken back until the transaction ends."""
        ...
