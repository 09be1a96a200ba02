"""A history that is asked to prove itself does, or says from which act on it is not the chain's."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from tests.office import Office
from tests.story import hex_of
from tests.story_chain import block_of_story
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.history import FIRST_HEAD, Act, next_head
from tidan_node.domain.identifiers import BlockHash, PartyIndex, TitleId, to_bytes
from tidan_node.domain.titles import TitleAct
from tidan_node.indexer.event_rows import COLUMNS, events_of, row_of
from tidan_node.indexer.tables import chain_events
from tidan_node.ledger.calls import Call


async def with_four_acts(trade: Any) -> TitleId:
    """Issued, offered, withdrawn and surrendered, each in a block of its own."""
    title = TitleId(await trade.offered())
    story = trade.consortium.story
    story.withdraw(title)
    await trade.consortium.publish()
    story.surrender(title)
    await trade.consortium.publish()
    return title


def values_of(happened: ChainEvent) -> dict[str, Any]:
    """The columns of its row, by their names."""
    values = dict(zip(COLUMNS, row_of(happened), strict=True))
    return values | {"data": json.loads(values["data"])}


async def asked(office: Office, title: str) -> tuple[int, dict[str, Any]]:
    answer = await office.get(f"/v1/titles/{title}/history", proof="true")
    return answer.status_code, answer.json()


async def changed(office: Office, statement: Any) -> None:
    async with office.database.writing() as connection:
        await connection.execute(statement)


async def row_ids(office: Office, title: str) -> list[tuple[str, int]]:
    async with office.database.reading() as connection:
        events = await events_of(connection, title)
    return [(each.origin.block_hash, each.origin.log_index) for each in events]


async def of_act(office: Office, title: str, seq: int) -> Any:
    """The condition that finds the row of this act."""
    block_hash, log_index = (await row_ids(office, title))[seq - 1]
    return (chain_events.c.block_hash == block_hash) & (chain_events.c.log_index == log_index)


def differs_from(seq: int) -> tuple[int, str, int]:
    return 500, "/v1/problems/history-differs", seq


def told(answer: tuple[int, dict[str, Any]]) -> tuple[int, Any, Any]:
    status, problem = answer
    return status, problem["type"], problem["seq"]


async def test_a_reader_comes_from_the_acts_to_the_head_alone(trade: Any) -> None:
    title = await with_four_acts(trade)

    status, answer = await asked(trade.buyer, title)

    proof = answer["proof"]
    head = FIRST_HEAD
    for shown, act in zip(answer["acts"], proof["acts"], strict=True):
        kind, actor = TitleAct(act["act"]), PartyIndex(act["actor"])
        hashed = Act(kind, act["seq"], actor, act["time"], to_bytes(act["detail"]))
        assert (act["headBefore"], shown["seq"], shown["act"]) == (head, act["seq"], kind.name)
        head = next_head(head, hashed)
        assert act["head"] == shown["head"] == head
    assert (status, proof["seq"], proof["head"]) == (200, 4, head)
    assert (proof["block"], proof["blockHash"]) == (answer["asOf"]["block"], answer["asOf"]["hash"])


async def test_a_history_that_need_not_be_proven_does_not_ask_the_chain(trade: Any) -> None:
    title = await with_four_acts(trade)
    trade.consortium.chain.reachable = False

    answer = await trade.buyer.get(f"/v1/titles/{title}/history")

    assert (answer.status_code, answer.json()["proof"]) == (200, None)


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
async def test_a_row_that_is_missing_is_found(trade: Any, seq: int) -> None:
    title = await with_four_acts(trade)
    await changed(trade.buyer, delete(chain_events).where(await of_act(trade.buyer, title, seq)))

    assert told(await asked(trade.buyer, title)) == differs_from(seq)


async def test_a_history_without_any_row_is_not_taken_for_a_title_that_never_was(
    trade: Any,
) -> None:
    title = await with_four_acts(trade)
    await changed(trade.buyer, delete(chain_events).where(chain_events.c.record == title))

    assert told(await asked(trade.buyer, title)) == differs_from(1)


@pytest.mark.parametrize(
    "values",
    [
        {"name": "TitleForgotten"},
        {"name": "OfferDeclined"},
        {"block_time": 1},
        {"tx_hash": hex_of("another transaction")},
        {"block_number": 10**9},
    ],
)
async def test_a_row_that_was_altered_is_found(trade: Any, values: dict[str, Any]) -> None:
    title = await with_four_acts(trade)
    row = await of_act(trade.buyer, title, 3)
    await changed(trade.buyer, update(chain_events).where(row).values(**values))

    assert told(await asked(trade.buyer, title)) == differs_from(3)


async def test_an_offer_that_names_another_recipient_is_found(trade: Any) -> None:
    title = await with_four_acts(trade)
    async with trade.buyer.database.reading() as connection:
        offered = values_of((await events_of(connection, title))[1])
    row = await of_act(trade.buyer, title, 2)
    values = {"data": offered["data"] | {"recipient": 4}}
    await changed(trade.buyer, update(chain_events).where(row).values(**values))

    assert told(await asked(trade.buyer, title)) == differs_from(2)


async def test_an_act_that_never_was_is_found(trade: Any) -> None:
    title = await with_four_acts(trade)
    async with trade.buyer.database.reading() as connection:
        last = (await events_of(connection, title))[-1]
    invented = replace(last, event=replace(last.event, seq=5))  # type: ignore[call-arg]  # it has one
    place = {"log_index": last.origin.log_index + 1}
    await changed(trade.buyer, insert(chain_events).values(**values_of(invented) | place))

    assert told(await asked(trade.buyer, title)) == differs_from(5)


async def test_a_contract_with_another_head_confirms_nothing(trade: Any) -> None:
    title = await with_four_acts(trade)

    def another(call: Call, kept: tuple[Any, ...]) -> tuple[Any, ...]:
        return (hex_of("another head"),) if call.function == "headOf" else kept

    trade.consortium.chain.kept = another

    assert told(await asked(trade.buyer, title)) == differs_from(4)


async def test_a_title_that_neither_node_nor_chain_has_is_unknown(trade: Any) -> None:
    status, problem = await asked(trade.buyer, hex_of("never"))

    assert (status, problem["type"]) == (404, "/v1/problems/title-unknown")


async def test_a_node_that_has_not_read_on_proves_what_it_has_read(trade: Any) -> None:
    title = await with_four_acts(trade)
    trade.consortium.offices.remove(trade.buyer)
    trade.consortium.story.reject_surrender(title)
    await trade.consortium.publish()

    status, answer = await asked(trade.buyer, title)

    assert (status, answer["proof"]["seq"]) == (200, 4)
    assert answer["proof"]["block"] == trade.consortium.story.block - 2


async def test_where_the_state_is_forgotten_the_newest_block_proves_it(trade: Any) -> None:
    title = await with_four_acts(trade)
    trade.consortium.offices.remove(trade.buyer)
    await trade.consortium.publish()
    newest = trade.consortium.story.block - 1
    trade.consortium.chain.remembers_from = newest

    status, answer = await asked(trade.buyer, title)

    assert (status, answer["proof"]["seq"], answer["proof"]["block"]) == (200, 4, newest)
    assert answer["asOf"]["block"] == newest - 1


async def test_where_the_state_is_forgotten_and_acts_followed_nothing_is_claimed(
    trade: Any,
) -> None:
    title = await with_four_acts(trade)
    trade.consortium.offices.remove(trade.buyer)
    trade.consortium.story.reject_surrender(title)
    await trade.consortium.publish()
    trade.consortium.chain.remembers_from = trade.consortium.story.block - 1

    status, problem = await asked(trade.buyer, title)

    assert (status, problem["type"]) == (503, "/v1/problems/history-unproven")


async def test_on_another_branch_of_the_chain_nothing_is_claimed(trade: Any) -> None:
    title = await with_four_acts(trade)
    trade.consortium.chain.block_named = lambda number: replace(
        block_of_story(number), hash=BlockHash(hex_of("other", "block", number))
    )

    status, problem = await asked(trade.buyer, title)

    assert (status, problem["type"]) == (503, "/v1/problems/chain-moved")


async def test_without_the_chain_nothing_is_claimed(trade: Any) -> None:
    title = await with_four_acts(trade)
    trade.consortium.chain.reachable = False

    status, problem = await asked(trade.buyer, title)

    assert (status, problem["type"]) == (503, "/v1/problems/chain-unreachable")


async def test_whoever_asks_for_many_proofs_waits_and_others_do_not(trade: Any) -> None:
    title = await with_four_acts(trade)
    proofs, chain = trade.buyer.app.state.node.proofs, trade.consortium.chain
    async with AsyncExitStack() as others:
        while not proofs.locked():
            await others.enter_async_context(proofs)
        chain.reachable = False
        waiting = asyncio.create_task(asked(trade.buyer, title))
        for _ in range(5):
            assert (await trade.buyer.get(f"/v1/titles/{title}/history")).status_code == 200
        chain.reachable = True

    assert (await waiting)[0] == 200
