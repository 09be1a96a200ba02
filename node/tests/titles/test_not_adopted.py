"""Acts that were prepared here, and are not taken up although the chain knows of their titles."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.exchange.roads import parcels
from tests.signing import give_offline_key
from tests.story import GATEWAY, hex_of
from tests.titles.signed_away import ISSUE, prepared, sent_elsewhere, stated_in, taken_up
from tidan_node.domain.identifiers import PartyIndex, to_bytes
from tidan_node.records.tables import titles
from tidan_node.titles.repository import PreparedActs
from tidan_node.titles.tables import prepared_acts

CARRIER, ACCOMPLICE = PartyIndex(1), PartyIndex(3)


@pytest.fixture(autouse=True)
async def offline(trade: Any) -> None:
    """The carrier has an account whose key is kept elsewhere."""
    give_offline_key(trade.consortium.story, CARRIER)
    await trade.consortium.publish()


async def test_what_the_chain_has_taken_back_meanwhile_is_not_done_with(trade: Any) -> None:
    """A reorganisation comes between the look and the commit: the act may be there again soon."""
    await sent_elsewhere(trade, await prepared(trade.carrier, "issue", **ISSUE))

    async with trade.carrier.database.writing() as connection:
        acts = PreparedActs(connection)
        (name,) = await acts.on_chain()
        await connection.execute(delete(titles))

        assert not await acts.finish(name)
        assert await connection.scalar(select(prepared_acts.c.is_done)) is False


async def test_no_package_goes_to_whom_a_gateway_has_brought_the_title_in_for(trade: Any) -> None:
    """A gateway that saw the act on its way was first, with an accomplice as possessor."""
    act, story = await prepared(trade.carrier, "issue", **ISSUE), trade.consortium.story
    number, series, root, terms = stated_in(act)
    possessor = (terms & ~0xFFFFFFFF) | ACCOMPLICE
    story.admit_gateway(CARRIER)
    (title,) = story.on_title(
        *("importTitle", (number, series, root, possessor)),
        *(int(CARRIER), to_bytes(hex_of("transfer"))),
        account=GATEWAY,
    )
    story.accept(title)
    await trade.consortium.publish()
    assert [title] == act["titles"]
    assert story.titles[title].possessor == ACCOMPLICE

    await taken_up(trade.carrier)

    assert await parcels(trade.carrier) == []
    assert (await trade.carrier.rows())[1] == 0
