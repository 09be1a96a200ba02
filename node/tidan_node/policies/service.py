"""A cargo policy becomes a record: read, numbered, committed to, kept to be issued."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import Final

from tidan_node.domain.documents.policy import SCHEMA, Policy, read_policy
from tidan_node.domain.identifiers import ContentRoot, IssuerCode, RecordId, to_hex
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.domain.proofs.salts import SECRET_BYTES
from tidan_node.domain.proofs.schema import schema_by_number
from tidan_node.domain.record_problems import AlreadyRegistered, RecordUnknown
from tidan_node.domain.registrations import check_policy
from tidan_node.operations.new_records import NewRecord, enqueue_new_record
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.policies.operations import ISSUE
from tidan_node.policies.schemas import IssueRequest
from tidan_node.records.records import Records
from tidan_node.storage.contents import NumberingEvidence, StoredContent
from tidan_node.web.own_codes import own_code
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

MEDIA_TYPE: Final = "application/json"
_VERSION: Final = 1
_DAY: Final = timedelta(days=1)


class Policies:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def issue(self, wanted: IssueRequest) -> Operation:
        """The operation that issues this policy, or why it cannot be issued."""
        raw = canonical_bytes(wanted.document)
        policy = await asyncio.to_thread(read_policy, raw)
        async with self._node.database.reading() as connection:
            records = Records(connection)
            own = await own_party(records, self._node)
            code = await own_code(
                records, policy.insurer_codes, own, self._node, field="/insurer/identifiers"
            )
        content = await asyncio.to_thread(_content, policy, code, self._node.numbering_key)
        connection = await self._transaction.begin()
        records = Records(connection)
        insured = await records.party_by_identifier(wanted.insured, "insured")
        expires = _expires(policy)
        check_policy(
            insurer=own.standing,
            insured=insured.state.standing,
            taken=await _exists(records, RecordId(content.record_id)),
            expires=expires,
            now=max(await records.chain_time(), int(self._node.clock().timestamp())),
        )
        record = NewRecord(
            kind=ISSUE,
            claim=content.record_id,
            intent={
                "id": content.record_id,
                "contentRoot": content.content_root,
                "insured": int(insured.state.index),
                "expires": expires,
                "schema": content.schema,
                "version": content.version,
            },
            content=content,
        )
        return await enqueue_new_record(
            connection,
            self._node.operations,
            record,
            actor=self._caller.key_id,
            party=own.index,
            taken=lambda _: AlreadyRegistered(
                "this policy is being issued already", field="policy"
            ),
        )


def _expires(policy: Policy) -> int:
    """The last day of cover is covered to its end (UTC)."""
    return int(datetime.combine(policy.cover_until, time(), UTC).timestamp() + _DAY.total_seconds())


async def _exists(records: Records, policy_id: RecordId) -> bool:
    try:
        await records.policy_by_id(policy_id)
    except RecordUnknown:
        return False
    return True


def _content(policy: Policy, code: IssuerCode, key: NumberingKey) -> StoredContent:
    secret = secrets.token_bytes(SECRET_BYTES)
    root = commit(policy, schema_by_number(SCHEMA), secret=secret, version=_VERSION).root
    numbering = key.number(policy.name(code))
    return StoredContent(
        record_id=numbering.id,
        content_root=ContentRoot(to_hex(root)),
        kind="policy",
        schema=SCHEMA,
        version=_VERSION,
        document=policy.canonical,
        media_type=MEDIA_TYPE,
        secret=secret,
        numbering=NumberingEvidence(
            code=code,
            number=policy.number,
            sub_reference=None,
            id_proof=to_hex(numbering.proof),
        ),
        origin="own",
    )
