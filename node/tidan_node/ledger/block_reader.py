"""Single blocks through web3.py, which knows what the consensus engines put into a header."""

from __future__ import annotations

from web3 import AsyncWeb3
from web3.exceptions import BlockNotFound
from web3.middleware import ExtraDataToPOAMiddleware
from web3.providers.async_base import AsyncBaseProvider
from web3.types import BlockData, BlockIdentifier, RPCEndpoint, RPCResponse

from tidan_node.domain.identifiers import BlockHash, to_hex
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.rpc import Json, Rpc


class RpcProvider(AsyncBaseProvider):
    """web3.py over the node's own connection: one client, closed in one place."""

    def __init__(self, rpc: Rpc) -> None:
        super().__init__()
        self._rpc = rpc

    async def make_request(self, method: RPCEndpoint, params: Json) -> RPCResponse:
        return {"jsonrpc": "2.0", "id": 1, "result": await self._rpc.call(method, *params)}


class BlockReader:
    """Blocks of chains whose validators sign in the header (QBFT, Clique) or do not."""

    def __init__(self, rpc: Rpc) -> None:
        self._web3 = AsyncWeb3(RpcProvider(rpc), middleware=[(ExtraDataToPOAMiddleware, "poa")])

    async def block(self, wanted: BlockIdentifier) -> BlockRef | None:
        """The block of this number or tag, or None where the chain is shorter."""
        try:
            return _block_of(await self._web3.eth.get_block(wanted))
        except BlockNotFound:
            return None


def _block_of(found: BlockData) -> BlockRef:
    return BlockRef(
        number=found["number"],
        hash=BlockHash(to_hex(found["hash"])),
        parent_hash=BlockHash(to_hex(found["parentHash"])),
        timestamp=found["timestamp"],
    )
