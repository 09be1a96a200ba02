"""What callers ask about policies: one, a page, a history, and the document where it is held."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain import events as told
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, RecordId
from tidan_node.domain.policies import PolicyStatus
from tidan_node.domain.record_fold import PolicyState
from tidan_node.policies.schemas import (
    PolicyAnswer,
    PolicyAsOf,
    PolicyFilter,
    PolicyHistory,
    PolicyPage,
)
from tidan_node.problems import NotFound
from tidan_node.records.proving import Proven
from tidan_node.records.recorded import Recorded
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository, StoredContent
from tidan_node.web.accepted_terms import AcceptedTerms
from tidan_node.web.acts import ActAnswer
from tidan_node.web.pagination import PageRequest, Position, cursor_of
from tidan_node.web.proven_history import HistoryProof
from tidan_node.web.shapes import AsOf, Names, PartyName, as_utc, moment_of


class PolicyReader:
    """Answers from one view of the chain; each says which block it was true at."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._records = Records(connection)
        self._contents = ContentRepository(connection)

    async def policy(self, policy_id: RecordId) -> PolicyAsOf:
        found = await self._records.policy_by_id(policy_id)
        as_of = await self._records.as_of()
        (answer,) = await self._answers([found], as_of.timestamp)
        return PolicyAsOf(**dict(answer), as_of=AsOf.of(as_of))

    async def policies(self, page: PageRequest, wanted: PolicyFilter) -> PolicyPage:
        """A page of policies, the newest first."""
        found = await self._records.policies(
            limit=page.limit + 1,
            after=(page.after.key, page.after.id) if page.after else None,
            status=None if wanted.status is None else PolicyStatus[wanted.status],
            insurer=await self._index(wanted.insurer, "insurer"),
            insured=await self._index(wanted.insured, "insured"),
            loss_payee=await self._index(wanted.loss_payee, "lossPayee"),
        )
        as_of = await self._records.as_of()
        shown = found[: page.limit]
        last = shown[-1] if len(found) > page.limit else None
        position = last and Position(last.first.block, last.state.policy.policy_id)
        return PolicyPage(
            items=await self._answers(shown, as_of.timestamp),
            next_cursor=cursor_of(position) if position else None,
            as_of=AsOf.of(as_of),
        )

    async def history(
        self, policy_id: RecordId, proven: Proven[PolicyState] | None = None
    ) -> PolicyHistory:
        """Every act, with the head after each: the last head is the one on the chain."""
        steps = proven.steps if proven else await self._records.policy_history(policy_id)
        policy = steps[-1].after.policy
        named = {policy.insurer, policy.insured, policy.loss_payee}
        named |= {step.act.actor for step in steps} | {
            step.after.policy.loss_payee for step in steps
        }
        names = await self._records.party_names(named - {NO_PARTY})
        return PolicyHistory(
            policy=policy_id,
            head=steps[-1].after.head,
            acts=[ActAnswer.of(step, names, _details(step.event, names)) for step in steps],
            as_of=AsOf.of(proven.as_of if proven else await self._records.as_of()),
            proof=HistoryProof.of(proven),
        )

    async def content(self, policy_id: RecordId) -> StoredContent:
        """The content of the policy; one whose content is not held here is not there."""
        found = await self._records.policy_by_id(policy_id)
        content = await self._contents.of(policy_id, found.state.policy.content_root)
        if content is None:
            raise NotFound("this node holds no content of this policy", field="policy")
        return content

    async def _answers(self, found: list[Recorded[PolicyState]], now: int) -> list[PolicyAnswer]:
        policies = [each.state.policy for each in found]
        named = {p for each in policies for p in (each.insurer, each.insured, each.loss_payee)}
        parties = await self._records.parties_of(named - {NO_PARTY})
        names = {index: party.name for index, party in parties.items()}
        held = await self._contents.held((each.policy_id, each.content_root) for each in policies)
        return [
            PolicyAnswer.of(
                each,
                names,
                terms=AcceptedTerms.of(parties.get(each.state.policy.insurer)),
                holds=each.state.policy.policy_id in held,
                now=now,
            )
            for each in found
        ]

    async def _index(self, reference: str | None, field: str) -> PartyIndex | None:
        if reference is None:
            return None
        return (await self._records.party_by_identifier(reference, field)).state.index


def _details(event: told.Event, names: Names) -> dict[str, Any]:  # Any: JSON, by kind of act
    match event:
        case told.PolicyIssued():
            return {
                "insured": PartyName.of(event.insured, names).model_dump(),
                "contentRoot": event.content_root,
                "expires": as_utc(moment_of(event.expires)),
            }
        case told.PolicyEndorsed():
            return {"contentRoot": event.content_root, "version": event.version}
        case told.PolicyAssigned():
            return {"lossPayee": PartyName.of(event.loss_payee, names).model_dump()}
        case _:
            return {}
