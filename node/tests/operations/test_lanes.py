"""Several accounts of one party: each has a lane, and whichever has room takes what waits."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.operations.conftest import Desk
from tidan_node.domain.identifiers import Address, OperationId
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import NOBODY, OperationStatus
from tidan_node.operations.taking import take

INITIALIZED = OperationStatus.INITIALIZED
PENDING = OperationStatus.PENDING
SUCCEEDED = OperationStatus.SUCCEEDED
OTHERS = (LocalSigner(b"\x22" * 32), LocalSigner(b"\x33" * 32))


@pytest.fixture
def three(desk: Desk) -> Desk:
    desk.more_signers = OTHERS
    desk.in_flight = 10
    desk.chain.in_any_order = True
    desk.restart()
    return desk


async def carried(desk: Desk) -> Counter[Address]:
    """How many transactions each account has signed."""
    return Counter([sent.sender for sent in desk.chain.wire])


async def test_what_waits_is_shared_by_all_lanes(three: Desk) -> None:
    for up_to in range(1, 31):
        await three.ask(up_to)
    await three.round()
    assert await three.statuses() == [SUCCEEDED] * 30
    assert len(await carried(three)) == 3
    assert len(three.chain.wire) == 30


async def test_one_target_is_changed_by_one_operation_at_a_time_in_all_lanes(three: Desk) -> None:
    three.chain.mining = False
    first, second = await three.ask(1, target="same"), await three.ask(2, target="same")
    await three.round()
    assert [await three.status(each) for each in (first, second)] == [PENDING, INITIALIZED]
    three.chain.mine()
    await three.round()
    assert [await three.status(each) for each in (first, second)] == [SUCCEEDED, PENDING]


async def test_a_lane_whose_transaction_is_refused_holds_up_no_other(three: Desk) -> None:
    """Each of the others goes on to the end of what waits."""
    stuck = three.signer.address
    three.chain.refused_senders.add(stuck)
    for up_to in range(1, 71):
        await three.ask(up_to)
    for _ in range(4):
        await three.round()
    done = [each for each in await three.page() if each.status is SUCCEEDED]
    held = [each for each in await three.page() if each.status is PENDING]
    assert {each.account for each in held} == {stuck}
    assert len(done) + len(held) == 70
    assert len(held) <= 10


async def test_what_one_lane_has_taken_lets_the_others_rest(three: Desk) -> None:
    """They were woken with it, and ask the chain for nothing."""
    await three.ask(1)
    await three.round()
    await three.dispatcher.step()
    askers: list[Address] = []
    count = three.chain.transaction_count

    async def noted(account: Address, block: int | None = None) -> int:
        askers.append(account)
        return await count(account, block)

    three.chain.transaction_count = noted  # type: ignore[method-assign]  # a listener
    await three.ask(2)
    await three.dispatcher.step()
    assert len(set(askers)) == 1


async def test_an_account_that_does_not_act_for_the_party_carries_nothing(three: Desk) -> None:
    three.former |= {each.address for each in OTHERS}
    for up_to in range(1, 26):
        await three.ask(up_to)
    for _ in range(3):
        await three.round()
    assert await three.statuses() == [SUCCEEDED] * 25
    assert set(await carried(three)) == {three.signer.address}


async def test_what_an_account_has_taken_and_may_not_sign_any_more_is_carried_by_another(
    three: Desk,
) -> None:
    taken = await _taken_by(three, OTHERS[0])
    three.former.add(OTHERS[0].address)
    await three.round()
    await three.round()
    assert await three.status(taken) is SUCCEEDED
    assert OTHERS[0].address not in await carried(three)


async def test_until_a_lane_has_room_an_operation_is_nobodys(three: Desk) -> None:
    three.chain.mining = False
    for up_to in range(1, 41):
        await three.ask(up_to)
    await three.round()
    accounts = Counter([each.account for each in await three.page()])
    assert accounts.pop(NOBODY) == 10
    assert set(accounts.values()) == {10}


async def _taken_by(desk: Desk, signer: LocalSigner) -> OperationId:
    """An operation that this lane has taken, and could not sign before its process ended."""
    desk.chain.reachable = True
    asked = await desk.ask(5)
    async with desk.database.writing() as connection:
        await take(connection, signer.address, [asked])
    assert (await desk.operation(asked)).account == signer.address
    return asked
