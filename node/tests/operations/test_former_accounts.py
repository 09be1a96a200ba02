"""A node that is started with another account goes on with what the one before it has left."""

from __future__ import annotations

import pytest

from tests.operations.conftest import Desk
from tidan_node.domain.identifiers import OperationId
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import AttemptState, OperationStatus

FOLLOWING = LocalSigner(b"\x22" * 32)


async def exchanged(desk: Desk) -> None:
    """A new process, with the key that follows the one before."""
    desk.signer = FOLLOWING
    desk.operations = desk.new_operations()
    desk.restart()
    await desk.dispatcher.take_over()


async def accounts(desk: Desk, operation: OperationId) -> list[str]:
    return [attempt.account for attempt in await desk.attempts(operation)]


async def test_what_was_not_signed_yet_is_done_by_the_account_that_follows(desk: Desk) -> None:
    waiting = await desk.ask(5)

    await exchanged(desk)
    await desk.round()
    await desk.round()

    assert await desk.status(waiting) is OperationStatus.SUCCEEDED
    assert await accounts(desk, waiting) == [FOLLOWING.address]


async def test_nothing_of_a_former_account_stands_in_the_way_of_its_target(desk: Desk) -> None:
    before = await desk.ask(5, "title:1")
    await exchanged(desk)
    desk.clock.forward(1)
    behind = await desk.ask(6, "title:1")

    for _ in range(3):
        await desk.round()

    assert await desk.statuses() == [OperationStatus.SUCCEEDED] * 2
    assert await accounts(desk, before) == await accounts(desk, behind) == [FOLLOWING.address]


@pytest.mark.parametrize("is_lost", [False, True])
async def test_what_was_signed_is_sent_again_as_it_is_and_never_signed_twice(
    desk: Desk, is_lost: bool
) -> None:
    former = desk.signer.address
    desk.chain.mining = False
    sent = await desk.ask(5)
    await desk.round()
    if is_lost:
        desk.chain.lose_pool()

    await exchanged(desk)
    await desk.round()
    desk.chain.mine()
    await desk.round()

    assert await desk.status(sent) is OperationStatus.SUCCEEDED
    assert await accounts(desk, sent) == [former]


async def test_what_can_never_be_included_any_more_is_done_by_the_account_that_follows(
    desk: Desk,
) -> None:
    former = desk.signer
    desk.chain.mining = False
    sent = await desk.ask(5)
    await desk.round()
    desk.chain.lose_pool()
    desk.chain.mine_foreign(desk.foreign(0, signer=former))

    await exchanged(desk)
    for _ in range(3):
        await desk.round()
        desk.chain.mine()
    await desk.round()

    assert await desk.status(sent) is OperationStatus.SUCCEEDED
    assert await accounts(desk, sent) == [former.address, FOLLOWING.address]
    states = [attempt.state for attempt in await desk.attempts(sent)]
    assert states[0] is AttemptState.SPENT


async def test_what_replaced_a_transaction_of_a_former_account_is_settled_too(desk: Desk) -> None:
    """Its operation has ended by the one before it: nothing else would ask for that account."""
    desk.chain.mining = False
    desk.gas_price = 1
    desk.restart()
    sent = await desk.ask(5)
    await desk.round()
    desk.gas_price, desk.chain.refusal = 10, "no connection to it just now"
    desk.restart()
    desk.clock.forward(10)
    await desk.round()
    desk.chain.mine()
    await desk.follower.catch_up()
    assert await desk.status(sent) is OperationStatus.SUCCEEDED

    await exchanged(desk)
    await desk.round()

    states = [attempt.state for attempt in await desk.attempts(sent)]
    assert states == [AttemptState.INCLUDED, AttemptState.SPENT]
