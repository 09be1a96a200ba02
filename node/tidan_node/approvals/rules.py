"""The rules of four eyes: how many others an act needs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.approvals.problems import ActUnknown, TooFewApprovers
from tidan_node.approvals.rule_repository import RuleRepository
from tidan_node.approvals.schemas import RuleChanged, RuleRequest
from tidan_node.people.caller import Caller, Scope
from tidan_node.people.standing import users_covering
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.web.four_eyes import GOVERNING, Act
from tidan_node.web.state import NodeState


class Rules:
    """Rules set, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._connection = connection
        self._node = node
        self._caller = caller

    async def require(self, wanted: RuleRequest) -> RuleChanged:
        """From now on this act needs so many; never more than there are others who could."""
        act = _settable(wanted.act)
        able = await users_covering(self._connection, Scope.APPROVALS_DECIDE)
        others = len(able - {self._caller.responsible})
        if wanted.approvers > others:
            raise TooFewApprovers(
                f"{wanted.approvers} would be needed, and {others} other users can approve: give"
                " more people the role CHECKER first",
                field="approvers",
                able=others,
            )
        rules = RuleRepository(self._connection)
        before = (await rules.rules()).get(act, 0)
        await rules.set(act, wanted.approvers, by=self._caller.key_id, now=self._node.clock())
        detail = {"approvers": wanted.approvers, "before": before}
        await Trail(self._connection).append(self._caller.key_id, Act.RULE_SET, act, detail)
        return RuleChanged(act=act, approvers=wanted.approvers, before=before)


async def drop_rules(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """Every rule is gone, from outside the node: for a party of which nobody is left to approve.
    What waits still needs what it needed. The trail has it as the node's own act."""
    rules, trail = RuleRepository(connection), Trail(connection, lambda: now)
    dropped = {act: count for act, count in (await rules.rules()).items() if count > 0}
    for act, count in dropped.items():
        await rules.set(act, 0, by=SYSTEM, now=now)
        await trail.append(SYSTEM, "approval-rule.dropped", act, {"approvers": 0, "before": count})
    return {str(act): count for act, count in dropped.items()}


def _settable(name: str) -> Act:
    """An act that can have a rule of its own; those that govern the rules follow the strictest."""
    settable = [each for each in Act if each not in GOVERNING]
    for each in settable:
        if each == name:
            return each
    raise ActUnknown(f"{name!r} is none of {', '.join(settable)}", field="act")
