"""A transport document becomes a title: read, numbered, committed to, kept to be issued."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass

from tidan_node.domain.documents.recorded import content_root
from tidan_node.domain.documents.transport_document import (
    SCHEMA,
    TransportDocument,
    read_transport_document,
)
from tidan_node.domain.identifiers import NO_PARTY, ContentRoot, TitleId, to_hex
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.numbering import Numbering, NumberingKey
from tidan_node.domain.proofs.record_ids import series_id_of, title_id_of
from tidan_node.domain.proofs.salts import SECRET_BYTES
from tidan_node.domain.title_problems import AlreadyIssued, SeriesAlreadyUsed
from tidan_node.domain.titles import Issuance
from tidan_node.domain.titles.issues import issue
from tidan_node.exchange.new_records import undertake
from tidan_node.operations.new_records import NewRecord
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.storage.contents import NumberingEvidence, StoredContent
from tidan_node.titles.operations import ISSUE, issue_intent
from tidan_node.titles.schemas import IssueRequest
from tidan_node.web.own_codes import own_code
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

_VERSION = 1


@dataclass(frozen=True, slots=True)
class _Draft:
    """All of a title that its document and the node's secrets make."""

    document: TransportDocument
    title: Numbering
    series: Numbering
    secret: bytes
    content_root: ContentRoot


class Issuing:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def issue(self, wanted: IssueRequest) -> Operation:
        """The operation that issues this title, or why it cannot be issued."""
        raw = canonical_bytes(wanted.document)
        document = await asyncio.to_thread(read_transport_document, raw)
        async with self._node.database.reading() as connection:
            records = Records(connection)
            own = await own_party(records, self._node)
            await own_code(records, [document.code], own, self._node, field="/carrierCode")
        draft = await asyncio.to_thread(_draft, document, self._node.numbering_key)
        connection = await self._transaction.begin()
        issuance = await self._issuance(Records(connection), own, draft, wanted)
        record = NewRecord(
            kind=ISSUE,
            claim=issuance.series,
            intent=issue_intent(issuance, draft.title.output, draft.series.output),
            content=_content(draft, issuance),
        )
        return await undertake(
            connection,
            self._node,
            record,
            caller=self._caller,
            party=own.index,
            recipient=issuance.possessor,
            taken=lambda holder: _taken(holder, issuance.title_id),
        )

    async def _issuance(
        self, records: Records, own: PartyState, draft: _Draft, wanted: IssueRequest
    ) -> Issuance:
        possessor, titleholder = own, None
        if wanted.possessor is not None:
            found = await records.party_by_identifier(wanted.possessor, "possessor")
            possessor = found.state
        if wanted.titleholder is not None:
            found = await records.party_by_identifier(wanted.titleholder, "titleholder")
            titleholder = found.state
        issuance = Issuance(
            title_id=title_id_of(own.index, draft.title.output),
            series=series_id_of(own.index, draft.series.output),
            content_root=draft.content_root,
            possessor=possessor.index,
            titleholder=NO_PARTY if titleholder is None else titleholder.index,
            kind=draft.document.kind,
            schema=SCHEMA,
            version=_VERSION,
        )
        there = await records.title_of_series(issuance.series)
        issue(
            issuance,
            carrier=own.standing,
            possessor=possessor.standing,
            titleholder=None if titleholder is None else titleholder.standing,
            id_taken=there is not None and there.state.title.title_id == issuance.title_id,
            series_taken=there is not None,
        )
        return issuance


def _taken(holder: Operation | None, title_id: TitleId) -> Problem:
    """Whose operation has the series: one for this very title, or for another of its number."""
    if holder is None or holder.target == title_id:
        return AlreadyIssued("this title is being issued already", field="title")
    return SeriesAlreadyUsed("a title of this B/L number is being issued", field="series")


def _draft(document: TransportDocument, key: NumberingKey) -> _Draft:
    """A failed issue leaves its content: a later one has a secret, and so a root, of its own."""
    secret = secrets.token_bytes(SECRET_BYTES)
    return _Draft(
        document=document,
        title=key.number(document.title_name()),
        series=key.number(document.series_name()),
        secret=secret,
        content_root=content_root(document, SCHEMA, secret=secret, version=_VERSION),
    )


def _content(draft: _Draft, issuance: Issuance) -> StoredContent:
    document = draft.document
    return StoredContent(
        record_id=issuance.title_id,
        content_root=issuance.content_root,
        kind="title",
        schema=issuance.schema,
        version=issuance.version,
        document=document.canonical,
        media_type="application/json",
        secret=draft.secret,
        numbering=NumberingEvidence(
            code=document.code,
            number=document.number,
            sub_reference=document.sub_reference,
            id_proof=to_hex(draft.title.proof),
            series_proof=to_hex(draft.series.proof),
        ),
        origin="own",
    )
