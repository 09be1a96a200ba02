"""Every SQL statement on the rules of four eyes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.approvals.tables import approval_rules
from tidan_node.web.four_eyes import GOVERNING, Act


class RuleRepository:
    """How many approvers each act needs, in the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rules(self) -> Mapping[Act, int]:
        """The rules that were ever set."""
        found = await self._connection.execute(
            select(approval_rules.c.act, approval_rules.c.approvers)
        )
        return {Act(row.act): row.approvers for row in found}

    async def needed(self, act: Act) -> int:
        """What this act needs now."""
        return needed_by(await self.rules(), act)

    async def set(self, act: Act, approvers: int, *, by: str, now: datetime) -> None:
        values = {"approvers": approvers, "set_by": by, "set_at": now}
        changed = await self._connection.execute(
            update(approval_rules).where(approval_rules.c.act == act).values(values)
        )
        if not changed.rowcount:
            await self._connection.execute(insert(approval_rules).values(act=act, **values))


def needed_by(rules: Mapping[Act, int], act: Act) -> int:
    """What an act needs under these rules. Those that change who approves need what the strictest
    one does: else whoever may do them could make itself free of it."""
    return max(rules.values(), default=0) if act in GOVERNING else rules.get(act, 0)
