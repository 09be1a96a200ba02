"""What is to be sent: noted in the commit of the act that makes it due, sent by the courier."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import ContentRoot, OperationId, PartyIndex
from tidan_node.domain.packages import RecordKind
from tidan_node.domain.parcels import ParcelId, new_parcel_id
from tidan_node.exchange.repository import OutgoingParcels, Posted
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState

QUEUED = "parcel.queued"


class Outbox:
    """Takes parcels in the caller's transaction: what is not committed is not sent."""

    def __init__(self, connection: AsyncConnection, node: NodeState) -> None:
        self._connection = connection
        self._node = node

    async def post(
        self,
        kind: RecordKind,
        record_id: str,
        content_root: ContentRoot,
        recipient: PartyIndex,
        actor: str,
        *,
        after: OperationId | None = None,
    ) -> ParcelId | None:
        """The parcel that carries this content to this party; None where that is oneself.

        `after` names the operation that makes it due: the parcel leaves once the chain shows the
        operation's effect, and never where the operation failed.
        """
        own = await own_party(Records(self._connection), self._node)
        if own.index == recipient:
            return None
        posted = Posted(
            parcel_id=new_parcel_id(),
            kind=kind,
            record_id=record_id,
            content_root=content_root,
            recipient=recipient,
            actor=actor,
            operation_id=after,
            created_at=self._node.clock(),
        )
        await OutgoingParcels(self._connection).add(posted)
        detail = {"parcel": posted.parcel_id, "recipient": int(recipient), "kind": kind}
        await Trail(self._connection).append(actor, QUEUED, record_id, detail, party=own.index)
        self._node.checkpoints.reached("parcel.before-commit")
        return posted.parcel_id
