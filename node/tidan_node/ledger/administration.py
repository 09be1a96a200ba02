"""The authority's own acts: parties, their roles, standing, accounts and numbering keys."""

from __future__ import annotations

from tidan_node.domain.events import PartyEnrolled
from tidan_node.domain.identifiers import Address, IssuerCode, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.ledger.answers import Receipt
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import decode_event, encode_call
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import Signer
from tidan_node.ledger.submission import Submitter

_REGISTRY = "PartyRegistry"


class Administration:
    """Each act is one transaction of the authority's key, and is done when it returns."""

    def __init__(self, rpc: Rpc, manifest: Manifest, authority: Signer) -> None:
        self._registry = manifest.address_of(_REGISTRY)
        self._submitter = Submitter(rpc, authority, manifest.chain_id, manifest.gas_price)

    async def enrol(
        self, *, roles: Role, account: Address, profile: bytes, rulebook: str, governing_law: str
    ) -> PartyIndex:
        """A new party, active, with its first account; its index comes back."""
        receipt = await self._act("enrol", int(roles), account, profile, rulebook, governing_law)
        told = [decode_event(_REGISTRY, log["topics"], log["data"]) for log in receipt.logs]
        enrolled = next(event for event in told if isinstance(event, PartyEnrolled))
        return enrolled.party

    async def change_roles(self, party: PartyIndex, roles: Role) -> Receipt:
        return await self._act("changeRoles", party, int(roles))

    async def change_status(self, party: PartyIndex, status: PartyStatus, reason: str) -> Receipt:
        return await self._act("changeStatus", party, int(status), reason)

    async def add_account(self, party: PartyIndex, account: Address) -> Receipt:
        return await self._act("addAccount", party, account)

    async def remove_account(self, party: PartyIndex, account: Address) -> Receipt:
        return await self._act("removeAccount", party, account)

    async def register_numbering_key(
        self, party: PartyIndex, code: IssuerCode, key: bytes
    ) -> Receipt:
        """Give a code its one numbering key: a compressed point of P-256."""
        return await self._act("registerNumberingKey", party, code, key)

    async def _act(self, function: str, *arguments: object) -> Receipt:
        call = Call(_REGISTRY, function, arguments)
        return await self._submitter.submit(self._registry, encode_call(call))
