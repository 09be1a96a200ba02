"""Packages made: what this node holds of a record, written for another party."""

from __future__ import annotations

import hashlib

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import ContentRoot, IssuerCode, RecordId, SeriesId, to_bytes
from tidan_node.domain.package_checks import RecordOnChain
from tidan_node.domain.packages import Package, RecordKind, TitleNumbering
from tidan_node.exchange.chain_view import record_on_chain, registry_of
from tidan_node.people.caller import Caller
from tidan_node.problems import NotFound
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository, NumberingEvidence, StoredContent
from tidan_node.trail.trail import Trail
from tidan_node.web.state import NodeState


async def package_of(
    connection: AsyncConnection,
    node: NodeState,
    kind: RecordKind,
    record: RecordId,
    content_root: ContentRoot | None = None,
) -> Package | None:
    """The package of the record's present content, or of the one with this root; None where this
    node does not hold it. A record that is not read yet is `TitleUnknown` or `RecordUnknown`."""
    found = await record_on_chain(Records(connection), kind, record, content_root)
    if content_root is not None and found.content_root != content_root:
        return None
    content = await ContentRepository(connection).of(record, found.content_root)
    return None if content is None else _package(node, found, content)


async def hand_over(
    connection: AsyncConnection,
    node: NodeState,
    caller: Caller,
    kind: RecordKind,
    record: RecordId,
) -> bytes:
    """The file. Whoever has it can read the document, so its making is on record."""
    package = await package_of(connection, node, kind, record)
    if package is None:
        raise NotFound(f"this node does not hold the content of {record}", field=kind)
    file = package.to_json()
    detail = {"sha256": hashlib.sha256(file).hexdigest()}
    await Trail(connection).append(caller.key_id, f"{kind}.package_made", record, detail)
    return file


def _package(node: NodeState, found: RecordOnChain, content: StoredContent) -> Package:
    numbering = content.numbering
    return Package(
        kind=found.kind,
        chain_id=node.chain.chain_id,
        registry=registry_of(node.chain, found.kind),
        record_id=found.record_id,
        schema=content.schema,
        record_version=content.version,
        content_root=content.content_root,
        code=IssuerCode(numbering.code),
        number=numbering.number,
        id_proof=to_bytes(numbering.id_proof),
        secret=content.secret,
        document=content.document,
        history=found.heads,
        title=None if found.title is None else _title(found.title.series, numbering),
    )


def _title(series: SeriesId, numbering: NumberingEvidence) -> TitleNumbering:
    return TitleNumbering(
        series=series,
        sub_reference=numbering.sub_reference,
        series_proof=to_bytes(numbering.series_proof or "0x"),
    )
