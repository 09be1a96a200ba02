"""A party exchanges its own accounts: asked for, visible to all for a while, then done."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.council import operations as kinds
from tidan_node.council.schemas import CompletionRequest, RotationRequest
from tidan_node.domain.chain_time import moment
from tidan_node.domain.council_problems import TooEarly
from tidan_node.domain.identifiers import ZERO_20, Address, address
from tidan_node.domain.party_fold import PartyState, Rotation
from tidan_node.domain.record_problems import (
    AccountNotOfParty,
    AccountTaken,
    EmptyValue,
    LastAccount,
    NoRotationOpen,
    RotationOpen,
)
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.web.acting_time import acting_time
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState


class Rotations:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._connection = connection
        self._records = Records(connection)
        self._trail = Trail(connection)
        self._node = node
        self._caller = caller

    async def request(self, wanted: RotationRequest) -> Operation:
        """Ask for an account more, one less, or both; any account of the party can cancel it."""
        own = await own_party(self._records, self._node)
        own.standing.require_not_revoked("caller")
        added = None if wanted.added is None else address(wanted.added, "added")
        removed = None if wanted.removed is None else address(wanted.removed, "removed")
        if ZERO_20 in (added, removed) or (added is None and removed is None):
            raise EmptyValue("name an account to add, one to remove, or both", field="added")
        if own.rotation is not None:
            raise RotationOpen("complete or cancel the rotation that is open", field="party")
        await self._require_possible(own, added, removed)
        intent = {"added": added or ZERO_20, "removed": removed or ZERO_20}
        return await self._enqueue(kinds.REQUEST_ROTATION, own, intent, own)

    async def cancel(self) -> Operation:
        """Take the request back, or say no to what another account of the party has asked for."""
        own = await own_party(self._records, self._node)
        _open_rotation(own)
        return await self._enqueue(kinds.CANCEL_ROTATION, own, {}, own)

    async def complete(self, wanted: CompletionRequest) -> Operation:
        """Do what was asked for, once its time has come; anybody may, for any party."""
        own = party = await own_party(self._records, self._node)
        if wanted.party is not None:
            party = (await self._records.party_by_identifier(wanted.party)).state
        rotation = _open_rotation(party)
        now = await acting_time(self._records, self._node)
        if now < rotation.completable_from:
            raise TooEarly(
                f"the rotation can be completed from {moment(rotation.completable_from)};"
                f" as far as the chain is read here, its clock is at {moment(now)}",
                field="party",
                completableFrom=rotation.completable_from,
            )
        return await self._enqueue(kinds.COMPLETE_ROTATION, party, {"party": int(party.index)}, own)

    async def _require_possible(
        self, own: PartyState, added: Address | None, removed: Address | None
    ) -> None:
        holder = None if added is None else await self._records.party_that_ever_had(added)
        if holder is not None:
            raise AccountTaken(f"the account is, or was, that of party {holder}", field="added")
        if removed is None:
            return
        if not own.has_account(removed):
            raise AccountNotOfParty("the party has no such account", field="removed")
        if added is None and sum(each.active for each in own.accounts) == 1:
            raise LastAccount("it is the party's last account", field="removed")

    async def _enqueue(
        self, kind: str, party: PartyState, intent: Mapping[str, object], own: PartyState
    ) -> Operation:
        target = f"party:{party.index}"
        operation = await self._node.operations.enqueue(
            self._connection, kind=kind, target=target, intent=intent
        )
        detail = {"operation": operation.id, **intent}
        await self._trail.append(self._caller.key_id, kind, target, detail, party=own.index)
        return operation


def _open_rotation(party: PartyState) -> Rotation:
    if party.rotation is None:
        raise NoRotationOpen(f"{party.standing.called} has no open rotation", field="party")
    return party.rotation
