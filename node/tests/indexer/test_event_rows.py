"""An event of the chain and its row."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete

from tests.indexer.conftest import Sailor
from tidan_node.domain import events as happened
from tidan_node.domain import title_events
from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.domain.identifiers import (
    Address,
    BlockHash,
    PartyIndex,
    RecordId,
    TitleId,
    TxHash,
)
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.titles import Offered
from tidan_node.indexer.event_rows import add_events, events_of, record_of, remove_events_after
from tidan_node.indexer.tables import checkpoints

_TITLE = TitleId("0x" + "1d" * 32)
_INVOICE = RecordId("0x" + "2e" * 32)
_OFFERED = title_events.TitleOffered(
    _TITLE, 2, PartyIndex(1), PartyIndex(2), Offered.POSSESSION | Offered.TITLE, 99
)


def _at(event: Event, block: int, log: int = 0) -> ChainEvent:
    return ChainEvent(
        event,
        Origin(
            chain_id=31337,
            contract=Address("0x" + "ab" * 20),
            block_number=block,
            block_hash=BlockHash(f"0x{block:064x}"),
            block_time=1_000 + block,
            tx_hash=TxHash(f"0x{block * 100 + log:064x}"),
            log_index=log,
        ),
    )


def test_an_event_is_about_its_record_or_else_its_party() -> None:
    linked = happened.InvoiceLinked(_INVOICE, 3, PartyIndex(1), _TITLE)
    suspended = happened.StatusChanged(PartyIndex(7), PartyStatus.SUSPENDED, "papers")
    assert [record_of(each) for each in (_OFFERED, linked, suspended)] == [_TITLE, _INVOICE, "7"]


async def test_events_come_back_as_they_were_in_the_chains_order(sailor: Sailor) -> None:
    withdrawn = title_events.OfferWithdrawn(_TITLE, 3, PartyIndex(1))
    profile = happened.ProfileChanged(PartyIndex(7), "0x" + "03" * 32, b"\x00\xff{}")
    later, first, second = _at(withdrawn, 6), _at(_OFFERED, 5, 2), _at(_OFFERED, 5, 10)
    other = _at(profile, 5, 0)
    async with sailor.database.writing() as connection:
        await add_events(connection, [later])
        await add_events(connection, [other, first, second])
        assert await events_of(connection, _TITLE) == [first, second, later]
        assert await events_of(connection, "7") == [other]
        assert await events_of(connection, _TITLE, chain_id=5) == []


async def test_what_is_kept_already_is_not_kept_again(sailor: Sailor) -> None:
    one, two = _at(_OFFERED, 5), _at(_OFFERED, 6)
    async with sailor.database.writing() as connection:
        assert await add_events(connection, [one]) == [one]
        assert await add_events(connection, [one, two]) == [two]
        assert await add_events(connection, [one, two]) == []
        assert await add_events(connection, []) == []
        assert await events_of(connection, _TITLE) == [one, two]


async def test_the_same_place_on_another_branch_is_another_event(sailor: Sailor) -> None:
    one = _at(_OFFERED, 5)
    origin = replace(one.origin, block_hash=BlockHash("0x" + "ee" * 32))
    other = replace(one, origin=origin)
    async with sailor.database.writing() as connection:
        await add_events(connection, [one])
        assert await add_events(connection, [other]) == [other]


async def test_events_above_a_block_are_removed_and_returned(sailor: Sailor) -> None:
    kept, gone, gone_too = _at(_OFFERED, 5), _at(_OFFERED, 6, 1), _at(_OFFERED, 7)
    async with sailor.database.writing() as connection:
        await add_events(connection, [kept, gone, gone_too])
        assert await remove_events_after(connection, 31337, 5) == [gone, gone_too]
        assert await events_of(connection, _TITLE) == [kept]


async def test_a_lost_checkpoint_costs_a_replay_and_changes_nothing(sailor: Sailor) -> None:
    for up_to in (1, 2, 3):
        await sailor.anchor(up_to)
    await sailor.follower().catch_up()
    before = await sailor.rows()
    async with sailor.database.writing() as connection:
        await connection.execute(delete(checkpoints))
    await sailor.follower().catch_up()
    assert await sailor.rows() == before
