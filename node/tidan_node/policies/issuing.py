"""A cargo policy becomes a record: read, numbered, committed to, kept to be issued."""

from __future__ import annotations

import asyncio

from tidan_node.domain import policies as rules
from tidan_node.domain.documents.policy import read_policy
from tidan_node.domain.identifiers import RecordId
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.record_problems import AlreadyRegistered, RecordUnknown
from tidan_node.exchange.new_records import undertake
from tidan_node.operations.new_records import NewRecords
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.policies.content import FIRST_VERSION, content_of, end_of_cover
from tidan_node.policies.operations import ISSUE
from tidan_node.policies.schemas import IssueRequest
from tidan_node.records.records import Records
from tidan_node.web.acting_time import acting_time
from tidan_node.web.own_codes import own_code
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction


class Issuing:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def issue(self, wanted: IssueRequest) -> Operation:
        """The operation that issues this policy, or why it cannot be issued. Its content goes to
        the insured once it is on the chain."""
        raw = canonical_bytes(wanted.document)
        policy = await asyncio.to_thread(read_policy, raw)
        async with self._node.database.reading() as connection:
            records = Records(connection)
            own = await own_party(records, self._node)
            code = await own_code(
                records, policy.insurer_codes, own, self._node, field="/insurer/identifiers"
            )
        number, content = await asyncio.to_thread(
            content_of,
            policy,
            code,
            self._node.numbering_key,
            insurer=own.index,
            version=FIRST_VERSION,
        )
        connection = await self._transaction.begin()
        records = Records(connection)
        insured = await records.party_by_identifier(wanted.insured, "insured")
        expires = end_of_cover(policy)
        rules.Policy.issue(
            rules.PolicyTerms(
                policy_id=RecordId(content.record_id),
                content_root=content.content_root,
                expires=expires,
                schema=content.schema,
                version=content.version,
            ),
            insurer=own.standing,
            insured=insured.state.standing,
            taken=await _exists(records, RecordId(content.record_id)),
            now=await acting_time(records, self._node),
        )
        record = NewRecords.one(
            kind=ISSUE,
            claim=content.record_id,
            intent={
                "number": number,
                "contentRoot": content.content_root,
                "insured": int(insured.state.index),
                "expires": expires,
                "schema": content.schema,
                "version": content.version,
            },
            content=content,
        )
        return await undertake(
            connection,
            self._node,
            record,
            caller=self._caller,
            party=own.index,
            recipients=[insured.state.index],
            taken=lambda *_: AlreadyRegistered(
                "this policy is being issued already", field="policy"
            ),
        )


async def _exists(records: Records, policy_id: RecordId) -> bool:
    try:
        await records.policy_by_id(policy_id)
    except RecordUnknown:
        return False
    return True
