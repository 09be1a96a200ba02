"""Titles given back to their carriers, the answers, and those that end as paper."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import TitleId
from tidan_node.domain.reasons import AmendmentReason, SurrenderRefusal
from tidan_node.domain.titles import paper, surrenders
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.titles import operations as kinds
from tidan_node.titles.act_schemas import ActRequest, ReasonRequest, RejectionRequest
from tidan_node.titles.acting import Acting
from tidan_node.web.state import NodeState


class Surrendering:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._acting = Acting(connection, node, caller)

    async def surrender(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Give the title back to its carrier, against the cargo."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        surrenders.surrender_for_delivery(
            scene.title, caller=scene.own, expected_seq=seq, now=scene.now
        )
        return await self._acting.keep(kinds.SURRENDER_FOR_DELIVERY, scene, seq)

    async def accept_surrender(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """The carrier takes the title in: it is delivered, and ends."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        successor = (await self._acting.carrier(scene.title)).successor
        surrenders.accept_surrender(
            scene.title, caller=scene.own, expected_seq=seq, successor=successor
        )
        return await self._acting.keep(kinds.ACCEPT_SURRENDER, scene, seq)

    async def reject_surrender(self, title_id: TitleId, wanted: RejectionRequest) -> Operation:
        """The carrier does not take it in, and says why."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        successor = (await self._acting.carrier(scene.title)).successor
        surrenders.reject_surrender(
            scene.title, caller=scene.own, expected_seq=seq, successor=successor
        )
        reason = {"reason": int(SurrenderRefusal[wanted.reason])}
        return await self._acting.keep(kinds.REJECT_SURRENDER, scene, seq, reason)

    async def surrender_for_amendment(self, title_id: TitleId, wanted: ReasonRequest) -> Operation:
        """Give the title back to its carrier to be changed."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        reason = AmendmentReason[wanted.reason]
        surrenders.surrender_for_amendment(
            scene.title, reason, caller=scene.own, expected_seq=seq, now=scene.now
        )
        because = {"reason": int(reason)}
        return await self._acting.keep(kinds.SURRENDER_FOR_AMENDMENT, scene, seq, because)

    async def cancel(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Take the surrender back, before it is answered."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        surrenders.cancel_surrender(scene.title, caller=scene.own, expected_seq=seq)
        return await self._acting.keep(kinds.CANCEL_SURRENDER, scene, seq)

    async def switch_to_paper(self, title_id: TitleId, wanted: ReasonRequest) -> Operation:
        """The carrier has handed out a paper bill: the title ends."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        successor = (await self._acting.carrier(scene.title)).successor
        paper.switch_to_paper(scene.title, caller=scene.own, expected_seq=seq, successor=successor)
        reason = {"reason": int(AmendmentReason[wanted.reason])}
        return await self._acting.keep(kinds.SWITCH_TO_PAPER, scene, seq, reason)

    async def end_as_paper(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """The possessor ends a title that no carrier is left to answer for."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        carrier = await self._acting.carrier(scene.title)
        paper.end_as_paper(
            scene.title,
            caller=scene.own,
            carrier=carrier,
            successor=await self._acting.successor(carrier),
            delay=self._acting.node.chain.paper_delay,
            expected_seq=seq,
            now=scene.now,
        )
        return await self._acting.keep(kinds.END_AS_PAPER, scene, seq)
