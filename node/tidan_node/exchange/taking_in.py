"""Packages taken in: checked against this node's own view of the chain, and kept, or not."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import ContentRoot, PartyIndex, RecordId, to_hex
from tidan_node.domain.package_checks import (
    CodeOnChain,
    PackageRefused,
    check_chain,
    check_kind,
    check_package,
    is_ahead,
)
from tidan_node.domain.packages import Package, PackageMalformed, RecordKind, read_package
from tidan_node.domain.record_problems import RecordUnknown
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.exchange.chain_view import record_on_chain, registry_of
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.storage.contents import (
    ContentRepository,
    NumberingEvidence,
    StoredContent,
)
from tidan_node.trail.trail import Trail
from tidan_node.web.state import NodeState

MEDIA_TYPES: Final[dict[RecordKind, str]] = {
    "title": "application/json",
    "invoice": "application/xml",
    "policy": "application/json",
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """All of the package is what the chain says; its content is kept."""

    kind: RecordKind
    record: RecordId
    content_root: ContentRoot


@dataclass(frozen=True, slots=True)
class Refused:
    """The package is none, or contradicts the chain. Time will not mend it: the answer is final."""

    problem: Problem
    kind: RecordKind | None = None
    record: RecordId | None = None


@dataclass(frozen=True, slots=True)
class NotSeenYet:
    """The package is of a record, or of a version of it, that this node has not read of yet. It
    has neither been kept nor put on record: let it come again."""

    kind: RecordKind
    record: RecordId


TakenIn = Accepted | Refused | NotSeenYet


@dataclass(frozen=True, slots=True)
class Examined:
    """What has been found out about a package before anything is written."""

    sha256: str
    package: Package | None
    outcome: TakenIn

    def refused(self, problem: Problem) -> Examined:
        """The same package, refused for a reason of the one who asks."""
        if self.package is None:
            return replace(self, outcome=Refused(problem))
        about = (self.package.kind, self.package.record_id)
        return replace(self, outcome=Refused(problem, *about))


async def examine(node: NodeState, file: bytes, *, kind: RecordKind | None = None) -> Examined:
    """Read a package and hold each statement of it against the chain, as this node sees it now.

    It opens a reading connection of its own and writes nothing: the slow half of the work, to be
    done before the transaction is begun. With `kind`, a package of another kind is refused.
    """
    digest = hashlib.sha256(file).hexdigest()
    try:
        package = await asyncio.to_thread(read_package, file)
    except PackageMalformed as problem:
        return Examined(digest, None, Refused(problem))
    return Examined(digest, package, await _judged(node, package, kind))


async def take_in(
    connection: AsyncConnection,
    examined: Examined,
    *,
    actor: str,
    sender: PartyIndex | None = None,
) -> TakenIn:
    """Keep what has been examined and found true, or put on record why not; the caller commits.

    `actor` is whom the trail names: an API key's id, or what stands for another node. `sender` is
    the party that is known to have sent it, None for a file that somebody brought. Trail entries:
    `<kind>.package_received` or `<kind>.package_refused` (`package.refused` for what is no
    package); none for `NotSeenYet`.
    """
    outcome = examined.outcome
    if isinstance(outcome, Accepted) and examined.package is not None:
        await ContentRepository(connection).add(_content(examined.package))
    entry = _entry(examined.sha256, outcome)
    if entry is not None:
        act, subject, detail = entry
        came = {} if sender is None else {"from": int(sender)}
        await Trail(connection).append(actor, act, subject, detail | came)
    return outcome


def _entry(sha256: str, outcome: TakenIn) -> tuple[str, str, dict[str, object]] | None:
    match outcome:
        case Accepted(kind, record, content_root):
            kept = {"sha256": sha256, "contentRoot": content_root}
            return f"{kind}.package_received", record, dict(kept)
        case Refused(problem, kind, record):
            rule = problem.extra.get("rule")
            why = {"problem": problem.slug, "rule": rule, "field": problem.field}
            act = "package.refused" if kind is None else f"{kind}.package_refused"
            return act, record or f"sha256:{sha256}", why
        case NotSeenYet():
            return None


async def _judged(node: NodeState, package: Package, kind: RecordKind | None) -> TakenIn:
    about = (package.kind, package.record_id)
    try:
        if kind is not None:
            check_kind(package, kind)
        check_chain(
            package,
            chain_id=node.chain.chain_id,
            registry=registry_of(node.chain, package.kind),
        )
        async with node.database.reading() as connection:
            records = Records(connection)
            record = await record_on_chain(records, *about, package.content_root)
            registered = await records.numbering_key(package.code)
        if record.content_root != package.content_root and is_ahead(package, record.heads):
            return NotSeenYet(*about)
        code = None if registered is None else CodeOnChain(registered.party, registered.key)
        await asyncio.to_thread(check_package, package, record, code)
    except (TitleUnknown, RecordUnknown):
        return NotSeenYet(*about)
    except PackageRefused as problem:
        return Refused(problem, *about)
    return Accepted(*about, package.content_root)


def _content(package: Package) -> StoredContent:
    title = package.title
    return StoredContent(
        record_id=package.record_id,
        content_root=package.content_root,
        kind=package.kind,
        schema=package.schema,
        version=package.record_version,
        document=package.document,
        media_type=MEDIA_TYPES[package.kind],
        secret=package.secret,
        numbering=NumberingEvidence(
            code=package.code,
            number=package.number,
            sub_reference=None if title is None else title.sub_reference,
            id_proof=to_hex(package.id_proof),
            series_proof=None if title is None else to_hex(title.series_proof),
        ),
        origin="received",
    )
