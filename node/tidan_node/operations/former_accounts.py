"""What a party's former accounts left undone: of one that was exchanged there is no key here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address
from tidan_node.operations.lane_rows import has_live
from tidan_node.operations.repository import UNFINISHED
from tidan_node.operations.tables import operations


@dataclass(frozen=True, slots=True)
class FormerAccount:
    """An account whose key is not here any more. What it has signed is brought to its end; what it
    has not is the heir's."""

    address: Address
    heir: Address


async def unfinished_accounts(connection: AsyncConnection, chain_id: int) -> set[Address]:
    """Whose operations have not ended."""
    found = await connection.scalars(
        select(operations.c.account)
        .where(operations.c.chain_id == chain_id, operations.c.status.in_(UNFINISHED))
        .distinct()
    )
    return set(found)


async def hand_over(
    connection: AsyncConnection, chain_id: int, former: FormerAccount, now: datetime
) -> None:
    """What has no transaction that could still take effect is the heir's from now on."""
    await connection.execute(
        update(operations)
        .where(
            operations.c.chain_id == chain_id,
            operations.c.account == former.address,
            operations.c.status.in_(UNFINISHED),
            ~has_live(operations.c.id),
        )
        .values(account=former.heir, updated_at=now)
    )
