"""Packages: what the next holder of a title needs, written here and checked there."""

from __future__ import annotations

import asyncio
import hashlib

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import IssuerCode, TitleId, to_bytes, to_hex
from tidan_node.domain.packages import (
    CodeOnChain,
    Package,
    PackageMalformed,
    PackageRefused,
    TitleOnChain,
    check_package,
    read_package,
)
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository, NumberingEvidence, StoredContent
from tidan_node.titles.reading import TitleReader
from tidan_node.titles.schemas import PackageAccepted
from tidan_node.trail.trail import Trail
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

MADE = "title.package_made"
RECEIVED = "title.package_received"
REFUSED = "title.package_refused"
JSON = "application/json"


class HandingOver:
    """Writes the package of a title that this node has the content of; the trail keeps that."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._reader = TitleReader(connection)
        self._trail = Trail(connection)
        self._node = node
        self._caller = caller

    async def package(self, title_id: TitleId) -> bytes:
        """The file. Whoever has it can read the document, so its making is on record."""
        state, content = await self._reader.content(title_id)
        file = _package(state, content, self._node).to_json()
        digest = hashlib.sha256(file).hexdigest()
        await self._trail.append(self._caller.key_id, MADE, title_id, {"sha256": digest})
        return file


class TakingIn:
    """Checks a package against the chain, and keeps what is in it, or on record why not."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def take_in(self, file: bytes) -> PackageAccepted:
        """Nothing of a package is believed: each statement of it is held against the chain."""
        digest = hashlib.sha256(file).hexdigest()
        try:
            package = await asyncio.to_thread(read_package, file)
        except PackageMalformed as problem:
            raise await self._refused(problem, f"sha256:{digest}") from problem
        try:
            await self._check(package)
        except PackageRefused as problem:
            raise await self._refused(problem, package.title_id) from problem
        connection = await self._transaction.begin()
        await ContentRepository(connection).add(_content(package))
        detail = {"sha256": digest, "contentRoot": package.content_root}
        await Trail(connection).append(self._caller.key_id, RECEIVED, package.title_id, detail)
        return PackageAccepted(title=package.title_id, root=package.content_root)

    async def _check(self, package: Package) -> None:
        async with self._node.database.reading() as connection:
            records = Records(connection)
            try:
                found = await records.title_by_id(package.title_id)
            except TitleUnknown as error:
                raise PackageRefused(
                    "the chain, as far as it is read here, has no such title",
                    field="id",
                    rule="title",
                ) from error
            registered = await records.numbering_key(package.code)
        code = None if registered is None else CodeOnChain(registered.party, registered.key)
        title = _on_chain(found.state, self._node)
        await asyncio.to_thread(check_package, package, title, code)

    async def _refused(
        self, problem: PackageMalformed | PackageRefused, subject: str
    ) -> RecordedRefusal:
        connection = await self._transaction.begin()
        detail = {
            "problem": problem.slug,
            "rule": problem.extra.get("rule"),
            "field": problem.field,
        }
        await Trail(connection).append(self._caller.key_id, REFUSED, subject, detail)
        return RecordedRefusal(problem)


def _on_chain(state: TitleState, node: NodeState) -> TitleOnChain:
    return TitleOnChain(
        chain_id=node.chain.chain_id,
        registry=node.chain.title_registry,
        title_id=state.title.title_id,
        series=state.series,
        content_root=state.content_root,
        schema=state.schema,
        version=state.version,
        kind=state.title.kind,
        issuer=state.title.issuer,
    )


def _package(state: TitleState, content: StoredContent, node: NodeState) -> Package:
    numbering = content.numbering
    return Package(
        chain_id=node.chain.chain_id,
        registry=node.chain.title_registry,
        title_id=state.title.title_id,
        series=state.series,
        schema=content.schema,
        record_version=content.version,
        content_root=content.content_root,
        code=IssuerCode(numbering.code),
        number=numbering.number,
        sub_reference=numbering.sub_reference,
        id_proof=to_bytes(numbering.id_proof),
        series_proof=to_bytes(numbering.series_proof or "0x"),
        secret=content.secret,
        document=content.document,
    )


def _content(package: Package) -> StoredContent:
    return StoredContent(
        record_id=package.title_id,
        content_root=package.content_root,
        kind="title",
        schema=package.schema,
        version=package.record_version,
        document=package.document,
        media_type=JSON,
        secret=package.secret,
        numbering=NumberingEvidence(
            code=package.code,
            number=package.number,
            sub_reference=package.sub_reference,
            id_proof=to_hex(package.id_proof),
            series_proof=to_hex(package.series_proof),
        ),
        origin="received",
    )
