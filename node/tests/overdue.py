"""Surrenders that wait, and the worker that raises alarms, at a moment of the test's choice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.office import Office
from tests.story import CHAIN
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.ledger.blocks import BlockRef
from tidan_node.titles.alarming import Alarming

HOURS = 48
LATE = timedelta(hours=HOURS)


async def block_read(office: Office) -> BlockRef | None:
    """Where this office's view of the chain stands."""
    async with office.database.reading() as connection:
        return await Checkpoint(CHAIN).cursor(connection)


async def look(
    office: Office,
    moment: datetime | None = None,
    *,
    complete_at: BlockRef | None = None,
    checkpoints: Checkpoints | None = None,
) -> tuple[bool, bool]:
    """Whether a new worker, with nothing in its memory, finds its view complete; and whether it
    raises anything. The moment is two days and more from now where none is named; the view is
    complete where it stands."""
    read = await block_read(office)
    told: list[None] = []

    def tell() -> None:
        told.append(None)
        office.app.state.node.news.tell()

    worker = Alarming(
        database=office.database,
        chain_id=CHAIN,
        account=office.app.state.node.account,
        hours=HOURS,
        complete_at=lambda: complete_at or read,
        raised=tell,
        checkpoints=checkpoints,
        clock=lambda: moment or office.consortium.clock() + LATE,
    )
    return await worker.look(), bool(told)


async def surrendered(trade: Any, number: str = "TDB-0417") -> str:
    title = await trade.issued(number)
    await surrender(trade, title)
    return str(title)


async def surrender(trade: Any, title: str) -> None:
    await act(trade.seller, title, "surrenders")


async def act(office: Office, title: str, path: str, **body: str) -> None:
    answer = await office.post(f"/v1/titles/{title}/{path}", body)
    assert answer.status_code == 202, answer.text
    await office.carry_out()


async def alarms(office: Office, **query: str) -> list[dict[str, Any]]:
    answer = await office.get("/v1/title-alarms", **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def alarmed(office: Office) -> list[str]:
    return [each["title"] for each in await alarms(office)]
