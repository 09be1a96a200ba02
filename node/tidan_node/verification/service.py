"""The check of a trade: gather in one view of the chain, weigh off the loop, keep a note of it."""

from __future__ import annotations

import asyncio

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, TitleId, title_id
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.titles import Title
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.people.caller import Caller
from tidan_node.records.recorded import Recorded
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.verification.facts.recognition import GivenPaper
from tidan_node.verification.held import HeldTrade, held_trade
from tidan_node.verification.recording import check_held
from tidan_node.verification.report import TradeReport
from tidan_node.verification.schemas import (
    Because,
    ExpectedHolder,
    TradeCheckAnswer,
    TradeCheckRequest,
)
from tidan_node.web.shapes import PartyName
from tidan_node.web.state import NodeState

CHECKED = "trade.checked"
NO_TITLE = "papers"
"""The subject of a check that is of papers alone."""


class TradeChecks:
    """A check takes seconds where the papers are large: no transaction waits for it."""

    def __init__(self, node: NodeState, caller: Caller) -> None:
        self._node = node
        self._caller = caller

    async def check(self, wanted: TradeCheckRequest) -> TradeCheckAnswer:
        """The report. That somebody asked is in the trail before the answer leaves."""
        given = [GivenPaper(paper.name, paper.content) for paper in wanted.papers]
        held, expected, asking = await self._gather(wanted)
        index = None if expected is None else PartyIndex(expected.index)
        report = await asyncio.to_thread(check_held, given, held, expected=index, asking=asking)
        await self._note(report, held)
        return TradeCheckAnswer.of(report, held, expected)

    async def _gather(
        self, wanted: TradeCheckRequest
    ) -> tuple[HeldTrade, ExpectedHolder | None, PartyIndex | None]:
        """The trade, who should hold its title, and the party of this node."""
        title = None if wanted.title is None else title_id(wanted.title, "title")
        async with self._node.database.reading() as connection:
            records = Records(connection)
            own = await records.party_by_account(self._node.account)
            asking = None if own is None else own.state.index
            expected = await self._expected(records, title, wanted.holder, own)
            parties = [] if expected is None else [PartyIndex(expected.index)]
            if asking is not None:
                parties.append(asking)
            return await held_trade(connection, title, parties), expected, asking

    async def _expected(
        self,
        records: Records,
        title: TitleId | None,
        holder: str | None,
        own: Recorded[PartyState] | None,
    ) -> ExpectedHolder | None:
        """Who is named; else who offers the title to this node's own party, or gives it to that as
        security; else that party, and nobody where it has none."""
        if holder is not None:
            named = (await records.party_by_identifier(holder, "holder")).state
            return ExpectedHolder(index=named.index, name=named.name, because="it was named")
        if own is None:
            return None
        if title is not None:
            there = (await records.title_by_id(title)).state.title
            because = _why_its_possessor(there, own.state.index, await records.chain_time())
            if because is not None and there.possessor != NO_PARTY:
                names = await records.party_names([there.possessor])
                return ExpectedHolder(
                    **PartyName.of(there.possessor, names).model_dump(), because=because
                )
        return ExpectedHolder(index=own.state.index, name=own.state.name, because="it asks")

    async def _note(self, report: TradeReport, held: HeldTrade) -> None:
        subject = NO_TITLE if held.title is None else str(held.title.title_id)
        detail = {
            "verdict": report.verdict,
            "papers": len(report.read),
            "findings": report.counts["finding"],
            "notEvaluable": report.counts["notEvaluable"],
            "block": held.as_of.number,
        }
        async with self._node.database.writing() as connection:
            await Trail(connection).append(self._caller.key_id, CHECKED, subject, detail)


def _why_its_possessor(title: Title, own: PartyIndex, now: int) -> Because | None:
    """Why it is for the possessor to hold a title that is checked by another."""
    offer, proposal = title.offer, title.proposal
    if offer is not None and offer.recipient == own and now < offer.deadline:
        return "it offers the title to this party"
    pledgees = [] if title.pledgee is None else [title.pledgee]
    if proposal is not None and now < proposal.deadline:
        pledgees.append(proposal.pledgee)
    if own in map(bank_of, pledgees):
        return "it gives the title to this party as security"
    return None
