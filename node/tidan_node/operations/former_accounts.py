"""What a party's former accounts left undone: of one that was exchanged there is no key here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address
from tidan_node.operations.operation import NOBODY, OPEN
from tidan_node.operations.repository import UNFINISHED
from tidan_node.operations.tables import attempts, operations


@dataclass(frozen=True, slots=True)
class FormerAccount:
    """An account whose key is not here any more. What it has signed is brought to its end; what it
    has not is given up to the lanes that can sign."""

    address: Address


async def unfinished_accounts(connection: AsyncConnection, chain_id: int) -> set[Address]:
    """Whose operations have not ended, or whose transactions may still be included."""
    unended = select(operations.c.account).where(
        operations.c.chain_id == chain_id,
        operations.c.account != NOBODY,
        operations.c.status.in_(UNFINISHED),
    )
    unsettled = select(attempts.c.account).where(
        attempts.c.chain_id == chain_id, attempts.c.state.in_(OPEN)
    )
    return set(await connection.scalars(unended.union(unsettled)))
