"""Alarms for whoever reads events: they stand beside the chain's order, after what it has told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address
from tidan_node.records.surrender_alarms import SurrenderAlarm, SurrenderAlarms
from tidan_node.subscriptions.feed import Wanted

_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """Alarms, the number up to which all that were wanted have been read, and whether it ends."""

    alarms: Sequence[SurrenderAlarm]
    up_to: int
    more: bool


async def alarm_page(
    connection: AsyncConnection,
    account: Address,
    wanted: Wanted,
    *,
    after: int,
    newest: int,
) -> AlarmPage:
    """What a reader who has been told of alarms up to one is told next; none that is over."""
    if after >= newest or not wanted.alarms:
        return AlarmPage((), max(after, newest), more=False)
    alarms = await SurrenderAlarms(connection, account).raised_after(
        after, wanted.records, limit=_PAGE
    )
    last = alarms[-1].number if alarms else after
    if len(alarms) == _PAGE:
        return AlarmPage(alarms, last, more=True)
    return AlarmPage(alarms, max(last, newest), more=False)
