"""Acts on a policy that exists: load it, ask its rules, keep the intention and its trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import RecordId
from tidan_node.domain.parties import Standing
from tidan_node.domain.policies import Policy
from tidan_node.exchange.outbox import Outbox
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.policies import operations as kinds
from tidan_node.policies.schemas import ActRequest, AssignRequest
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository
from tidan_node.trail.trail import Trail
from tidan_node.web.acting_time import acting_time
from tidan_node.web.own_party import own_standing
from tidan_node.web.state import NodeState


@dataclass(frozen=True, slots=True)
class _Scene:
    """A policy, who acts on it, at a time of the chain, and the seq that the act is for."""

    policy: Policy
    own: Standing
    now: int
    seq: int


class Policies:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._records = Records(connection)
        self._contents = ContentRepository(connection)
        self._trail = Trail(connection)
        self._connection = connection
        self._node = node
        self._caller = caller

    async def assign(self, policy_id: RecordId, wanted: AssignRequest) -> Operation:
        """Name as the insured to whom losses are paid. The loss payee is sent the content, where
        this node holds it."""
        scene = await self._scene(policy_id, wanted)
        payee = await self._records.party_by_identifier(wanted.loss_payee, "lossPayee")
        after = scene.policy.assign(
            caller=scene.own,
            loss_payee=payee.state.standing,
            expected_seq=scene.seq,
            now=scene.now,
        )
        operation = await self._enqueue(kinds.ASSIGN, scene, {"lossPayee": int(after.loss_payee)})
        if await self._contents.holds(policy_id, after.content_root):
            await Outbox(self._connection, self._node).post(
                "policy",
                policy_id,
                after.content_root,
                after.loss_payee,
                self._caller.key_id,
                after=operation.id,
            )
        return operation

    async def cancel(self, policy_id: RecordId, wanted: ActRequest) -> Operation:
        """End the policy as its insurer."""
        scene = await self._scene(policy_id, wanted)
        scene.policy.cancel(caller=scene.own, expected_seq=scene.seq, now=scene.now)
        return await self._enqueue(kinds.CANCEL, scene)

    async def _scene(self, policy_id: RecordId, wanted: ActRequest | AssignRequest) -> _Scene:
        found = await self._records.policy_by_id(policy_id)
        policy = found.state.policy
        own = await own_standing(self._records, self._node)
        now = await acting_time(self._records, self._node)
        return _Scene(policy, own, now, wanted.expected_seq or policy.seq)

    async def _enqueue(
        self, kind: str, scene: _Scene, more: Mapping[str, object] | None = None
    ) -> Operation:
        policy_id = scene.policy.policy_id
        operation = await self._node.operations.enqueue(
            self._connection,
            kind=kind,
            target=policy_id,
            intent={"id": policy_id, "expectedSeq": scene.seq, **(more or {})},
        )
        detail = {"operation": operation.id, **(more or {})}
        await self._trail.append(
            self._caller.key_id, kind, policy_id, detail, party=scene.own.party
        )
        return operation
