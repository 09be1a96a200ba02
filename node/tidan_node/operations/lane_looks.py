"""What a lane sees of itself in SQL before it does anything: one statement a look, made once.

Lanes are woken by every commit and every block, and most times there is nothing for them in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.answers import Nonces
from tidan_node.operations.lane_rows import OVERDUE, UNCONFIRMED
from tidan_node.operations.operation import NOBODY, OPEN, OperationStatus
from tidan_node.operations.repository import UNFINISHED
from tidan_node.operations.sending import Sending
from tidan_node.operations.tables import attempts, operations

_ACCOUNT: Final = bindparam("account", type_=operations.c.account.type)
_ON_CHAIN: Final = operations.c.chain_id == bindparam("chain_id")
_OWN: Final = operations.c.account == _ACCOUNT
_FREE: Final = operations.c.account == NOBODY
_NEW: Final = operations.c.status == OperationStatus.INITIALIZED
_LANE: Final = (attempts.c.chain_id == bindparam("chain_id")) & (attempts.c.account == _ACCOUNT)
_UNUSED: Final = attempts.c.nonce >= bindparam("used")


def _count(*which: ColumnElement[bool]) -> ColumnElement[Any]:  # Any: a number
    return select(func.count()).where(*which).scalar_subquery()


_GLANCE: Final = select(
    _count(_ON_CHAIN, _OWN, _NEW),
    exists().where(_ON_CHAIN, _FREE, operations.c.status.in_(UNFINISHED)),
    or_(
        exists().where(_ON_CHAIN, _OWN, _NEW, operations.c.deadline < bindparam("now")),
        exists().where(_ON_CHAIN, _FREE, _NEW, operations.c.deadline < bindparam("now")),
    ),
    exists().where(_LANE, UNCONFIRMED, OVERDUE),
    _count(_LANE, UNCONFIRMED),
    or_(
        exists().where(_LANE, attempts.c.state.in_(OPEN)),
        exists().where(_ON_CHAIN, _OWN, operations.c.status.in_(UNFINISHED)),
    ),
)

_HELD: Final = select(
    exists().where(_LANE, _UNUSED, attempts.c.state.not_in(OPEN)),
    exists().where(_LANE, attempts.c.state.in_(OPEN), attempts.c.nonce < bindparam("by_then")),
    select(func.count(attempts.c.nonce.distinct())).where(_LANE, _UNUSED).scalar_subquery(),
    select(func.max(attempts.c.nonce)).where(_LANE).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Glance:
    """What there may be to do, though no block was read since."""

    unsigned: int
    """So many operations of the lane nobody has signed for."""
    has_free: bool
    """Some are nobody's."""
    is_overdue: bool
    """One of either was not signed in time."""
    is_due: bool
    """A transaction is to be sent, for the first time or again."""
    room: int
    """So many more the lane can carry."""
    is_idle: bool
    """There is nothing that the lane could sign, send or conclude."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the lane has signed, beside the nonces that the chain has used."""

    lost: bool
    """Concluded transactions have nonces that are unused (again)."""
    over: bool
    """Open ones have nonces that a final block has used."""
    gaps: bool
    """Nothing was signed with an unused nonce, and something with one after it."""


@dataclass(frozen=True, slots=True)
class LaneLooks:
    """One lane's looks at itself, in the caller's transaction."""

    chain_id: int
    account: Address
    in_flight: int
    """How many of its transactions are in no block yet, at most."""

    async def glance(self, connection: AsyncConnection, now: datetime, sending: Sending) -> Glance:
        """What there is by SQL alone, and by the nonces that the chain was last seen to use."""
        asked = {**self._lane, "now": now, **sending.asked(now)}
        row = (await connection.execute(_GLANCE, asked)).one()
        unsigned, free, overdue, due, live, busy = row
        return Glance(
            unsigned=unsigned,
            has_free=bool(free),
            is_overdue=bool(overdue),
            is_due=bool(due),
            room=self.in_flight - live - unsigned,
            is_idle=not (busy or free),
        )

    async def held(self, connection: AsyncConnection, nonces: Nonces) -> Held:
        """What there is by what the chain says."""
        # where the state of that block is gone, or not there yet, nothing is proven
        by_then = 0 if nonces.by_then is None else nonces.by_then
        asked = {**self._lane, "used": nonces.used, "by_then": by_then}
        lost, over, signed, highest = (await connection.execute(_HELD, asked)).one()
        last = -1 if highest is None else highest
        return Held(bool(lost), bool(over), gaps=signed < last + 1 - nonces.used)

    @property
    def _lane(self) -> dict[str, object]:
        return {"chain_id": self.chain_id, "account": self.account}
