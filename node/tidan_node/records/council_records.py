"""What is asked about the Council, its proposals, and whom it recognises and carriers admit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, and_, case, exists, func, select, tuple_

from tidan_node.domain.council import CouncilState
from tidan_node.domain.council_fold import COUNCIL, proposal_name
from tidan_node.domain.council_problems import ProposalUnknown
from tidan_node.domain.gateway_admissions import Admission, admission_name
from tidan_node.domain.gateway_register import RegisteredGateway
from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.platforms import AnchorId, AnchorUnknown, Recognition
from tidan_node.domain.proposals import (
    FUNCTION,
    LIFETIME,
    UP_TO_REASON,
    WITH_REASON,
    Motion,
    Proposal,
    ProposalStatus,
)
from tidan_node.records.chain_view import ChainView
from tidan_node.records.council_rows import (
    ADMISSION_ROWS,
    COUNCIL_ROWS,
    GATEWAY_ROWS,
    PROPOSAL_ROWS,
    RECOGNITION_ROWS,
)
from tidan_node.records.council_tables import (
    council_proposals,
    gateway_admissions,
    recognitions,
)
from tidan_node.records.recorded import Recorded
from tidan_node.records.row_store import After

_HIGHEST_NUMBER: Final = 2**63 - 1
_began = case(
    (council_proposals.c.executable_from > 0, council_proposals.c.executable_from),
    (council_proposals.c.objected_at > 0, council_proposals.c.objected_at),
    else_=council_proposals.c.proposed_at,
)


def _decided(call: ColumnElement[bytes]) -> ColumnElement[bytes]:
    """As `Motion.decision` has it."""
    has_reason = func.substr(call, 1, FUNCTION).in_(sorted(WITH_REASON))
    return case((has_reason, func.substr(call, 1, UP_TO_REASON)), else_=call)


_done = council_proposals.alias("done")
_done_since = and_(
    _done.c.executed_at > 0,
    _done.c.target == council_proposals.c.target,
    _decided(_done.c.call) == _decided(council_proposals.c.call),
    tuple_(_done.c.last_block, _done.c.last_log)
    > tuple_(council_proposals.c.first_block, council_proposals.c.first_log),
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
        return [PROPOSAL_ROWS.recorded(row) for row in rows]

    async def superseded(self, numbers: Iterable[int]) -> Mapping[int, int]:
        """Which of these are superseded, and by the execution of which other."""
        table = council_proposals
        rows = await self._connection.execute(
            select(table.c.number, func.max(_done.c.number))
            .where(table.c.number.in_(list(numbers)), table.c.executed_at == 0, _done_since)
            .group_by(table.c.number)
        )
        return {number: int(by) for number, by in rows}

    async def undecided(self, motion: Motion, at: int) -> int | None:
        """The newest proposal that decides the same as this would, and waits for its end."""
        table = council_proposals
        newest: int | None = await self._connection.scalar(
            select(func.max(table.c.number)).where(
                table.c.target == motion.target,
                _decided(table.c.call) == motion.decision[1],
                table.c.executed_at == 0,
                _began + LIFETIME > at,
                ~exists().where(_done_since),
            )
        )
        return newest

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
        return [RECOGNITION_ROWS.state_of(row) for row in rows]

    async def every_recognition(
        self, *, limit: int, after: After | None = None, platform: str | None = None
    ) -> list[Recorded[Recognition]]:
        """All that there ever were, the newest first."""
        return await self.page(RECOGNITION_ROWS, _of(platform), limit=limit, after=after)

    async def is_gateway(self, gateway: Address) -> bool:
        """Whether the Council recognises this address as a gateway."""
        found = await GATEWAY_ROWS.load(self._connection, [gateway])
        return bool(found) and found[gateway].state.recognised

    async def gateways(
        self, *, limit: int, after: After | None = None
    ) -> list[Recorded[RegisteredGateway]]:
        """All that there ever were, the newest first."""
        return await self.page(GATEWAY_ROWS, [], limit=limit, after=after)

    async def is_admitted(self, carrier: PartyIndex, gateway: Address) -> bool:
        """Whether the carrier lets the gateway bring in titles that were never here."""
        name = admission_name(carrier, gateway)
        found = await ADMISSION_ROWS.load(self._connection, [name])
        return bool(found) and found[name].state.admitted

    async def admissions_of(self, gateways: Iterable[Address]) -> list[Recorded[Admission]]:
        """What carriers have said of these, in the order of their numbers; also what they took
        back."""
        table = gateway_admissions
        rows = await self._connection.execute(
            select(table).where(table.c.gateway.in_(list(gateways))).order_by(table.c.carrier)
        )
        return [ADMISSION_ROWS.recorded(row) for row in rows]


def _of(platform: str | None) -> list[ColumnElement[bool]]:
    return [] if platform is None else [recognitions.c.platform == platform]


def _of_status(status: ProposalStatus, at: int) -> list[ColumnElement[bool]]:
    executed = council_proposals.c.executed_at > 0
    lapsed = _began + LIFETIME <= at
    approved = council_proposals.c.executable_from > 0
    superseded = exists().where(_done_since)
    match status:
        case ProposalStatus.EXECUTED:
            return [executed]
        case ProposalStatus.LAPSED:
            return [~executed, lapsed]
        case ProposalStatus.SUPERSEDED:
            return [~executed, ~lapsed, superseded]
        case ProposalStatus.APPROVED:
            return [~executed, ~lapsed, ~superseded, approved]
        case _:
            return [~executed, ~lapsed, ~superseded, ~approved]
