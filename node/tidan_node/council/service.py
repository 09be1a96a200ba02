"""Acts of a member of the Council: load, ask the rules, keep the intention and the trail of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.council import operations as kinds
from tidan_node.council.members import Members
from tidan_node.council.motions import Motions
from tidan_node.council.proposing import ProposalRequest
from tidan_node.council.schemas import ObjectionRequest
from tidan_node.domain.council import CouncilState
from tidan_node.domain.council_fold import COUNCIL, proposal_name
from tidan_node.domain.council_problems import AlreadyProposed, NotFounded
from tidan_node.domain.identifiers import NO_PARTY, Address, to_hex
from tidan_node.domain.parties import Standing
from tidan_node.domain.proposals import Motion
from tidan_node.ledger.codec import encode_call
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.web.acting_time import acting_time
from tidan_node.web.own_party import own_standing
from tidan_node.web.state import NodeState


@dataclass(frozen=True, slots=True)
class _Scene:
    """The Council with one proposal, who acts in it, and the parties it touches, at a time."""

    council: CouncilState
    own: Standing
    members: Members
    now: int


class CouncilActs:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._connection = connection
        self._records = Records(connection)
        self._trail = Trail(connection)
        self._node = node
        self._caller = caller

    async def propose(self, wanted: ProposalRequest) -> Operation:
        """Propose what can be done today; to propose is to approve."""
        scene = await self._scene()
        scene.council.require_member(scene.own)
        wish = await Motions(self._records, scene.council, scene.now).of(wanted)
        target = self._address_of(wish.call.contract)
        call = encode_call(wish.call)
        motion = Motion(target, call, wanted.reason, wish.subject)
        scene.council.propose(motion, caller=scene.own, at=scene.now)
        same = await self._records.undecided(motion, scene.now)
        if same is not None:
            raise AlreadyProposed(f"proposal {same} decides the same", field="kind", proposal=same)
        said = wanted.model_dump(mode="json", by_alias=True, exclude_none=True)
        intent = {"target": target, "call": to_hex(call), "reason": wanted.reason, "motion": said}
        return await self._enqueue(
            kinds.PROPOSE, COUNCIL, intent, scene, {"kind": wanted.kind, "reason": wanted.reason}
        )

    async def approve(self, number: int) -> Operation:
        """One approval more, by this node's party."""
        scene = await self._scene(number)
        scene.council.approve(
            number, caller=scene.own, standing_of=scene.members.standing_of, at=scene.now
        )
        return await self._act(kinds.APPROVE, number, scene)

    async def withdraw(self, number: int) -> Operation:
        """This node's party takes its approval back."""
        scene = await self._scene(number)
        scene.council.withdraw_approval(
            number, caller=scene.own, standing_of=scene.members.standing_of, at=scene.now
        )
        return await self._act(kinds.WITHDRAW, number, scene)

    async def object_to(self, number: int, wanted: ObjectionRequest) -> Operation:
        """This node's party would lose accounts, and says no."""
        scene = await self._scene(number)
        scene.council.object(
            number,
            wanted.reason,
            caller=scene.own,
            standing_of=scene.members.standing_of,
            at=scene.now,
        )
        return await self._act(kinds.OBJECT, number, scene, {"reason": wanted.reason})

    async def execute(self, number: int) -> Operation:
        """Carry the proposal out, once its time has come; whoever may act for a party may do so."""
        scene = await self._scene(number)
        proposal = scene.council.executable(
            number, standing_of=scene.members.standing_of, at=scene.now
        )
        intent = {"proposal": number, "call": to_hex(proposal.motion.call)}
        return await self._enqueue(kinds.EXECUTE, proposal_name(number), intent, scene, {})

    async def _scene(self, number: int | None = None) -> _Scene:
        found = await self._records.council()
        if found is None:
            raise NotFounded("until the Council is founded, who deployed the contracts decides")
        own = await own_standing(self._records, self._node)
        council = found.state
        touched = {own.party, *council.seats}
        if number is not None:
            proposal = (await self._records.proposal(number)).state
            done = await self._records.superseded([number])
            settled = {proposal.motion.decision: number} if done else {}
            council = replace(council, proposals={number: proposal}, settled=settled)
            touched |= {proposal.motion.subject, *proposal.approvals}
        members = await Members.of(self._records, touched - {NO_PARTY})
        return _Scene(council, own, members, await acting_time(self._records, self._node))

    def _address_of(self, contract: str) -> Address:
        chain = self._node.chain
        return {
            "PartyRegistry": chain.party_registry,
            "PlatformRegistry": chain.platform_registry,
            "GatewayRegistry": chain.gateway_registry,
            "Council": chain.council,
        }[contract]

    async def _act(
        self, kind: str, number: int, scene: _Scene, more: Mapping[str, object] | None = None
    ) -> Operation:
        intent = {"proposal": number, **(more or {})}
        return await self._enqueue(kind, proposal_name(number), intent, scene, more or {})

    async def _enqueue(
        self,
        kind: str,
        target: str,
        intent: Mapping[str, object],
        scene: _Scene,
        told: Mapping[str, object],
    ) -> Operation:
        operation = await self._node.operations.enqueue(
            self._connection, kind=kind, target=target, intent=intent
        )
        detail = {"operation": operation.id, **told}
        await self._trail.append(self._caller.key_id, kind, target, detail, party=scene.own.party)
        return operation
