"""Every SQL statement on requests that wait for approval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.approvals.approval import Approval, ApprovalId, Vote
from tidan_node.approvals.tables import approval_votes, approvals
from tidan_node.people.caller import Caller, Scope, scopes_named
from tidan_node.people.tables import api_keys
from tidan_node.web.approval_answers import ApprovalStatus
from tidan_node.web.four_eyes import Act, Intended

_APPROVALS: Final = select(
    approvals,
    # a key that somebody has made speaks for that person
    api_keys.c.made_by.label("maker_made_by"),
).outerjoin_from(approvals, api_keys, api_keys.c.id == approvals.c.maker_key)


class ApprovalRepository:
    """Approvals and votes, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, approval: Approval) -> None:
        intended, maker = approval.intended, approval.maker
        await self._connection.execute(
            insert(approvals).values(
                id=approval.id,
                act=approval.act,
                scope=approval.scope,
                path=approval.path,
                body=approval.body,
                fingerprint=approval.fingerprint,
                target=intended.target,
                intended={"kind": intended.kind, "details": dict(intended.details)},
                maker_key=maker.key_id,
                maker_user=maker.user,
                maker_name=maker.name,
                maker_scopes=sorted(maker.scopes),
                maker_agent=maker.agent,
                maker_session=maker.session,
                maker_anchor=maker.anchor_id,
                needed=approval.needed,
                status=approval.status,
                created_at=approval.created_at,
                expires_at=approval.expires_at,
            )
        )

    async def by_id(self, approval_id: str) -> Approval | None:
        found = await self._connection.execute(_APPROVALS.where(approvals.c.id == approval_id))
        row = found.mappings().one_or_none()
        return None if row is None else _approval(row)

    async def held(self, approval_id: str) -> Approval | None:
        """The same, which nobody else decides on until the commit. SQLite has one writer anyway."""
        await self._connection.execute(
            select(approvals.c.id).where(approvals.c.id == approval_id).with_for_update()
        )
        return await self.by_id(approval_id)

    async def page(
        self,
        *,
        limit: int,
        before: str | None,
        status: ApprovalStatus | None,
        now: datetime,
    ) -> list[Approval]:
        """The newest first, from just before the one named."""
        wanted = _APPROVALS.order_by(approvals.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(approvals.c.id < before)
        if status is not None:
            wanted = wanted.where(_stands_so(status, now))
        return [_approval(row) for row in (await self._connection.execute(wanted)).mappings()]

    async def open_counts(self, now: datetime) -> Mapping[str, int]:
        """How many wait of each who answers for them."""
        responsible = func.coalesce(
            approvals.c.maker_user, api_keys.c.made_by, approvals.c.maker_key
        )
        found = await self._connection.execute(
            _APPROVALS.with_only_columns(responsible, func.count())
            .where(_stands_so(ApprovalStatus.OPEN, now))
            .group_by(responsible)
        )
        return {row[0]: row[1] for row in found}

    async def overdue(self, now: datetime) -> list[Approval]:
        """Those whose time has passed, which is not noted yet."""
        found = await self._connection.execute(
            _APPROVALS.where(
                approvals.c.status == ApprovalStatus.OPEN, approvals.c.expires_at <= now
            )
            .order_by(approvals.c.id)
            .with_for_update(of=approvals)
        )
        return [_approval(row) for row in found.mappings()]

    async def vote(self, approval_id: ApprovalId, vote: Vote) -> None:
        """The person's yes, in place of one that counts no more."""
        await self._connection.execute(
            delete(approval_votes).where(
                approval_votes.c.approval == approval_id, approval_votes.c.user_id == vote.user
            )
        )
        await self._connection.execute(
            insert(approval_votes).values(
                approval=approval_id,
                user_id=vote.user,
                key_id=vote.key_id,
                anchor_id=vote.anchor_id,
                at=vote.at,
            )
        )

    async def votes(self, approval_ids: Iterable[str], now: datetime) -> Mapping[str, list[Vote]]:
        """Who has approved each of these, in order, and whether by a key that has ended since. That
        a session ends is its course, and no key of that name is found."""
        ended = or_(api_keys.c.revoked_at.is_not(None), api_keys.c.expires_at <= now)
        found = await self._connection.execute(
            select(approval_votes, ended.label("ended"))
            .outerjoin_from(approval_votes, api_keys, api_keys.c.id == approval_votes.c.key_id)
            .where(approval_votes.c.approval.in_(list(approval_ids)))
            .order_by(approval_votes.c.at, approval_votes.c.user_id)
        )
        given: dict[str, list[Vote]] = defaultdict(list)
        for row in found.mappings():
            given[row["approval"]].append(_vote(row))
        return given

    async def raise_needed(self, approval_id: ApprovalId, needed: int) -> None:
        await self._connection.execute(
            update(approvals).where(approvals.c.id == approval_id).values(needed=needed)
        )

    async def end(
        self,
        approval_id: ApprovalId,
        status: ApprovalStatus,
        now: datetime,
        *,
        by: str,
        reason: str | None = None,
        answer: Mapping[str, object] | None = None,
        problem: Mapping[str, object] | None = None,
    ) -> None:
        """It waits no longer, and its body is let go: what was done is kept where it was done."""
        await self._connection.execute(
            update(approvals)
            .where(approvals.c.id == approval_id, approvals.c.status == ApprovalStatus.OPEN)
            .values(
                status=status,
                ended_at=now,
                ended_by=by,
                reason=reason,
                answer=None if answer is None else dict(answer),
                problem=None if problem is None else dict(problem),
                body=None,
            )
        )


def _stands_so(status: ApprovalStatus, now: datetime) -> ColumnElement[bool]:
    is_open, due = approvals.c.status == ApprovalStatus.OPEN, approvals.c.expires_at <= now
    if status is ApprovalStatus.OPEN:
        return and_(is_open, approvals.c.expires_at > now)
    noted = approvals.c.status == status
    return or_(noted, and_(is_open, due)) if status is ApprovalStatus.EXPIRED else noted


def _vote(row: RowMapping) -> Vote:
    return Vote(row["user_id"], row["key_id"], row["at"], row["anchor_id"], bool(row["ended"]))


def _approval(row: RowMapping) -> Approval:
    return Approval(
        id=ApprovalId(row["id"]),
        act=Act(row["act"]),
        scope=Scope(row["scope"]),
        path=row["path"],
        body=None if row["body"] is None else bytes(row["body"]),
        fingerprint=row["fingerprint"],
        intended=Intended(row["intended"]["kind"], row["target"], row["intended"]["details"]),
        maker=Caller(
            row["maker_key"],
            row["maker_name"],
            scopes_named(row["maker_scopes"]),
            user=row["maker_user"],
            agent=bool(row["maker_agent"]),
            session=bool(row["maker_session"]),
            anchor_id=row["maker_anchor"],
            made_by=row["maker_made_by"],
        ),
        needed=row["needed"],
        status=ApprovalStatus(row["status"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        reason=row["reason"],
        answer=row["answer"],
        problem=row["problem"],
    )
