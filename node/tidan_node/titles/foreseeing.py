"""Whether an act could be done as things stand, before anybody signs it.

Who will sign is not known yet. So the direct act is done in full as whoever could do it, inside a
savepoint that is taken back: what the rules refuse of them all, they refuse of every signature.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex, TitleId
from tidan_node.domain.record_problems import PackageMissing
from tidan_node.domain.title_problems import ActNotSignable
from tidan_node.domain.titles import Title, terms
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.domain.titles.replacements import require_parts
from tidan_node.ledger.calls import Call
from tidan_node.people.caller import Caller
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.titles.own_acts import FROM_DOCUMENTS, OwnActs
from tidan_node.titles.replacing import Replacing
from tidan_node.web.replaying import Nested
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

_OFFEREES: Final = frozenset({"accept", "decline"})
_PLEDGEES: Final = frozenset(
    {"acceptPledge", "declinePledge", "consent", "releasePledge", "enforcePledge"}
)
_CARRIERS: Final = frozenset({"acceptSurrender", "rejectSurrender", "switchToPaper"})
_REPLACED: Final = {
    "amend": terms.Replaced.AMENDMENT,
    "split": terms.Replaced.SPLIT,
    "combine": terms.Replaced.COMBINATION,
    "switchBill": terms.Replaced.SWITCH,
}


class Foreseeing:
    """Nothing that is done here stays."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def require_possible(self, call: Call) -> None:
        """What the direct act is refused with, if it is refused to whoever could do it. An act upon
        a seq that is still to come is for a state that nobody knows; the issuer of an issue that is
        stated by hand nobody either."""
        if call.function in FROM_DOCUMENTS and call.function not in _REPLACED:
            return
        arguments: Any = call.args  # Any: as the ABI decodes them
        ids, seqs = arguments[:2]
        if call.function == "combine":
            require_parts(len(ids), len(seqs))
        else:
            ids, seqs = [ids], [seqs]
        async with self._node.database.reading() as connection:
            records = Records(connection)
            titles = [(await records.title_by_id(TitleId(each))).state.title for each in ids]
            seen = list(zip(titles, seqs, strict=True))
            if any(seq > title.seq for title, seq in seen):
                return
            for title, seq in seen:
                title.require_seq(seq)
            whose = _whose(call.function, titles[0])
            accounts = await _accounts(records, whose) or [self._node.account]
        refusals = [await self._refusal(call, account) for account in accounts]
        if None not in refusals:
            raise next(each for each in refusals if each is not None)

    async def _refusal(self, call: Call, account: Address) -> Problem | None:
        node, trial = replace(self._node, account=account), Nested(self._transaction)
        try:
            if call.function in _REPLACED:
                await self._replaceable(call, Replacing(trial, node, self._caller))
            else:
                await OwnActs(trial, node, self._caller).as_signed(call)
        except PackageMissing:
            return None  # what a node has is no rule of titles, and may come until then
        except ActNotSignable as problem:
            problem.field = "arguments"
            return problem
        except Problem as problem:
            return problem
        finally:
            await trial.take_back()
        return None

    async def _replaceable(self, call: Call, replacing: Replacing) -> None:
        arguments: Any = call.args  # Any: as above
        several = call.function == "combine"
        ids = [TitleId(each) for each in (arguments[0] if several else arguments[:1])]
        listed = "ids" if several else None
        await replacing.look_first(ids, _REPLACED[call.function], listed=listed)


def _whose(act: str, title: Title) -> PartyIndex:
    """Whose act it is, as the title stands. Where it is nobody's, the rules say so to anybody."""
    party = title.possessor
    if act in _OFFEREES and title.offer is not None:
        party = title.offer.recipient
    elif act in _CARRIERS or act in _REPLACED:
        party = title.issuer
    elif act in _PLEDGEES:
        pledgee = title.proposal.pledgee if title.proposal is not None else title.pledgee
        party = party if pledgee is None else bank_of(pledgee)
    return party


async def _accounts(records: Records, party: PartyIndex) -> list[Address]:
    """One of the party's, and one of whoever succeeds it; none of nobody's."""
    found = (await records.parties_of([party])).get(party)
    if found is None:
        return []
    states = [found]
    if found.successor != NO_PARTY:
        states.append((await records.party_by_index(found.successor)).state)
    active = ([each.account for each in state.accounts if each.active] for state in states)
    return [accounts[0] for accounts in active if accounts]
