"""What callers ask about titles: one, a page, a history, and the document where it is held."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import PartyIndex, TitleId
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.titles import TitleStatus
from tidan_node.people.caller import Caller, Scope
from tidan_node.problems import NotFound
from tidan_node.records.proving import Proven
from tidan_node.records.recorded import Recorded
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository, StoredContent
from tidan_node.titles.answering import answer_of
from tidan_node.titles.schemas import (
    HistoryAnswer,
    TitleAnswer,
    TitleAsOf,
    TitleFilter,
    TitlePage,
    parties_of,
)
from tidan_node.titles.telling import banks_of, details_of
from tidan_node.web.accepted_terms import AcceptedTerms
from tidan_node.web.acts import ActAnswer
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.proven_history import HistoryProof
from tidan_node.web.shapes import AsOf


class TitleReader:
    """Answers from one view of the chain; each says which block it was true at.

    Numbers of bills of lading are told to those alone who may read the documents."""

    def __init__(self, connection: AsyncConnection, caller: Caller | None = None) -> None:
        self._records = Records(connection)
        self._contents = ContentRepository(connection)
        self._numbers = caller is not None and Scope.DOCUMENTS_READ in caller.scopes

    async def title(self, title_id: TitleId) -> TitleAsOf:
        found = await self._records.title_by_id(title_id)
        as_of = await self._records.as_of()
        (answer,) = await self._answers([found], as_of.timestamp)
        return TitleAsOf(**dict(answer), as_of=AsOf.of(as_of))

    async def titles(
        self,
        page: PageRequest,
        wanted: TitleFilter,
    ) -> TitlePage:
        """A page of titles, the newest first."""
        found = await self._records.titles(
            limit=page.limit + 1,
            after=(page.after.key, page.after.id) if page.after else None,
            status=None if wanted.status is None else TitleStatus[wanted.status],
            possessor=await self._index(wanted.possessor, "possessor"),
            issuer=await self._index(wanted.issuer, "issuer"),
            offeree=await self._index(wanted.offeree, "offeree"),
            pledgee=await self._index(wanted.pledgee, "pledgee"),
            proposed_to=await self._index(wanted.proposed_to, "proposedTo"),
        )
        as_of = await self._records.as_of()
        shown = found[: page.limit]
        last = shown[-1] if len(found) > page.limit else None
        return TitlePage(
            items=await self._answers(shown, as_of.timestamp),
            next_cursor=cursor_of(Position(last.first.block, last.state.title.title_id))
            if last
            else None,
            as_of=AsOf.of(as_of),
        )

    async def history(
        self, title_id: TitleId, proven: Proven[TitleState] | None = None
    ) -> HistoryAnswer:
        """Every act, with the head after each: the last head is the one on the chain."""
        steps = proven.steps if proven else await self._records.title_history(title_id)
        named = {step.act.actor for step in steps}
        for step in steps:
            named |= parties_of(step.after) | banks_of(step.event)
        names = await self._records.party_names(named)
        return HistoryAnswer(
            title=title_id,
            head=steps[-1].after.head,
            acts=[ActAnswer.of(step, names, details_of(step.event, names)) for step in steps],
            as_of=AsOf.of(proven.as_of if proven else await self._records.as_of()),
            proof=HistoryProof.of(proven),
        )

    async def content(self, title_id: TitleId) -> tuple[TitleState, StoredContent]:
        """The title with its content; a title whose content is not held here is not there."""
        found = await self._records.title_by_id(title_id)
        content = await self._contents.of(title_id, found.state.content_root)
        if content is None:
            raise NotFound("this node holds no content of this title", field="title")
        return found.state, content

    async def _answers(self, found: Iterable[Recorded[TitleState]], now: int) -> list[TitleAnswer]:
        records = list(found)
        named: set[PartyIndex] = set()
        for each in records:
            named |= parties_of(each.state)
        parties = await self._records.parties_of(named)
        names = {index: party.name for index, party in parties.items()}
        held = await self._contents.numbers(
            (each.state.title.title_id, each.state.content_root) for each in records
        )
        return [
            answer_of(
                TitleAnswer,
                each,
                names,
                now,
                terms=AcceptedTerms.of(parties.get(each.state.title.issuer)),
                number=held.get(each.state.title.title_id),
                tells_number=self._numbers,
            )
            for each in records
        ]

    async def _index(self, reference: str | None, field: str) -> PartyIndex | None:
        if reference is None:
            return None
        return (await self._records.party_by_identifier(reference, field)).state.index
