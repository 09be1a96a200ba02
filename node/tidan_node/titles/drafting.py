"""Transport documents made ready to be titles: read, numbered, committed to."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tidan_node.domain.documents.made_out import codes_in, hold_against
from tidan_node.domain.documents.recorded import content_root
from tidan_node.domain.documents.transport_document import (
    SCHEMA,
    TransportDocument,
    read_transport_document,
)
from tidan_node.domain.identifiers import (
    NO_PARTY,
    ContentRoot,
    PartyIndex,
    SeriesId,
    TitleId,
    to_hex,
)
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.numbering import Numbering, NumberingKey
from tidan_node.domain.proofs.record_ids import series_id_of, title_id_of
from tidan_node.domain.proofs.salts import SECRET_BYTES
from tidan_node.domain.titles import Issuance, TitleKind
from tidan_node.operations.operation import Operation
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.storage.contents import NumberingEvidence, StoredContent
from tidan_node.titles.act_schemas import Document
from tidan_node.titles.operations import issue_intent
from tidan_node.web.own_codes import own_code
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a title that its document and the node's secrets make."""

    document: TransportDocument
    number: Numbering
    series: Numbering
    secret: bytes
    content_root: ContentRoot
    title_id: TitleId
    series_id: SeriesId

    def issuance(
        self, kind: TitleKind, possessor: PartyIndex, titleholder: PartyIndex = NO_PARTY
    ) -> Issuance:
        """The title as it is stated to the registry."""
        return Issuance(
            title_id=self.title_id,
            series=self.series_id,
            content_root=self.content_root,
            possessor=possessor,
            titleholder=titleholder,
            kind=kind,
            schema=SCHEMA,
            version=_VERSION,
        )

    def intent(self, issuance: Issuance) -> dict[str, object]:
        """The same as it is kept until it is signed, under the carrier's own numbers."""
        return issue_intent(issuance, self.number.output, self.series.output)

    def content(self) -> StoredContent:
        """What is kept of it here."""
        return StoredContent(
            record_id=self.title_id,
            content_root=self.content_root,
            kind="title",
            schema=SCHEMA,
            version=_VERSION,
            document=self.document.canonical,
            media_type="application/json",
            secret=self.secret,
            numbering=NumberingEvidence(
                code=self.document.code,
                number=self.document.number,
                sub_reference=self.document.sub_reference,
                id_proof=to_hex(self.number.proof),
                series_proof=to_hex(self.series.proof),
            ),
            origin="own",
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """What nobody but who asks can judge: where it lies in the request, and what it is."""

    field: str
    detail: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What an act on documents brings about: the operation that does it, and the titles that come
    to be, as they were drafted."""

    operation: Operation
    drafts: Sequence[Draft]
    warnings: Sequence[Doubt] = ()

    @property
    def titles(self) -> list[TitleId]:
        return [each.title_id for each in self.drafts]


def fresh_secrets() -> Iterator[bytes]:
    """A secret for each document, from chance."""
    while True:
        yield secrets.token_bytes(SECRET_BYTES)


async def drafts_of(
    documents: Sequence[Document],
    node: NodeState,
    hidden_by: Iterator[bytes],
    *,
    listed: str | None = None,
) -> tuple[PartyState, list[Draft]]:
    """The documents as titles of this node's party, each under the next of these secrets; `listed`
    names the list that they stand in. It takes its time, and writes nothing."""
    read = []
    for place, document in enumerate(documents):
        with placed(listed, place):
            raw = canonical_bytes(document)
            read.append(await asyncio.to_thread(read_transport_document, raw))
    async with node.database.reading() as connection:
        records = Records(connection)
        own = await own_party(records, node)
        for place, transport in enumerate(read):
            with placed(listed, place):
                await own_code(records, [transport.code], own, node, field="/carrierCode")
    key = node.numbering_key
    return own, [
        await asyncio.to_thread(_drafted, each, key, own.index, next(hidden_by)) for each in read
    ]


async def drafted_again(
    documents: Sequence[Document],
    key: NumberingKey,
    issuer: PartyIndex,
    hidden_by: Iterator[bytes],
) -> list[Draft]:
    """What such drafts were, of the same documents and secrets. Who may number them was asked then,
    and is not asked again."""
    raw = [canonical_bytes(each) for each in documents]
    read = [await asyncio.to_thread(read_transport_document, each) for each in raw]
    return [await asyncio.to_thread(_drafted, each, key, issuer, next(hidden_by)) for each in read]


async def doubts(
    records: Records,
    draft: Draft,
    titleholder: PartyState | None,
    *,
    begins: bool,
    field: str | None = None,
    among: tuple[str, int] | None = None,
) -> list[Doubt]:
    """What there is to doubt about to whom the draft is made out (`made_out.hold_against`);
    `among`: in which list of the request it stands, and where."""
    if titleholder is None:
        return []
    document = draft.document
    members = await records.members_with(codes_in(document))
    doubt = hold_against(document, titleholder, members, begins=begins, field=field)
    if doubt is None:
        return []
    stands = field or "/documentParties"
    return [Doubt(stands if among is None else _within(*among, stands), doubt)]


@contextlib.contextmanager
def placed(listed: str | None, place: int) -> Iterator[None]:
    """A Problem with one of several says with which."""
    try:
        yield
    except Problem as problem:
        if listed is not None:
            problem.field = _within(listed, place, problem.field or "")
        raise


def _within(listed: str, place: int, field: str) -> str:
    return f"{listed}.{place}" + (field if not field or field.startswith("/") else f".{field}")


def _drafted(
    document: TransportDocument, key: NumberingKey, issuer: PartyIndex, secret: bytes
) -> Draft:
    """A failed issue leaves its content: a later one has a secret, and so a root, of its own."""
    number, series = key.number(document.title_name()), key.number(document.series_name())
    return Draft(
        document=document,
        number=number,
        series=series,
        secret=secret,
        content_root=content_root(document, SCHEMA, secret=secret, version=_VERSION),
        title_id=title_id_of(issuer, number.output),
        series_id=series_id_of(issuer, series.output),
    )
