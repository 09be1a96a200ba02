"""Approvals as those who may ask see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.approvals.approval import Approval, Vote
from tidan_node.approvals.problems import ApprovalUnknown
from tidan_node.approvals.repository import ApprovalRepository
from tidan_node.approvals.rule_repository import RuleRepository, needed_by
from tidan_node.approvals.schemas import (
    ApprovalDetails,
    ApprovalPage,
    IntendedAnswer,
    RuleAnswer,
    RuleList,
    VoteAnswer,
)
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.people.caller import Caller, Scope
from tidan_node.people.standing import user_names, users_covering
from tidan_node.records.records import Records
from tidan_node.web.approval_answers import (
    ApprovalAnswer,
    ApprovalStatus,
    ApproversAnswer,
    MakerAnswer,
)
from tidan_node.web.four_eyes import Act, Intended
from tidan_node.web.named_parties import named_document
from tidan_node.web.pagination import PageRequest, Position, cursor_of

_PARTIES: Final = frozenset(
    {
        *("recipient", "possessor", "titleholder", "bank", "buyer", "insured", "lossPayee"),
        *("party", "successor", "subject"),
    }
)
"""Details of an act that are a party's number."""


class ApprovalReader:
    """Approvals as they stand at this moment."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._repository = ApprovalRepository(connection)
        self._now = now

    async def brief(self, approval: Approval, caller: Caller) -> ApprovalAnswer:
        (answer,) = await self._briefs([approval], caller)
        return answer

    async def page(
        self, page: PageRequest, status: ApprovalStatus | None, caller: Caller
    ) -> ApprovalPage:
        """A page of them, the newest first."""
        found = await self._repository.page(
            limit=page.limit + 1,
            before=page.after.id if page.after else None,
            status=status,
            now=self._now,
        )
        shown = found[: page.limit]
        return ApprovalPage(
            items=await self._briefs(shown, caller),
            next_cursor=cursor_of(Position(0, shown[-1].id)) if len(found) > page.limit else None,
        )

    async def details(self, approval_id: str, caller: Caller) -> ApprovalDetails:
        """All of it that this caller may see."""
        approval = await self._repository.by_id(approval_id)
        if approval is None:
            raise ApprovalUnknown(f"there is no approval {approval_id}", field="approval")
        votes = (await self._repository.votes([approval.id], self._now)).get(approval.id, [])
        names = await user_names(self._connection, (vote.user for vote in votes))
        lacking = sorted(approval.withheld_from(caller))
        brief = await self.brief(approval, caller)
        return ApprovalDetails(
            **dict(brief),
            fingerprint=approval.fingerprint,
            path=approval.path,
            request=None if lacking else approval.request,
            intended=None if lacking else await self._intended(approval.intended),
            withheld=[str(scope) for scope in lacking],
            approvals=[
                VoteAnswer(user=vote.user, name=names.get(vote.user, vote.user), at=vote.at)
                for vote in votes
            ],
            ended_by=approval.ended_by,
            reason=approval.reason,
        )

    async def rules(self) -> RuleList:
        """How many approvers each act needs, those with a rule of their own or not."""
        rules = await RuleRepository(self._connection).rules()
        return RuleList(
            items=[RuleAnswer(act=act, approvers=needed_by(rules, act)) for act in Act],
            able=len(await users_covering(self._connection, Scope.APPROVALS_DECIDE)),
        )

    async def _briefs(self, approvals: Iterable[Approval], caller: Caller) -> list[ApprovalAnswer]:
        listed = list(approvals)
        able = await users_covering(self._connection, Scope.APPROVALS_DECIDE)
        votes = await self._repository.votes([each.id for each in listed], self._now)
        return [
            self._brief(await self._named(each), votes.get(each.id, []), able, caller)
            for each in listed
        ]

    async def _named(self, approval: Approval) -> Approval:
        """The same, with the names of the parties that its problem calls by their numbers."""
        if approval.problem is None:
            return approval
        return replace(approval, problem=await named_document(self._connection, approval.problem))

    def _brief(
        self, approval: Approval, votes: Iterable[Vote], able: frozenset[str], caller: Caller
    ) -> ApprovalAnswer:
        maker = approval.maker
        told = approval.answer is not None and not approval.withheld_from(caller)
        return ApprovalAnswer(
            id=approval.id,
            act=approval.act,
            target=approval.intended.target,
            status=approval.status_at(self._now),
            maker=MakerAnswer(
                key=maker.key_id, user=maker.user, name=maker.name, agent=maker.agent
            ),
            approvers=ApproversAnswer(
                needed=approval.needed,
                given=len(counted(approval, votes, able)),
                able=len(able - {maker.responsible}),
            ),
            created_at=approval.created_at,
            expires_at=approval.expires_at,
            ended_at=approval.ended_at,
            answer=dict(approval.answer or {}) if told else None,
            problem=None if approval.problem is None else dict(approval.problem),
        )

    async def _intended(self, intended: Intended) -> IntendedAnswer:
        numbers = set(_parties_in(intended.details))
        names = await Records(self._connection).party_names(numbers) if numbers else {}
        return IntendedAnswer(
            kind=intended.kind,
            target=intended.target,
            details=dict(intended.details),
            parties={str(index): name for index, name in names.items()},
        )


def _parties_in(detail: object) -> Iterator[PartyIndex]:
    """The numbers of parties in the details of an act, also of one on several records."""
    if isinstance(detail, Mapping):
        for name, each in detail.items():
            if name in _PARTIES and isinstance(each, int) and each > 0:
                yield PartyIndex(each)
            else:
                yield from _parties_in(each)
    elif isinstance(detail, list | tuple):
        for each in detail:
            yield from _parties_in(each)


def counted(approval: Approval, votes: Iterable[Vote], able: frozenset[str]) -> set[str]:
    """The people whose yes counts: each once, still entitled, by a key that is still good, and
    never the maker. Once it has ended, those who had approved by then."""
    waits = approval.status is ApprovalStatus.OPEN
    given = {vote.user for vote in votes if not (waits and vote.ended)}
    given -= {approval.maker.responsible}
    return given & able if waits else given
