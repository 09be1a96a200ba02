"""Acts on a title that exists: load it, ask its rules, keep the intention and the trail of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex, TitleId
from tidan_node.domain.parties import Standing
from tidan_node.domain.reasons import SurrenderRefusal
from tidan_node.domain.record_problems import PackageMissing
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import Offer, Offered, Title, TitleKind, surrenders, transfers
from tidan_node.exchange.outbox import Outbox
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository
from tidan_node.titles import operations as kinds
from tidan_node.titles.schemas import ActRequest, OfferRequest, RejectionRequest
from tidan_node.trail.trail import Trail
from tidan_node.web.own_party import own_standing
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState

_USUAL_OFFER: Final = timedelta(days=14)
_FLAGS: Final = {"possession": Offered.POSSESSION, "title": Offered.TITLE}


@dataclass(frozen=True, slots=True)
class _Scene:
    """A title and who acts on it, at a time of the chain."""

    state: TitleState
    own: Standing
    now: int

    @property
    def title(self) -> Title:
        return self.state.title


class Titles:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._records = Records(connection)
        self._contents = ContentRepository(connection)
        self._trail = Trail(connection)
        self._connection = connection
        self._node = node
        self._caller = caller

    async def offer(self, title_id: TitleId, wanted: OfferRequest) -> Operation:
        """Offer the title to another party; the chain keeps the offer until its deadline."""
        scene = await self._scene(title_id)
        recipient = await self._records.party_by_identifier(wanted.recipient, "recipient")
        deadline = wanted.deadline or moment_of(scene.now) + _USUAL_OFFER
        offer = Offer(
            recipient=recipient.state.index,
            what=_wanted(wanted, scene),
            deadline=int(deadline.timestamp()),
        )
        seq = wanted.expected_seq or scene.title.seq
        transfers.make_offer(
            scene.title,
            offer,
            caller=scene.own,
            recipient=recipient.state.standing,
            expected_seq=seq,
            now=scene.now,
        )
        more = {
            "recipient": int(offer.recipient),
            "what": int(offer.what),
            "deadline": offer.deadline,
        }
        operation = await self._enqueue(kinds.OFFER, scene, seq, more, deadline=deadline)
        await Outbox(self._connection, self._node).post(
            "title",
            title_id,
            scene.state.content_root,
            offer.recipient,
            self._caller.key_id,
            after=operation.id,
        )
        return operation

    async def withdraw(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Take the offer back."""
        scene = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        transfers.withdraw(scene.title, caller=scene.own, expected_seq=seq)
        return await self._enqueue(kinds.WITHDRAW, scene, seq)

    async def accept(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Take the title over, having its content to hand."""
        scene = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        after = transfers.accept(scene.title, caller=scene.own, expected_seq=seq, now=scene.now)
        if not await self._contents.holds(title_id, scene.state.content_root):
            raise PackageMissing(
                f"take in the package of {title_id} before its title", field="title"
            )
        offer = scene.title.offer
        deadline = None if offer is None else moment_of(offer.deadline)
        return await self._enqueue(kinds.ACCEPT, scene, after.seq - 1, deadline=deadline)

    async def decline(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Say no to the offer."""
        scene = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        transfers.decline(scene.title, caller=scene.own, expected_seq=seq)
        return await self._enqueue(kinds.DECLINE, scene, seq)

    async def surrender(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Give the title back to its carrier, against the cargo."""
        scene = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        surrenders.surrender_for_delivery(
            scene.title, caller=scene.own, expected_seq=seq, now=scene.now
        )
        return await self._enqueue(kinds.SURRENDER_FOR_DELIVERY, scene, seq)

    async def accept_surrender(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """The carrier takes the title in: it is delivered, and ends."""
        scene = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        successor = await self._successor(scene.title)
        surrenders.accept_surrender(
            scene.title, caller=scene.own, expected_seq=seq, successor=successor
        )
        return await self._enqueue(kinds.ACCEPT_SURRENDER, scene, seq)

    async def reject_surrender(self, title_id: TitleId, wanted: RejectionRequest) -> Operation:
        """The carrier does not take it in, and says why."""
        scene = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        successor = await self._successor(scene.title)
        surrenders.reject_surrender(
            scene.title, caller=scene.own, expected_seq=seq, successor=successor
        )
        reason = {"reason": int(SurrenderRefusal[wanted.reason])}
        return await self._enqueue(kinds.REJECT_SURRENDER, scene, seq, reason)

    async def _scene(self, title_id: TitleId) -> _Scene:
        found = await self._records.title_by_id(title_id)
        own = await own_standing(self._records, self._node)
        # the next block is not older than the last one, nor than this moment
        now = max(await self._records.chain_time(), int(self._node.clock().timestamp()))
        return _Scene(found.state, own, now)

    async def _successor(self, title: Title) -> PartyIndex:
        carrier = await self._records.party_by_index(title.issuer)
        return carrier.state.successor

    async def _enqueue(
        self,
        kind: str,
        scene: _Scene,
        seq: int,
        more: Mapping[str, object] | None = None,
        *,
        deadline: datetime | None = None,
    ) -> Operation:
        title_id = scene.title.title_id
        operation = await self._node.operations.enqueue(
            self._connection,
            kind=kind,
            target=title_id,
            intent={"id": title_id, "expectedSeq": seq, **(more or {})},
            deadline=deadline,
        )
        detail = {"operation": operation.id, **(more or {})}
        await self._trail.append(self._caller.key_id, kind, title_id, detail, party=scene.own.party)
        return operation


def _wanted(wanted: OfferRequest, scene: _Scene) -> Offered:
    """What to move, where the caller leaves it open: as much as it holds."""
    if wanted.what is not None:
        what = Offered(0)
        for name in wanted.what:
            what |= _FLAGS[name]
        return what
    title = scene.title
    if title.kind is TitleKind.ORDER and title.titleholder == scene.own.party:
        return Offered.POSSESSION | Offered.TITLE
    return Offered.POSSESSION
