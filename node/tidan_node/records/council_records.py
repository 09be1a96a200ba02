"""What is asked about the Council, its proposals and recognised platforms."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, case, select, tuple_

from tidan_node.domain.council import LIFETIME, CouncilState, Proposal, ProposalStatus
from tidan_node.domain.council_fold import COUNCIL, proposal_name
from tidan_node.domain.council_problems import ProposalUnknown
from tidan_node.domain.platforms import AnchorId, AnchorUnknown, Recognition
from tidan_node.records.chain_view import ChainView
from tidan_node.records.council_rows import COUNCIL_ROWS, PROPOSAL_ROWS, RECOGNITION_ROWS
from tidan_node.records.council_tables import council_proposals, recognitions
from tidan_node.records.recorded import Recorded
from tidan_node.records.row_store import After

_HIGHEST_NUMBER: Final = 2**63 - 1
_began = case(
    (council_proposals.c.executable_from > 0, council_proposals.c.executable_from),
    (council_proposals.c.objected_at > 0, council_proposals.c.objected_at),
    else_=council_proposals.c.proposed_at,
)


class CouncilRecords(ChainView):
    """Read queries in one transaction."""

    async def council(self) -> Recorded[CouncilState] | None:
        """The Council's terms and seats, without its proposals; None before it is founded."""
        return (await COUNCIL_ROWS.load(self._connection, [COUNCIL])).get(COUNCIL)

    async def proposal(self, number: int) -> Recorded[Proposal]:
        """The proposal of this number, or ProposalUnknown."""
        found: dict[str, Recorded[Proposal]] = {}
        if 0 < number <= _HIGHEST_NUMBER:
            found = await PROPOSAL_ROWS.load(self._connection, [proposal_name(number)])
        if not found:
            raise ProposalUnknown(f"there is no proposal {number}", field="proposal")
        return found[proposal_name(number)]

    async def proposals(
        self,
        *,
        limit: int,
        before: int | None = None,
        status: ProposalStatus | None = None,
        place: tuple[int, int] | None = None,
    ) -> list[Recorded[Proposal]]:
        """The newest first, from just before the number named. Their status is that at the time of
        `as_of`; `place` is the block and log that one was made in."""
        table = council_proposals
        wanted = [] if status is None else _of_status(status, await self.chain_time())
        if before is not None:
            wanted.append(table.c.number < before)
        if place is not None:
            wanted.append(tuple_(table.c.first_block, table.c.first_log) == place)
        rows = await self._connection.execute(
            select(table).where(*wanted).order_by(table.c.number.desc()).limit(limit)
        )
        return [PROPOSAL_ROWS.recorded(row) for row in rows.mappings()]

    async def recognition(self, anchor: AnchorId, field: str = "anchor") -> Recorded[Recognition]:
        """The recognition of this anchor, whether it stands or not; or AnchorUnknown."""
        found = await RECOGNITION_ROWS.load(self._connection, [anchor])
        if not found:
            raise AnchorUnknown(f"no recognition has the anchor {anchor}", field=field)
        return found[anchor]

    async def recognitions(self, at: int, *, platform: str | None = None) -> list[Recognition]:
        """Those that hold at this chain time, of all platforms or one."""
        wanted = [~recognitions.c.withdrawn, recognitions.c.expires_at > at, *_of(platform)]
        rows = await self._connection.execute(
            select(recognitions).where(*wanted).order_by(recognitions.c.platform, recognitions.c.id)
        )
        return [RECOGNITION_ROWS.state_of(row) for row in rows.mappings()]

    async def every_recognition(
        self, *, limit: int, after: After | None = None, platform: str | None = None
    ) -> list[Recorded[Recognition]]:
        """All that there ever were, the newest first."""
        return await self.page(RECOGNITION_ROWS, _of(platform), limit=limit, after=after)


def _of(platform: str | None) -> list[ColumnElement[bool]]:
    return [] if platform is None else [recognitions.c.platform == platform]


def _of_status(status: ProposalStatus, at: int) -> list[ColumnElement[bool]]:
    executed = council_proposals.c.executed_at > 0
    lapsed = _began + LIFETIME <= at
    approved = council_proposals.c.executable_from > 0
    match status:
        case ProposalStatus.EXECUTED:
            return [executed]
        case ProposalStatus.LAPSED:
            return [~executed, lapsed]
        case ProposalStatus.APPROVED:
            return [~executed, ~lapsed, approved]
        case _:
            return [~executed, ~lapsed, ~approved]
