"""A chain that is really there, for the length of a test."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.ledger.administration import Administration
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Json, Rpc
from tidan_node.ledger.signer import LocalSigner


@dataclass(frozen=True)
class Anvil:
    """A running anvil with the contracts on it. The first of its accounts is the authority's."""

    url: str
    keys: tuple[bytes, ...]
    manifest: Manifest


@dataclass(frozen=True)
class LiveChain:
    """A chain of one's own for the length of a test."""

    url: str
    rpc: Rpc
    gateway: Gateway
    manifest: Manifest
    signers: tuple[LocalSigner, ...]
    administration: Administration

    async def enrol(self, roles: Role, account: Address) -> PartyIndex:
        return await self.administration.enrol(
            roles=roles, account=account, profile=b"{}", rulebook="rules-1", governing_law="SG"
        )

    async def mine(self, count: int = 1) -> None:
        await self.rpc.call("anvil_mine", hex(count))

    async def snapshot(self) -> Json:
        return await self.rpc.call("evm_snapshot")

    async def go_back_to(self, snapshot: Json) -> None:
        """The chain as it was then, with none of the blocks since; its pool is emptied, too."""
        assert await self.rpc.call("evm_revert", snapshot)
        await self.rpc.call("anvil_dropAllTransactions")

    async def stop_mining(self) -> None:
        """Transactions wait in the pool until `mine`."""
        await self.rpc.call("evm_setAutomine", False)
