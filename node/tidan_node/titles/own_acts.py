"""Acts of this node's own party that another key signs: done as if it had signed them itself.

Rules, contents, parcels and trail are those of the direct act. Only what is sent to the chain is
another call, which `relaying` puts in the place of the direct one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import NO_PARTY, Pledgee, TitleId, title_id
from tidan_node.domain.reasons import AmendmentReason, SurrenderRefusal
from tidan_node.domain.title_problems import ActNotSignable, PledgeeUnfit
from tidan_node.domain.titles import Offered, TitleKind
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.ledger.calls import Call
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.titles import act_schemas as wishes
from tidan_node.titles.drafting import Brought
from tidan_node.titles.issuing import Issuing
from tidan_node.titles.operations import HANDLERS
from tidan_node.titles.pledging import Pledging
from tidan_node.titles.replacing import Replacing
from tidan_node.titles.service import OFFERED, Titles
from tidan_node.titles.surrendering import Surrendering
from tidan_node.web.errors import invalid_input
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

_BY_KIND: Final = {each.kind: each for each in HANDLERS}

FROM_DOCUMENTS: Final = frozenset(
    {"issue", "issueFromPaper", "issueBatch", "amend", "switchBill", "split", "combine"}
)
_TRANSFERS: Final = {
    "withdraw": Titles.withdraw,
    "accept": Titles.accept,
    "decline": Titles.decline,
}
_PLEDGES: Final = {
    "acceptPledge": Pledging.accept,
    "declinePledge": Pledging.decline,
    "consent": Pledging.consent,
    "releasePledge": Pledging.release,
}
_SURRENDERS: Final = {
    "surrenderForDelivery": Surrendering.surrender,
    "cancelSurrender": Surrendering.cancel,
    "acceptSurrender": Surrendering.accept_surrender,
    "endAsPaper": Surrendering.end_as_paper,
}


def direct_call(operation: Operation) -> Call:
    """What the operation would have sent to the chain by itself."""
    return _BY_KIND[operation.kind].call(operation.intent)


class OwnActs:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def from_documents(
        self, act: str, request: Mapping[str, Any], hidden_by: Iterator[bytes]
    ) -> Brought:  # Any: JSON, read here by the act's own schema
        """The operation of an act whose documents are given, and the titles that come to be."""
        members = dict(request)
        issuing = Issuing(self._transaction, self._node, self._caller, hidden_by=hidden_by)
        replacing = Replacing(self._transaction, self._node, self._caller, hidden_by=hidden_by)
        try:
            match act:
                case "issue" | "issueFromPaper":
                    wanted = wishes.IssueRequest.model_validate(members)
                    return await issuing.issue(wanted)
                case "issueBatch":
                    batch = wishes.BatchRequest.model_validate(members)
                    return await issuing.issue_batch(batch.titles)
                case "combine":
                    whole = wishes.CombinationRequest.model_validate(members)
                    return await replacing.combine(whole)
            origin = title_id(str(members.pop("title", "")))
            match act:
                case "split":
                    parts = wishes.SplitRequest.model_validate(members)
                    return await replacing.split(origin, parts)
                case _:
                    other = wishes.ReplacementRequest.model_validate(members)
                    replace = replacing.amend if act == "amend" else replacing.switch
                    return await replace(origin, other)
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)
            placed = [{**each, "loc": ("body", *each["loc"])} for each in found]
            raise invalid_input(placed) from error

    async def as_signed(self, call: Call) -> Operation | None:
        """The operation of this act; None where it needs a document that is not here."""
        if call.function in FROM_DOCUMENTS:
            return None
        arguments: Any = call.args  # Any: as the ABI decodes them
        title, seq, *more = arguments
        connection = await self._transaction.begin()
        try:
            return await self._done(call.function, connection, TitleId(title), seq, *more)
        except ValueError as error:  # a number for which there is no name
            raise ActNotSignable("the act states what there is none of", field="call") from error

    async def _done(
        self, function: str, connection: AsyncConnection, title: TitleId, seq: int, *more: Any
    ) -> Operation:  # Any: as above
        on = connection, self._node, self._caller
        bare = wishes.ActRequest(expected_seq=seq)
        if function in _TRANSFERS:
            return await _TRANSFERS[function](Titles(*on), title, bare)
        if function in _PLEDGES:
            return await _PLEDGES[function](Pledging(*on), title, bare)
        if function in _SURRENDERS:
            return await _SURRENDERS[function](Surrendering(*on), title, bare)
        if function in ("proposePledge", "enforcePledge"):
            return await _pledged(Pledging(*on), function, title, seq, *more)
        if function in ("offer", "endorse", "lock"):
            return await _moved(Titles(*on), function, title, seq, *more)
        return await _given_back(Surrendering(*on), function, title, seq, *more)


# What follows states a call as the body of its direct act would, unchecked: the ABI has checked
# what each member is, and the rules judge it.


async def _moved(titles: Titles, function: str, title: TitleId, seq: int, *more: Any) -> Operation:
    if function == "endorse":
        (kind,) = more
        endorsed = wishes.EndorsementRequest.model_construct(
            kind=TitleKind(kind).name, expected_seq=seq
        )
        return await titles.endorse(title, endorsed)
    if function == "lock":
        gateway, transfer = more
        locked = wishes.LockRequest.model_construct(
            gateway=gateway, transfer=transfer, expected_seq=seq
        )
        return await titles.lock(title, locked)
    recipient, what, deadline = more
    offer = wishes.OfferRequest.model_construct(
        recipient=str(recipient),
        what=[name for name, flag in OFFERED.items() if flag in Offered(what)],
        deadline=moment_of(deadline),
        expected_seq=seq,
    )
    return await titles.offer(title, offer)


async def _pledged(
    pledging: Pledging, function: str, title: TitleId, seq: int, *more: Any
) -> Operation:
    named, until = more[0], moment_of(more[1])
    if function == "enforcePledge":
        enforced = wishes.EnforcementRequest.model_construct(
            recipient=str(named), deadline=until, expected_seq=seq
        )
        return await pledging.enforce(title, enforced)
    bank = bank_of(Pledgee(named))
    if bank == NO_PARTY:
        raise PledgeeUnfit(f"{named} is no bank's name", field="pledgee")
    proposal = wishes.PledgeRequest.model_construct(
        pledgee=str(bank), deadline=until, expected_seq=seq
    )
    return await pledging.propose(title, proposal)


async def _given_back(
    surrendering: Surrendering, function: str, title: TitleId, seq: int, reason: int
) -> Operation:
    if function == "rejectSurrender":
        rejected = wishes.RejectionRequest.model_construct(
            reason=SurrenderRefusal(reason).name, expected_seq=seq
        )
        return await surrendering.reject_surrender(title, rejected)
    because = wishes.ReasonRequest.model_construct(
        reason=AmendmentReason(reason).name, expected_seq=seq
    )
    if function == "switchToPaper":
        return await surrendering.switch_to_paper(title, because)
    return await surrendering.surrender_for_amendment(title, because)
