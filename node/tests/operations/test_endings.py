"""How operations end by events, and open again without them."""

from __future__ import annotations

from tests.operations.conftest import Desk
from tidan_node.domain.events import ChainEvent, Origin, TrailAnchored
from tidan_node.domain.identifiers import Address, BlockHash, PartyIndex, TxHash
from tidan_node.indexer.event_rows import events_after
from tidan_node.operations.endings import OperationEndings
from tidan_node.operations.operation import AttemptState, OperationStatus


def _told(tx_hash: str, *, block: int = 7, log: int = 0) -> ChainEvent:
    return ChainEvent(
        TrailAnchored(PartyIndex(1), 5, "0x" + "5a" * 32, 0),
        Origin(
            chain_id=31337,
            contract=Address("0x" + "ab" * 20),
            block_number=block,
            block_hash=BlockHash("0x" + "bb" * 32),
            block_time=1,
            tx_hash=TxHash(tx_hash),
            log_index=log,
        ),
    )


async def _signed(desk: Desk) -> tuple[str, str]:
    """An operation that waits for its block, and its transaction."""
    desk.chain.mining = False
    asked = await desk.ask(5)
    await desk.round()
    (attempt,) = await desk.attempts(asked)
    return asked, attempt.tx_hash


async def test_the_first_event_of_a_transaction_is_the_result(desk: Desk) -> None:
    asked, tx_hash = await _signed(desk)
    async with desk.database.writing() as connection:
        await OperationEndings(desk.clock).apply(
            connection, [_told(tx_hash, log=3), _told(tx_hash, log=4)]
        )
    operation = (await desk.page())[0]
    assert (operation.id, operation.status) == (asked, OperationStatus.SUCCEEDED)
    assert operation.result == {"txHash": tx_hash, "blockNumber": 7, "logIndex": 3}


async def test_events_of_others_end_nothing(desk: Desk) -> None:
    await _signed(desk)
    foreign = [_told(f"0x{number:064x}") for number in range(1_200)]
    async with desk.database.writing() as connection:
        await OperationEndings(desk.clock).apply(connection, foreign)
        await OperationEndings(desk.clock).rewind(connection, foreign)
    assert await desk.statuses() == [OperationStatus.PENDING]


async def test_an_event_among_very_many_is_found(desk: Desk) -> None:
    _, tx_hash = await _signed(desk)
    events = [_told(f"0x{number:064x}") for number in range(1_200)]
    async with desk.database.writing() as connection:
        await OperationEndings(desk.clock).apply(connection, [*events, _told(tx_hash)])
    assert await desk.statuses() == [OperationStatus.SUCCEEDED]


async def test_the_same_events_again_change_nothing(desk: Desk) -> None:
    _, tx_hash = await _signed(desk)
    endings = OperationEndings(desk.clock)
    async with desk.database.writing() as connection:
        await endings.apply(connection, [_told(tx_hash)])
    before = await desk.page()
    desk.clock.forward(60)
    async with desk.database.writing() as connection:
        await endings.apply(connection, [_told(tx_hash)])
    assert await desk.page() == before


async def test_without_its_event_an_operation_is_open_and_due_again(desk: Desk) -> None:
    asked, tx_hash = await _signed(desk)
    endings = OperationEndings(desk.clock)
    async with desk.database.writing() as connection:
        await endings.apply(connection, [_told(tx_hash)])
        await endings.rewind(connection, [_told(tx_hash)])
    operation = (await desk.page())[0]
    assert (operation.status, operation.result) == (OperationStatus.PENDING, None)
    (attempt,) = await desk.attempts(operation.id)
    assert (attempt.state, attempt.last_sent_at) == (AttemptState.LIVE, None)
    assert operation.id == asked


async def test_an_event_ends_even_what_was_thought_to_have_failed(desk: Desk) -> None:
    _, tx_hash = await _signed(desk)
    desk.chain.mine_foreign(desk.foreign(nonce=0, up_to=6))
    await desk.round()
    assert await desk.statuses() == [OperationStatus.FAILED]
    async with desk.database.writing() as connection:
        await OperationEndings(desk.clock).apply(connection, [_told(tx_hash)])
    operation = (await desk.page())[0]
    assert (operation.status, operation.problem) == (OperationStatus.SUCCEEDED, None)


async def test_a_replay_from_the_start_reopens_nothing(desk: Desk) -> None:
    await desk.ask(5)
    await desk.round()
    before = await desk.page()
    desk.clock.forward(60)
    chain_id = desk.chain.manifest.chain_id
    async with desk.database.writing() as connection:
        everything = await events_after(connection, chain_id, -1)
        await OperationEndings(desk.clock).apply(connection, everything)
    assert await desk.page() == before
