"""A title as security: what its possessor proposes, and what the bank that takes it does."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import NO_PARTY, Pledgee, TitleId
from tidan_node.domain.record_problems import PackageMissing
from tidan_node.domain.titles import Proposal, Title, pledges
from tidan_node.domain.titles.pledges import BankGate, bank_of, pledgee_of
from tidan_node.exchange.outbox import Outbox
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.storage.contents import ContentRepository
from tidan_node.titles import operations as kinds
from tidan_node.titles.act_schemas import ActRequest, EnforcementRequest, PledgeRequest
from tidan_node.titles.acting import Acting, Scene
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState


class Pledging:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._acting = Acting(connection, node, caller)
        self._contents = ContentRepository(connection)
        self._outbox = Outbox(connection, node)
        self._account = node.account
        self._caller = caller

    async def propose(self, title_id: TitleId, wanted: PledgeRequest) -> Operation:
        """Offer the title as security to a bank, which is sent its package."""
        scene = await self._acting.scene(title_id)
        found = await self._acting.records.party_by_identifier(wanted.pledgee, "pledgee")
        bank, deadline = found.state.index, scene.deadline(wanted.deadline)
        proposal = Proposal(pledgee_of(bank), int(deadline.timestamp()))
        seq = wanted.expected_seq or scene.title.seq
        pledges.propose_pledge(
            scene.title,
            proposal,
            caller=scene.own,
            gate=await self._acting.gate(scene.own, bank),
            expected_seq=seq,
            now=scene.now,
        )
        more = {
            "pledgee": proposal.pledgee,
            "bank": int(bank),
            "deadline": proposal.deadline,
        }
        operation = await self._acting.keep(
            kinds.PROPOSE_PLEDGE, scene, seq, more, deadline=deadline
        )
        await self._outbox.post(
            "title",
            title_id,
            scene.state.content_root,
            bank,
            self._caller.key_id,
            after=operation.id,
        )
        return operation

    async def accept(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Take the pledge, having the title's content to hand."""
        scene, gate = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        pledges.accept_pledge(
            scene.title, caller=self._account, gate=gate, expected_seq=seq, now=scene.now
        )
        if not await self._contents.holds(title_id, scene.state.content_root):
            raise PackageMissing(
                f"take in the package of {title_id} before a pledge on it", field="title"
            )
        proposal = scene.title.proposal
        deadline = None if proposal is None else moment_of(proposal.deadline)
        return await self._acting.keep(kinds.ACCEPT_PLEDGE, scene, seq, deadline=deadline)

    async def decline(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Say no to the pledge."""
        scene, gate = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        pledges.decline_pledge(scene.title, caller=self._account, gate=gate, expected_seq=seq)
        return await self._acting.keep(kinds.DECLINE_PLEDGE, scene, seq)

    async def consent(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Agree to the offer that is open."""
        scene, gate = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        pledges.consent(
            scene.title, caller=self._account, gate=gate, expected_seq=seq, now=scene.now
        )
        offer = scene.title.offer
        deadline = None if offer is None else moment_of(offer.deadline)
        return await self._acting.keep(kinds.CONSENT, scene, seq, deadline=deadline)

    async def release(self, title_id: TitleId, wanted: ActRequest) -> Operation:
        """Give the pledge up."""
        scene, gate = await self._scene(title_id)
        seq = wanted.expected_seq or scene.title.seq
        pledges.release_pledge(scene.title, caller=self._account, gate=gate, expected_seq=seq)
        return await self._acting.keep(kinds.RELEASE_PLEDGE, scene, seq)

    async def enforce(self, title_id: TitleId, wanted: EnforcementRequest) -> Operation:
        """Offer the title in its possessor's place; the recipient is sent its package."""
        scene, gate = await self._scene(title_id)
        found = await self._acting.records.party_by_identifier(wanted.recipient, "recipient")
        recipient, until = found.state, scene.deadline(wanted.deadline)
        seq, deadline = wanted.expected_seq or scene.title.seq, int(until.timestamp())
        pledges.enforce_pledge(
            scene.title,
            caller=self._account,
            gate=gate,
            recipient=recipient.standing,
            deadline=deadline,
            expected_seq=seq,
            now=scene.now,
        )
        more = {"recipient": int(recipient.index), "deadline": deadline}
        operation = await self._acting.keep(kinds.ENFORCE_PLEDGE, scene, seq, more, deadline=until)
        await self._outbox.post(
            "title",
            title_id,
            scene.state.content_root,
            recipient.index,
            self._caller.key_id,
            after=operation.id,
        )
        return operation

    async def _scene(self, title_id: TitleId) -> tuple[Scene, BankGate]:
        """The title, and the gate as it is for who has the pledge on it, or is asked to take it."""
        scene = await self._acting.scene(title_id)
        pledgee = _pledgee(scene.title)
        bank = NO_PARTY if pledgee is None else bank_of(pledgee)
        return scene, await self._acting.gate(scene.own, bank)


def _pledgee(title: Title) -> Pledgee | None:
    return title.proposal.pledgee if title.proposal is not None else title.pledgee
