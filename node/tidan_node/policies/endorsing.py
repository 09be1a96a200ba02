"""An endorsement: the insurer's new version of a policy that it has issued."""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain import policies as rules
from tidan_node.domain.documents.policy import Policy, read_policy
from tidan_node.domain.identifiers import NO_PARTY, RecordId
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.salts import VERSION_LIMIT
from tidan_node.domain.record_problems import EndorsementRefused, VersionNotAhead
from tidan_node.exchange.outbox import Outbox
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.policies.content import content_of, end_of_cover
from tidan_node.policies.operations import ENDORSE
from tidan_node.policies.schemas import EndorseRequest
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository, StoredContent
from tidan_node.trail.trail import Trail
from tidan_node.web.acting_time import acting_time
from tidan_node.web.own_codes import own_code
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction


class Endorsing:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def endorse(self, policy_id: RecordId, wanted: EndorseRequest) -> Operation:
        """The operation that endorses this policy. The new version goes to whom it concerns."""
        raw = canonical_bytes(wanted.document)
        document = await asyncio.to_thread(read_policy, raw)
        async with self._node.database.reading() as connection:
            records = Records(connection)
            own = await own_party(records, self._node)
            policy = await self._endorsable(records, policy_id, own, wanted)
            code = await own_code(
                records, document.insurer_codes, own, self._node, field="/insurer/identifiers"
            )
        _, content = await asyncio.to_thread(
            content_of,
            document,
            code,
            self._node.numbering_key,
            insurer=own.index,
            version=policy.version + 1,
        )
        _require_same_policy(policy, document, content)
        connection = await self._transaction.begin()
        records = Records(connection)
        policy = await self._endorsable(records, policy_id, own, wanted)
        policy.endorse(
            content.content_root,
            content.version,
            caller=own.standing,
            expected_seq=policy.seq,
            now=await acting_time(records, self._node),
        )
        return await self._enqueue(connection, policy, content, own)

    async def _endorsable(
        self, records: Records, policy_id: RecordId, own: PartyState, wanted: EndorseRequest
    ) -> rules.Policy:
        policy = (await records.policy_by_id(policy_id)).state.policy
        policy.require_endorsable(
            caller=own.standing,
            expected_seq=wanted.expected_seq or policy.seq,
            now=await acting_time(records, self._node),
        )
        if policy.version >= VERSION_LIMIT:
            raise VersionNotAhead("no later version can be numbered", field="policy")
        return policy

    async def _enqueue(
        self,
        connection: AsyncConnection,
        policy: rules.Policy,
        content: StoredContent,
        own: PartyState,
    ) -> Operation:
        terms = {"contentRoot": content.content_root, "version": content.version}
        operation = await self._node.operations.enqueue(
            connection,
            kind=ENDORSE,
            target=policy.policy_id,
            intent={"id": policy.policy_id, "expectedSeq": policy.seq, **terms},
        )
        await ContentRepository(connection).add(content)
        await Trail(connection).append(
            self._caller.key_id,
            ENDORSE,
            policy.policy_id,
            {"operation": operation.id, **terms},
            party=own.index,
        )
        outbox = Outbox(connection, self._node)
        for party in sorted({policy.insured, policy.loss_payee} - {NO_PARTY}):
            await outbox.post(
                "policy",
                policy.policy_id,
                content.content_root,
                party,
                self._caller.key_id,
                after=operation.id,
            )
        return operation


def _require_same_policy(policy: rules.Policy, document: Policy, content: StoredContent) -> None:
    """The id is made of insurer code and number, and the chain keeps the end of cover for ever."""
    if content.record_id != policy.policy_id:
        raise EndorsementRefused(
            "insurer code and policyNumber are those of another policy; an endorsement keeps both",
            field="/policyNumber",
        )
    if end_of_cover(document) != policy.expires:
        raise EndorsementRefused(
            "the end of cover stands on the chain and stays; issue another policy for other dates",
            field="/coverUntil",
        )
