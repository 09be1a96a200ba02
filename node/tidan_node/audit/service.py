"""What a caller can ask of the trail, and of what an audit needs beside the records."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.audit.naming import numbering_of
from tidan_node.audit.recomputing import Kept, recompute
from tidan_node.audit.reports import LARGEST, TYP, Statement
from tidan_node.audit.repository import AuditRepository
from tidan_node.audit.schemas import (
    BlockAnswer,
    BlockPage,
    DocumentAnswer,
    DocumentPage,
    ReportRequest,
    SealedPage,
    SignedReport,
    TrailEntryAnswer,
    TrailPage,
    TrailVerdict,
)
from tidan_node.domain.identifiers import Address, IssuerCode, PartyIndex
from tidan_node.people.caller import Caller
from tidan_node.problems import InvalidInput, Problem
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.trail.walk import verify_trail
from tidan_node.web.own_party import own_party
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.shapes import AsOf, as_utc
from tidan_node.web.state import NodeState

SIGNED: Final = "audit.report_signed"
_ANCHORS: Final = 1000
_DOCUMENTS: Final = 20
"""At most so many at a time, since each is read and hashed whole."""


class SigningKeyNotOnChain(Problem):
    """Nobody could check the signature: the party's profile names another signing key, or none."""

    status, slug, title = 409, "signing-key-not-on-chain", "The node's signing key is not known"


class TrailReader:
    """The node's own trail, read and verified."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._trail = Trail(connection)
        self._records = Records(connection)

    async def entries(self, page: PageRequest) -> TrailPage:
        """A page of entries, the newest first, sealed or not."""
        found = await self._trail.entries(
            limit=page.limit + 1, before=page.after.key if page.after else None
        )
        shown = found[: page.limit]
        last = shown[-1] if len(found) > page.limit else None
        return TrailPage(
            items=[TrailEntryAnswer.of(entry) for entry in shown],
            next_cursor=cursor_of(Position(last.entry_id, str(last.entry_id))) if last else None,
        )

    async def sealed(self, page: PageRequest) -> SealedPage:
        """A page of sealed entries, the oldest first."""
        found = await self._trail.sealed(
            limit=page.limit, after=page.after.key if page.after else 0
        )
        # the one after the page is not read along: it may be the one that cannot be read
        last = found[-1].seq if len(found) == page.limit else None
        return SealedPage(
            items=[TrailEntryAnswer.of(entry) for entry in found],
            next_cursor=cursor_of(Position(last, str(last))) if last else None,
        )

    async def verdict(self, account: Address) -> TrailVerdict:
        """Every link recomputed, and held against the checkpoints of this account's party."""
        as_of = AsOf.of(await self._records.as_of())
        own = await self._records.party_by_account(account)
        anchors = {} if own is None else await self._anchors(own.state.index)
        verifier = await verify_trail(self._trail, anchors)
        return TrailVerdict.of(verifier, unsealed=await self._trail.unsealed(), as_of=as_of)

    async def _anchors(self, party: PartyIndex) -> dict[int, str]:
        """A checkpoint is 32 bytes: all of them fit into memory long after the entries do not."""
        found: dict[int, str] = {}
        while page := await self._records.trail_anchors(
            party, limit=_ANCHORS, after=max(found, default=0)
        ):
            found |= {anchor.up_to: anchor.checkpoint for anchor in page}
        return found


class AuditReader:
    """What of the node's keeping no other answer shows: roots of documents, blocks, no content."""

    def __init__(self, connection: AsyncConnection, node: NodeState) -> None:
        self._repository = AuditRepository(connection)
        self._records = Records(connection)
        self._node = node

    async def documents(self, page: PageRequest) -> DocumentPage:
        """Every document that is held, its root computed anew from what is kept."""
        after = None if page.after is None else _key(page.after.id)
        limit = min(page.limit, _DOCUMENTS)
        kept = await self._repository.kept(limit=limit + 1, after=after)
        shown = kept[:limit]
        last = shown[-1] if len(kept) > limit else None
        return DocumentPage(
            items=[await self._document(each) for each in shown],
            next_cursor=cursor_of(Position(0, _joined(last.record, last.root))) if last else None,
        )

    async def _document(self, kept: Kept) -> DocumentAnswer:
        references = await self._repository.references(kept)
        code = numbering_of(kept.numbering).get("code")
        key = await self._records.numbering_key(IssuerCode(str(code)))
        found = await asyncio.to_thread(recompute, kept, references, key)
        unissued = await self._repository.has_unissued(kept.record)
        return DocumentAnswer.of(kept, found, unissued=unissued)

    async def blocks(self, page: PageRequest) -> BlockPage:
        """The blocks that the node has read."""
        found = await self._repository.blocks(
            self._node.chain.chain_id,
            limit=page.limit + 1,
            after=page.after.key if page.after else None,
        )
        shown = found[: page.limit]
        last = shown[-1].number if len(found) > page.limit else None
        return BlockPage(
            items=[
                BlockAnswer(
                    number=each.number,
                    hash=each.hash,
                    parent_hash=each.parent_hash,
                    timestamp=each.timestamp,
                )
                for each in shown
            ],
            next_cursor=None if last is None else cursor_of(Position(last, str(last))),
            as_of=AsOf.of(await self._records.as_of()),
        )


class ReportSigner:
    """Signs a report in the name of the node's party; the trail keeps that it did."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._records = Records(connection)
        self._trail = Trail(connection, node.clock)
        self._node = node
        self._caller = caller

    async def sign(self, wanted: ReportRequest) -> SignedReport:
        """The report with who signs it, when, and on which chain, as a JWS."""
        own = await own_party(self._records, self._node)
        keys = self._node.exchange_keys.of(own.profile.signing_key if own.profile else None)
        if keys is None:
            raise SigningKeyNotOnChain("the party's profile does not have this node's signing key")
        payload = Statement(
            chain_id=self._node.chain.chain_id,
            signer=own.index,
            signed_at=as_utc(self._node.clock()),
            report=wanted.report,
        ).payload()
        if len(payload) > LARGEST:
            raise InvalidInput(f"is longer than {LARGEST} bytes", field="report", rule="size")
        digest = hashlib.sha256(payload).hexdigest()
        await self._trail.append(self._caller.key_id, SIGNED, f"sha256:{digest}", party=own.index)
        return SignedReport(report=keys.sign_statement(TYP, payload))


def _joined(record: object, root: object) -> str:
    """Both ids in one, as a cursor carries them: in 128 characters."""
    return f"{str(record)[2:]}{str(root)[2:]}"


def _key(joined: str) -> tuple[str, str]:
    return "0x" + joined[:64], "0x" + joined[64:]
