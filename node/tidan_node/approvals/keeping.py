"""Where acts wait: the rules are asked here, requests are kept here, and their time runs out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.approvals.approval import Approval, ApprovalId, fingerprint_request
from tidan_node.approvals.problems import TooManyWaiting
from tidan_node.approvals.reading import ApprovalReader
from tidan_node.approvals.repository import ApprovalRepository
from tidan_node.approvals.rule_repository import RuleRepository
from tidan_node.operations.naming import OperationNames
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.web.approval_answers import ApprovalAnswer, ApprovalStatus
from tidan_node.web.four_eyes import Act, Asked

LIFETIME: Final = timedelta(days=7)
MOST_WAITING: Final = 1000
MOST_OF_ONE: Final = 250
"""Of one person, or a service: else a single maker could keep all others from asking."""


class KeptRequests:
    """What `web` asks about marked acts (`FourEyes`)."""

    def __init__(self) -> None:
        self._names = OperationNames()

    async def needed(self, connection: AsyncConnection, act: Act) -> int:
        """How many others must approve this act; 0 where it waits for nobody."""
        return await RuleRepository(connection).needed(act)

    async def keep(
        self, connection: AsyncConnection, asked: Asked, now: datetime
    ) -> ApprovalAnswer:
        """The request is kept, and waits."""
        repository = ApprovalRepository(connection)
        waiting = await repository.open_counts(now)
        if sum(waiting.values()) >= MOST_WAITING:
            raise TooManyWaiting(f"{MOST_WAITING} requests wait: decide on them first")
        if waiting.get(asked.caller.responsible, 0) >= MOST_OF_ONE:
            raise TooManyWaiting(f"{MOST_OF_ONE} of yours wait: withdraw some, or await decisions")
        approval = Approval(
            id=ApprovalId(self._names.next(now)),
            act=asked.act,
            scope=asked.scope,
            path=asked.path,
            body=asked.body,
            fingerprint=fingerprint_request(asked.path, asked.body),
            intended=asked.intended,
            maker=asked.caller,
            needed=max(1, await self.needed(connection, asked.act)),
            status=ApprovalStatus.OPEN,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        await repository.add(approval)
        detail = told_of(approval) | {"approvers": approval.needed}
        actor = asked.caller.key_id
        await Trail(connection).append(actor, "approval.asked", approval.id, detail)
        return await ApprovalReader(connection, now).brief(approval, asked.caller)

    async def expire(self, connection: AsyncConnection, now: datetime) -> None:
        """Note of each request whose time has passed that it is over."""
        repository = ApprovalRepository(connection)
        for approval in await repository.overdue(now):
            await repository.end(approval.id, ApprovalStatus.EXPIRED, now, by=SYSTEM)
            await Trail(connection).append(
                SYSTEM, "approval.expired", approval.id, told_of(approval)
            )


def told_of(approval: Approval) -> dict[str, object]:
    """What each entry of the trail says of a request, so that it is known which one it was."""
    return {
        "act": str(approval.act),
        "target": approval.intended.target,
        "fingerprint": approval.fingerprint,
    }
