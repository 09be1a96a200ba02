"""A carrier says which gateways may bring in titles of its that were never here."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.council import operations as kinds
from tidan_node.domain.gateway_admissions import require_admissible, require_withdrawable
from tidan_node.domain.identifiers import Address, PartyIndex, address
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.web.own_party import own_standing
from tidan_node.web.state import NodeState


class Admitting:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._connection = connection
        self._records = Records(connection)
        self._trail = Trail(connection)
        self._node = node
        self._caller = caller

    async def admit(self, named: str) -> Operation:
        """Let the gateway use this party's numbers."""
        gateway, own = address(named, "gateway"), await own_standing(self._records, self._node)
        require_admissible(
            gateway,
            carrier=own,
            recognised=await self._records.is_gateway(gateway),
            admitted=await self._records.is_admitted(own.party, gateway),
        )
        return await self._enqueue(kinds.ADMIT_GATEWAY, gateway, own.party)

    async def withdraw(self, named: str) -> Operation:
        """Take that back."""
        gateway, own = address(named, "gateway"), await own_standing(self._records, self._node)
        admitted = await self._records.is_admitted(own.party, gateway)
        require_withdrawable(gateway, carrier=own, admitted=admitted)
        return await self._enqueue(kinds.WITHDRAW_ADMISSION, gateway, own.party)

    async def _enqueue(self, kind: str, gateway: Address, own: PartyIndex) -> Operation:
        target = f"gateway:{gateway}"
        operation = await self._node.operations.enqueue(
            self._connection, kind=kind, target=target, intent={"gateway": gateway}
        )
        detail = {"operation": operation.id}
        await self._trail.append(self._caller.key_id, kind, target, detail, party=own)
        return operation
