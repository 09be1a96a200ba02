"""The founder's own acts, before the Council is founded: parties, platforms, and the founding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tidan_node.domain.events import PartyEnrolled
from tidan_node.domain.identifiers import NO_PARTY, Address, IssuerCode, PartyIndex, to_bytes
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.platforms import AnchorId, AnchorKind, PlatformCode, anchor_id_of
from tidan_node.ledger.answers import Receipt
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import decode_event, encode_call
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import Signer
from tidan_node.ledger.submission import Submitter

_PARTIES: Final = "PartyRegistry"
_PLATFORMS: Final = "PlatformRegistry"
_NO_CODES: Final[Mapping[IssuerCode, bytes]] = {}


class Administration:
    """Each act is one transaction of the founder's key, and is done when it returns."""

    def __init__(self, rpc: Rpc, manifest: Manifest, founder: Signer) -> None:
        self._manifest = manifest
        self._submitter = Submitter(rpc, founder, manifest.chain_id, manifest.gas_price)

    async def found(self, seats: Sequence[PartyIndex]) -> Receipt:
        """Hand every right over to the Council of these parties; no further act will be taken."""
        return await self._act("Council", "found", list(seats))

    async def enrol(
        self,
        *,
        roles: Role,
        account: Address,
        profile: bytes,
        rulebook: str,
        governing_law: str,
        codes: Mapping[IssuerCode, bytes] = _NO_CODES,
    ) -> PartyIndex:
        """A new party, active, with its first account and its codes; its index comes back."""
        terms = (int(roles), account, profile, rulebook, governing_law)
        receipt = await self._act(_PARTIES, "enrol", *terms, list(codes.items()))
        told = [decode_event(_PARTIES, log["topics"], log["data"]) for log in receipt.logs]
        enrolled = next(event for event in told if isinstance(event, PartyEnrolled))
        return enrolled.party

    async def change_roles(self, party: PartyIndex, roles: Role) -> Receipt:
        return await self._act(_PARTIES, "changeRoles", party, int(roles))

    async def change_status(self, party: PartyIndex, status: PartyStatus, reason: str) -> Receipt:
        """Suspend a party, or let it act again."""
        return await self._act(_PARTIES, "changeStatus", party, int(status), reason)

    async def revoke(
        self, party: PartyIndex, reason: str, *, successor: PartyIndex = NO_PARTY
    ) -> Receipt:
        """End a party for ever; an active party that is all it was of carrier and bank may answer
        for it."""
        return await self._act(_PARTIES, "revoke", party, successor, reason)

    async def name_successor(self, revoked: PartyIndex, successor: PartyIndex) -> Receipt:
        return await self._act(_PARTIES, "nameSuccessor", revoked, successor)

    async def recover(self, party: PartyIndex, *, added: Address, reason: str) -> Receipt:
        """Give a party another account in place of all that it has."""
        return await self._act(_PARTIES, "recover", party, added, reason)

    async def register_numbering_key(
        self, party: PartyIndex, code: IssuerCode, key: bytes
    ) -> Receipt:
        """Give a code its one numbering key: a compressed point of P-256."""
        return await self._act(_PARTIES, "registerNumberingKey", party, code, key)

    async def recognise(
        self,
        *,
        platform: PlatformCode,
        kind: AnchorKind,
        anchor: bytes,
        roles: Role,
        acts: str,
        expires_at: int,
    ) -> AnchorId:
        """Let the users of a foreign platform act within this scope; the anchor's id comes back."""
        terms = (platform, int(kind), anchor, int(roles), acts, expires_at)
        await self._act(_PLATFORMS, "recognise", *terms)
        return anchor_id_of(platform, kind, anchor)

    async def withdraw(self, anchor: AnchorId) -> Receipt:
        """End a recognition at once."""
        return await self._act(_PLATFORMS, "withdraw", to_bytes(anchor))

    async def _act(self, contract: str, function: str, *arguments: object) -> Receipt:
        data = encode_call(Call(contract, function, arguments))
        return await self._submitter.submit(self._manifest.address_of(contract), data)
