"""What callers ask about the Council: itself, its proposals, and whom it has recognised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.council.deeds import anchor_fields, deed_of, parties_in
from tidan_node.council.members import Members
from tidan_node.council.schemas import (
    ApprovalAnswer,
    CallAnswer,
    CouncilAnswer,
    GatewayAnswer,
    GatewayPage,
    ObjectionAnswer,
    ProposalAnswer,
    ProposalAsOf,
    ProposalFilter,
    ProposalPage,
    RecognitionAnswer,
    RecognitionPage,
    SeatAnswer,
    TermsAnswer,
)
from tidan_node.domain.council import CouncilState, required_approvals
from tidan_node.domain.gateway_admissions import Admission
from tidan_node.domain.gateway_register import RegisteredGateway
from tidan_node.domain.identifiers import NO_PARTY, to_hex
from tidan_node.domain.parties import role_names
from tidan_node.domain.platforms import Recognition
from tidan_node.domain.proposals import Proposal, ProposalStatus
from tidan_node.records.recorded import Recorded
from tidan_node.records.records import Records
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.shapes import AsOf, PartyName, moment_of
from tidan_node.web.state import NodeState


@dataclass(frozen=True, slots=True)
class _View:
    """What is so at the block that proposals are told of."""

    council: CouncilState
    members: Members
    superseded: Mapping[int, int]
    now: int


class CouncilReader:
    """Answers from one view of the chain; each says which block it was true at."""

    def __init__(self, connection: AsyncConnection, node: NodeState) -> None:
        self._connection = connection
        self._node = node
        self._records = Records(connection)

    async def council(self) -> CouncilAnswer:
        as_of = AsOf.of(await self._records.as_of())
        found = await self._records.council()
        if found is None:
            return CouncilAnswer(founded=False, founded_at=None, terms=None, seats=[], as_of=as_of)
        state = found.state
        members = await Members.of(self._records, state.seats)
        return CouncilAnswer(
            founded=True,
            founded_at=moment_of(found.first.time),
            terms=TermsAnswer(
                threshold=state.terms.threshold,
                delay=state.terms.delay,
                objection_window=state.terms.objection_window,
            ),
            seats=[
                SeatAnswer(
                    party=PartyName.of(seat, members.names),
                    status=members.standing_of(seat).status.name,
                )
                for seat in state.seats
            ],
            fault=found.fault,
            as_of=as_of,
        )

    async def proposal(self, number: int) -> ProposalAsOf:
        found = await self._records.proposal(number)
        as_of = await self._records.as_of()
        (answer,) = await self._answers([found], as_of.timestamp)
        return ProposalAsOf(**dict(answer), as_of=AsOf.of(as_of))

    async def proposals(self, page: PageRequest, wanted: ProposalFilter) -> ProposalPage:
        """A page of proposals, the newest first."""
        as_of = await self._records.as_of()
        found: list[Recorded[Proposal]] = []
        place = await self._place(wanted)
        if wanted.operation is None or place is not None:
            found = await self._records.proposals(
                limit=page.limit + 1,
                before=page.after.key if page.after else None,
                status=None if wanted.status is None else ProposalStatus[wanted.status],
                place=place,
            )
        shown = found[: page.limit]
        last = shown[-1].state.number if len(found) > page.limit else None
        return ProposalPage(
            items=await self._answers(shown, as_of.timestamp),
            next_cursor=None if last is None else cursor_of(Position(last, str(last))),
            as_of=AsOf.of(as_of),
        )

    async def recognitions(self, page: PageRequest, platform: str | None) -> RecognitionPage:
        """A page of recognitions, the newest first, whether they stand or not."""
        as_of = await self._records.as_of()
        found = await self._records.every_recognition(
            limit=page.limit + 1,
            after=(page.after.key, page.after.id) if page.after else None,
            platform=platform,
        )
        shown = found[: page.limit]
        last = shown[-1] if len(found) > page.limit else None
        return RecognitionPage(
            items=[_recognition(each, as_of.timestamp) for each in shown],
            next_cursor=None
            if last is None
            else cursor_of(Position(last.first.block, last.state.anchor_id)),
            as_of=AsOf.of(as_of),
        )

    async def gateways(self, page: PageRequest) -> GatewayPage:
        """A page of gateways, the newest first, whether they are recognised still or not."""
        found = await self._records.gateways(
            limit=page.limit + 1, after=(page.after.key, page.after.id) if page.after else None
        )
        shown = found[: page.limit]
        last = shown[-1] if len(found) > page.limit else None
        said = await self._records.admissions_of(each.state.gateway for each in shown)
        members = await Members.of(self._records, {each.state.carrier for each in said})
        return GatewayPage(
            items=[_gateway(each, said, members) for each in shown],
            next_cursor=None
            if last is None
            else cursor_of(Position(last.first.block, last.state.gateway)),
            as_of=AsOf.of(await self._records.as_of()),
        )

    async def _place(self, wanted: ProposalFilter) -> tuple[int, int] | None:
        """Where the operation's own event stands: that of the proposal that it made."""
        if wanted.operation is None:
            return None
        operation = await self._node.operations.by_id(self._connection, wanted.operation)
        if operation.result is None:
            return None
        return int(str(operation.result["blockNumber"])), int(str(operation.result["logIndex"]))

    async def _answers(self, found: Sequence[Recorded[Proposal]], now: int) -> list[ProposalAnswer]:
        council = await self._records.council()
        if council is None or not found:
            return []
        named = set(council.state.seats)
        for each in found:
            motion = each.state.motion
            named |= {each.state.proposer, motion.subject, *each.state.approvals}
            named |= parties_in(self._node.chain.contract_at(motion.target), motion.call)
        members = await Members.of(self._records, named - {NO_PARTY})
        superseded = await self._records.superseded(each.state.number for each in found)
        view = _View(council.state, members, superseded, now)
        return [self._answer(each, view) for each in found]

    def _answer(self, recorded: Recorded[Proposal], view: _View) -> ProposalAnswer:
        council, members = view.council, view.members
        proposal, motion = recorded.state, recorded.state.motion
        contract = self._node.chain.contract_at(motion.target)
        deed = deed_of(contract, motion.call, members.names)
        counted = council.standing_approvals(proposal, members.standing_of)
        executable_from, executed_at = proposal.executable_from, proposal.executed_at
        superseded_by = view.superseded.get(proposal.number)
        return ProposalAnswer(
            number=proposal.number,
            kind=deed.kind,
            words=deed.words,
            details=deed.details,
            reason=motion.reason,
            status=proposal.status(view.now, superseded=superseded_by is not None).name,
            superseded_by=superseded_by,
            proposer=PartyName.of(proposal.proposer, members.names),
            subject=PartyName.or_none(motion.subject, members.names),
            proposed_at=moment_of(proposal.proposed_at),
            approvals=[
                ApprovalAnswer(party=PartyName.of(each, members.names), counts=each in counted)
                for each in proposal.approvals
            ],
            approvals_counted=len(counted),
            approvals_needed=required_approvals(council, proposal),
            objection=ObjectionAnswer(at=moment_of(proposal.objected_at), reason=proposal.objection)
            if proposal.is_objected
            else None,
            executable_from=moment_of(executable_from) if executable_from else None,
            lapses_at=moment_of(proposal.lapses_at),
            executed_at=moment_of(executed_at) if executed_at else None,
            call=CallAnswer(contract=contract, address=motion.target, data=to_hex(motion.call)),
            fault=recorded.fault,
        )


def _gateway(
    recorded: Recorded[RegisteredGateway], said: Sequence[Recorded[Admission]], members: Members
) -> GatewayAnswer:
    found = recorded.state
    own = [each for each in said if each.state.gateway == found.gateway]
    return GatewayAnswer(
        gateway=found.gateway,
        name=found.name,
        recognised=found.recognised,
        admitted_by=[
            PartyName.of(each.state.carrier, members.names) for each in own if each.state.admitted
        ],
        recognised_at=moment_of(recorded.first.time),
        changed_at=moment_of(recorded.last.time),
        fault=recorded.fault or next((each.fault for each in own if each.fault), None),
    )


def _recognition(recorded: Recorded[Recognition], now: int) -> RecognitionAnswer:
    found = recorded.state
    return RecognitionAnswer(
        anchor=found.anchor_id,
        platform=found.platform,
        **anchor_fields(found.kind, found.anchor),
        roles=role_names(found.roles),
        acts=found.acts.split(),
        expires_at=moment_of(found.expires_at),
        withdrawn=found.withdrawn,
        stands=found.stands(now),
        recognised_at=moment_of(recorded.first.time),
        changed_at=moment_of(recorded.last.time),
        fault=recorded.fault,
    )
