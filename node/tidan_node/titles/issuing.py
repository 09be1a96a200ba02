"""A transport document becomes a title; several do at once; or one does in place of paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import NO_PARTY, SeriesId, TitleId, to_bytes
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.title_problems import AlreadyIssued, SeriesAlreadyUsed
from tidan_node.domain.titles import Issuance, TitleStatus
from tidan_node.domain.titles.issues import (
    issue,
    issue_from_paper,
    require_own_series,
    require_unused,
)
from tidan_node.exchange.new_records import undertake
from tidan_node.operations.new_records import NewRecords
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.titles import operations as kinds
from tidan_node.titles.act_schemas import BatchedIssue, IssueRequest
from tidan_node.titles.drafting import (
    Brought,
    Doubt,
    Draft,
    doubts,
    drafts_of,
    fresh_secrets,
    placed,
)
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction


@dataclass(frozen=True, slots=True)
class _Stated:
    """A title as it will be, once its issue is on the chain."""

    draft: Draft
    issuance: Issuance
    claim: str
    """What it uses up: a series that is new, else its own id."""
    warnings: Sequence[Doubt]

    @property
    def intent(self) -> dict[str, object]:
        return self.draft.intent(self.issuance)


class Issuing:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(
        self,
        transaction: Transaction,
        node: NodeState,
        caller: Caller,
        *,
        hidden_by: Iterator[bytes] | None = None,
    ) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller
        self._hidden_by = hidden_by or fresh_secrets()

    async def issue(self, wanted: IssueRequest) -> Brought:
        """This title, and the operation that issues it; or why it cannot be issued."""
        own, (draft,) = await drafts_of([wanted.document], self._node, self._hidden_by)
        connection = await self._transaction.begin()
        stated = await _stated(Records(connection), own, draft, wanted, wanted.withdrawal)
        if wanted.withdrawal is None:
            return await self._undertake(connection, own, kinds.ISSUE, [stated], stated.intent)
        intent = stated.intent | {"withdrawal": wanted.withdrawal}
        return await self._undertake(connection, own, kinds.ISSUE_FROM_PAPER, [stated], intent)

    async def issue_batch(self, wanted: Sequence[BatchedIssue]) -> Brought:
        """The titles, and the operation that issues them all; or why one of them cannot be."""
        documents = [each.document for each in wanted]
        own, drafts = await drafts_of(documents, self._node, self._hidden_by, listed="titles")
        connection = await self._transaction.begin()
        records = Records(connection)
        every: list[_Stated] = []
        ids: set[TitleId] = set()
        series: set[SeriesId] = set()
        for place, (draft, each) in enumerate(zip(drafts, wanted, strict=True)):
            with placed("titles", place):
                require_unused(id_taken=draft.title_id in ids)
                require_own_series(free=draft.series_id not in series)
                every.append(await _stated(records, own, draft, each, place=place))
            ids.add(draft.title_id)
            series.add(draft.series_id)
        intent = {"issuances": [each.intent for each in every]}
        return await self._undertake(connection, own, kinds.ISSUE_BATCH, every, intent)

    async def _undertake(
        self,
        connection: AsyncConnection,
        own: PartyState,
        kind: str,
        every: Sequence[_Stated],
        intent: Mapping[str, object],
    ) -> Brought:
        ids = {each.claim: each.draft.title_id for each in every}
        wanted = NewRecords(
            kind=kind,
            target=every[0].draft.title_id,
            claims=tuple(ids),
            intent=intent,
            contents=tuple(each.draft.content() for each in every),
        )
        operation = await undertake(
            connection,
            self._node,
            wanted,
            caller=self._caller,
            party=own.index,
            recipients=[each.issuance.possessor for each in every],
            taken=lambda name, holder: taken(name, ids[name], holder),
        )
        warnings = [doubt for each in every for doubt in each.warnings]
        return Brought(operation, [each.draft for each in every], warnings)


async def _stated(
    records: Records,
    own: PartyState,
    draft: Draft,
    wanted: BatchedIssue,
    withdrawal: str | None = None,
    *,
    place: int | None = None,
) -> _Stated:
    possessor, titleholder = own, None
    if wanted.possessor is not None:
        found = await records.party_by_identifier(wanted.possessor, "possessor")
        possessor = found.state
    if wanted.titleholder is not None:
        found = await records.party_by_identifier(wanted.titleholder, "titleholder")
        titleholder = found.state
    named = NO_PARTY if titleholder is None else titleholder.index
    issuance = draft.issuance(draft.document.kind, possessor.index, named)
    there = await records.title_of_series(draft.series_id)
    holders = (possessor.standing, None if titleholder is None else titleholder.standing)
    if withdrawal is None:
        issue(
            issuance,
            carrier=own.standing,
            possessor=holders[0],
            titleholder=holders[1],
            id_taken=await records.has_title(draft.title_id),
            series_taken=there is not None,
        )
    else:
        issue_from_paper(
            issuance,
            to_bytes(withdrawal),
            carrier=own.standing,
            possessor=holders[0],
            titleholder=holders[1],
            id_taken=await records.has_title(draft.title_id),
            current=TitleStatus.NONE if there is None else there.state.title.status,
        )
    warnings = await doubts(
        *(records, draft, titleholder),
        begins=withdrawal is None,  # a paper may have been endorsed
        field="titleholder",
        among=None if place is None else ("titles", place),
    )
    claim = draft.series_id if there is None else draft.title_id
    return _Stated(draft, issuance, claim, warnings)


def taken(name: str, title_id: TitleId, holder: Operation | None) -> Problem:
    """Whose operation has the name: one for this very title, or for another of its number."""
    if name == title_id or holder is None or holder.target == title_id:
        return AlreadyIssued("this title is being issued already", field="title")
    return SeriesAlreadyUsed("a title of this B/L number is being issued", field="series")
