"""What a caller can ask of the trail."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.audit.schemas import TrailEntryAnswer, TrailPage, TrailVerdict
from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.trail.walk import verify_trail
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.shapes import AsOf

_ANCHORS: Final = 1000


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
