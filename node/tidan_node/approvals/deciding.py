"""Decisions on what waits: approved, refused, withdrawn; the last approval carries it out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.approvals import problems as refused
from tidan_node.approvals.approval import Approval, Vote, fingerprint_request
from tidan_node.approvals.keeping import told_of
from tidan_node.approvals.reading import ApprovalReader, counted
from tidan_node.approvals.repository import ApprovalRepository
from tidan_node.approvals.rule_repository import RuleRepository
from tidan_node.approvals.schemas import ApprovalDetails
from tidan_node.people.caller import Caller, Scope
from tidan_node.people.problems import NotAuthenticated
from tidan_node.people.standing import key_holder_now, user_scopes, users_covering
from tidan_node.problems import Problem
from tidan_node.trail.trail import Trail
from tidan_node.web.approval_answers import ApprovalStatus
from tidan_node.web.four_eyes import Intended
from tidan_node.web.replaying import MADE_BY_CHANCE, Nested, Replay, intended_by, replayed
from tidan_node.web.shown_once import kept_of
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Transaction

_MOMENT: Final = "approval"
_SERVER_FAULT: Final = 500

Told = dict[str, Any]  # Any: JSON, what an act was answered with


class Deciding:
    """One decision, in the one transaction of the request that brings it."""

    def __init__(self, request: Request, transaction: Transaction, caller: Caller) -> None:
        self._request = request
        self._node = node_of(request)
        self._transaction = transaction
        self._caller = caller
        self._now = self._node.clock()

    async def approve(self, approval_id: str) -> tuple[ApprovalDetails, Told | None]:
        """Say yes. With the last yes that is needed the request is carried out, in this commit:
        what it was answered with is told beside, with what is shown once and kept nowhere."""
        connection, approval = await self._open(approval_id)
        person = self._other_person(approval)
        if lacking := approval.withheld_from(self._caller):
            raise refused.ApprovalNotSeen(
                f"the key lacks {', '.join(sorted(lacking))}, which it takes to see the request",
                field="approval",
            )
        repository = ApprovalRepository(connection)
        given = (await repository.votes([approval.id], self._now)).get(approval.id, [])
        votes = [each for each in given if await self._stands(connection, each)]
        if person in {each.user for each in votes}:
            raise refused.ApprovedBefore("the next approval is another person's")
        vote = Vote(person, self._caller.key_id, self._now, self._caller.anchor_id)
        await repository.vote(approval.id, vote)
        await self._tell(connection, "approval.approved", approval)
        needed = max(approval.needed, await RuleRepository(connection).needed(approval.act))
        if needed > approval.needed:
            await repository.raise_needed(approval.id, needed)
        able = await users_covering(connection, Scope.APPROVALS_DECIDE)
        done = None
        if len(counted(approval, [*votes, vote], able)) >= needed:
            done = await self._carry_out(connection, replace(approval, needed=needed))
        return await self._answer(connection, approval), done

    async def refuse(self, approval_id: str, reason: str) -> ApprovalDetails:
        """Say no, and why: one no is enough."""
        connection, approval = await self._open(approval_id)
        self._other_person(approval)
        await self._end(connection, approval, ApprovalStatus.REFUSED, reason=reason)
        return await self._answer(connection, approval)

    async def withdraw(self, approval_id: str) -> ApprovalDetails:
        """Take back what one has asked for oneself."""
        connection, approval = await self._open(approval_id)
        if not approval.is_asked_by(self._caller):
            raise refused.NotTheMaker("others refuse a request, or leave it", field="approval")
        self._caller.require(approval.scope)
        await self._end(connection, approval, ApprovalStatus.WITHDRAWN)
        return await self._answer(connection, approval)

    async def _open(self, approval_id: str) -> tuple[AsyncConnection, Approval]:
        self._transaction.moment = _MOMENT
        connection = await self._transaction.begin()
        found = await ApprovalRepository(connection).held(approval_id)
        if found is None:
            raise refused.ApprovalUnknown(f"there is no approval {approval_id}", field="approval")
        status = found.status_at(self._now)
        if status is not ApprovalStatus.OPEN:
            raise refused.ApprovalEnded(f"it is {status}", field="approval", state=str(status))
        return connection, found

    def _other_person(self, approval: Approval) -> str:
        """The person who decides: not an agent, not a service, and not whoever asked."""
        if self._caller.user is None or self._caller.agent:
            raise refused.ApproverNotAPerson("sign in, or use a key that belongs to you")
        if approval.is_asked_by(self._caller):
            raise refused.MakerMayNotDecide("you have asked for it yourself", field="approval")
        return self._caller.user

    async def _stands(self, connection: AsyncConnection, vote: Vote) -> bool:
        """Whether the key is still good, or the recognition stands and covers approving, by which
        the vote was given."""
        if vote.anchor_id is None:
            return not vote.ended
        scopes = frozenset({Scope.APPROVALS_DECIDE})
        voter = Caller(vote.key_id, "", scopes, user=vote.user, anchor_id=vote.anchor_id)
        try:
            return scopes <= (await self._node.session_guard.admit(connection, voter)).scopes
        except NotAuthenticated:
            return False

    async def _carry_out(self, connection: AsyncConnection, approval: Approval) -> Told | None:
        """Done as it was kept, or ended with the reason why not. What is no fault of the request
        leaves everything as it was: the approval can be given again."""
        attempt = Nested(self._transaction)
        try:
            response = await self._done(connection, approval, attempt)
        except Problem as problem:
            if problem.status >= _SERVER_FAULT:
                raise
            await attempt.take_back()
            document = problem.document()
            await self._end(connection, approval, ApprovalStatus.FAILED, problem=document)
            return None
        await attempt.keep()
        kept: Told = json.loads(kept_of(response))
        await self._end(connection, approval, ApprovalStatus.DONE, answer=kept)
        told: Told = json.loads(bytes(response.body))
        return told

    async def _done(
        self, connection: AsyncConnection, approval: Approval, attempt: Nested
    ) -> Response:
        body = approval.body or b""
        if fingerprint_request(approval.path, body) != approval.fingerprint:
            raise refused.ApprovalOutdated("the request is not the one that was asked for")
        maker = await self._maker_now(connection, approval)
        replay = Replay(approval.act, maker, attempt, approval.needed)
        response = await replayed(self._request, replay, path=approval.path, body=body)
        approved = approval.intended
        done = await intended_by(
            await attempt.begin(), self._node, approval.act, response, approved.target
        )
        if changed := _differences(approved, done):
            raise refused.ApprovalOutdated(f"these have changed since: {', '.join(changed)}")
        return response

    async def _maker_now(self, connection: AsyncConnection, approval: Approval) -> Caller:
        """The maker with the rights that it has today. A session that has ended meanwhile takes
        nothing away; a key that was revoked or has expired, or a person disabled, does."""
        asked: Caller | None = approval.maker
        if approval.maker.session and approval.maker.user is not None:
            scopes = await user_scopes(connection, approval.maker.user)
            asked = approval.maker.within(scopes)
        else:
            asked = await key_holder_now(connection, approval.maker.key_id, self._now)
        if asked is not None and asked.anchor_id is not None:
            try:
                asked = await self._node.session_guard.admit(connection, asked)
            except NotAuthenticated:
                asked = None
        if asked is None or approval.scope not in asked.scopes:
            raise refused.MakerNotEntitled(f"the maker has no more the scope {approval.scope}")
        return asked

    async def _end(
        self,
        connection: AsyncConnection,
        approval: Approval,
        status: ApprovalStatus,
        *,
        reason: str | None = None,
        answer: Mapping[str, object] | None = None,
        problem: Mapping[str, object] | None = None,
    ) -> None:
        await ApprovalRepository(connection).end(
            approval.id,
            status,
            self._now,
            by=self._caller.key_id,
            reason=reason,
            answer=answer,
            problem=problem,
        )
        more: dict[str, object] = {}
        if answer is not None:
            operation = answer.get("operation")
            more["operation"] = operation["id"] if isinstance(operation, dict) else None
        if problem is not None:
            more["problem"] = problem["type"]
        await self._tell(connection, f"approval.{status}", approval, more)

    async def _tell(
        self,
        connection: AsyncConnection,
        act: str,
        approval: Approval,
        more: Mapping[str, object] | None = None,
    ) -> None:
        """The reason of a refusal is not told: it is free text."""
        detail = told_of(approval) | {"user": self._caller.user} | dict(more or {})
        await Trail(connection).append(self._caller.key_id, act, approval.id, detail)

    async def _answer(self, connection: AsyncConnection, approval: Approval) -> ApprovalDetails:
        return await ApprovalReader(connection, self._now).details(approval.id, self._caller)


def _differences(approved: Intended, done: Intended) -> list[str]:
    """What would be done otherwise than it was approved, by the names of its members."""
    named = {name for name in ("kind", "target") if getattr(approved, name) != getattr(done, name)}
    for name in (approved.details.keys() | done.details.keys()) - MADE_BY_CHANCE:
        if _fixed(approved.details.get(name)) != _fixed(done.details.get(name)):
            named.add(name)
    return sorted(named)


def _fixed(detail: object) -> object:
    """What of a detail is the same each time, however deep in it chance has a part."""
    if isinstance(detail, Mapping):
        members = detail.items()
        return {name: _fixed(each) for name, each in members if name not in MADE_BY_CHANCE}
    return [_fixed(each) for each in detail] if isinstance(detail, list | tuple) else detail
