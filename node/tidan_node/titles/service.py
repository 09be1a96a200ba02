"""How a title moves: load it, ask its rules, keep the intention and the trail of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, PartyIndex, TitleId, to_bytes
from tidan_node.domain.record_problems import PackageMissing
from tidan_node.domain.titles import Offer, Offered, Title, TitleKind, transfers
from tidan_node.domain.titles.endorsement import endorse
from tidan_node.domain.titles.gateways import lock
from tidan_node.exchange.outbox import Outbox
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.storage.contents import ContentRepository
from tidan_node.titles import operations as kinds
from tidan_node.titles.act_schemas import (
    ActRequest,
    EndorsementRequest,
    LockRequest,
    OfferRequest,
)
from tidan_node.titles.acting import Acting, Scene
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState

OFFERED: Final = {
    "possession": Offered.POSSESSION,
    "title": Offered.TITLE,
    "final": Offered.FINAL,
}


class Titles:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._acting = Acting(connection, node, caller)
        self._records = self._acting.records
        self._contents = ContentRepository(connection)
        self._outbox = Outbox(connection, node)
        self._caller = caller

    async def offer(self, title_id: TitleId, wanted: OfferRequest) -> Operation:
        """Offer the title to another party; the chain keeps the offer until its deadline."""
        scene = await self._acting.scene(title_id)
        recipient = await self._records.party_by_identifier(wanted.recipient, "recipient")
        deadline = scene.deadline(wanted.deadline)
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
        operation = await self._acting.keep(kinds.OFFER, scene, seq, more, deadline=deadline)
        await self._outbox.post(
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
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        transfers.withdraw(scene.title, caller=scene.own, expected_seq=seq)
        return await self._acting.keep(kinds.WITHDRAW, scene, seq)

    async def accept(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Take the title over, having its content to hand."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        after = transfers.accept(scene.title, caller=scene.own, expected_seq=seq, now=scene.now)
        if not await self._contents.holds(title_id, scene.state.content_root):
            raise PackageMissing(
                f"take in the package of {title_id} before its title", field="title"
            )
        offer = scene.title.offer
        deadline = None if offer is None else moment_of(offer.deadline)
        return await self._acting.keep(kinds.ACCEPT, scene, after.seq - 1, deadline=deadline)

    async def decline(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Say no to the offer."""
        scene = await self._acting.scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        transfers.decline(scene.title, caller=scene.own, expected_seq=seq)
        return await self._acting.keep(kinds.DECLINE, scene, seq)

    async def endorse(self, title_id: TitleId, wanted: EndorsementRequest) -> Operation:
        """Change the title's kind by the possessor's own hand."""
        scene = await self._acting.scene(title_id)
        seq, kind = wanted.expected_seq or scene.title.seq, TitleKind[wanted.kind]
        endorse(scene.title, kind, caller=scene.own, expected_seq=seq, now=scene.now)
        return await self._acting.keep(kinds.ENDORSE, scene, seq, {"kind": int(kind)})

    async def lock(self, title_id: TitleId, wanted: LockRequest) -> Operation:
        """Hand the title to a gateway, which sends it out or gives it back."""
        scene = await self._acting.scene(title_id)
        seq, gateway = wanted.expected_seq or scene.title.seq, Address(wanted.gateway)
        lock(
            scene.title,
            gateway,
            to_bytes(wanted.transfer),
            caller=scene.own,
            recognised=await self._records.is_gateway(gateway),
            expected_seq=seq,
            now=scene.now,
        )
        more = {"gateway": gateway, "transfer": wanted.transfer}
        return await self._acting.keep(kinds.LOCK, scene, seq, more)


def _wanted(wanted: OfferRequest, scene: Scene) -> Offered:
    """What to move, where the caller leaves it open: as much as it holds."""
    if wanted.what is None:
        return all_that_is_held(scene.title, scene.own.party)
    what = Offered(0)
    for name in wanted.what:
        what |= OFFERED[name]
    return what


def all_that_is_held(title: Title, possessor: PartyIndex) -> Offered:
    """Possession, and the title itself where it is made out to its possessor's order."""
    if title.kind is TitleKind.ORDER and title.titleholder == possessor:
        return Offered.POSSESSION | Offered.TITLE
    return Offered.POSSESSION
