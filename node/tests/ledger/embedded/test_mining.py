"""One block from one intent: believed only when it is the block that was meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.ledger.embedded.chains import CHAIN_ID, Account
from tests.ledger.embedded.workload import name_of
from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.ledger.embedded.mining import OutOfStep, mine
from tidan_node.ledger.embedded.records import BlockIntent
from tidan_node.ledger.embedded.rpc import IN_ORDER, RpcError

TO = "0x" + "22" * 20
ALICE, BOB = Account(1), Account(2)
RAWS = [ALICE.signed(TO), BOB.signed(TO), ALICE.signed(TO), ALICE.signed(TO)]
NAMES = [name_of(raw) for raw in RAWS]
INTENT = BlockIntent(5, 1_700_000_000, 0, tuple(bytes.fromhex(raw[2:]) for raw in RAWS))


class FakeAnvil:
    """Answers as anvil would, with a block of the test's choice."""

    def __init__(self, mined: list[str], *, number: int = 5, refused: Sequence[str] = ()) -> None:
        self._block = {"number": hex(number), "hash": "0xb5", "transactions": mined}
        self._refused = refused
        self.called: list[str] = []

    async def call(self, method: str, *params: object) -> Any:
        self.called.append(method)
        if method in self._refused:
            raise RpcError("no")
        return self._block

    async def calls(
        self, calls: Sequence[tuple[str, Sequence[Any]]], *, at_once: int = IN_ORDER
    ) -> list[Any]:
        names = [name_of(params[0]) for _, params in calls]
        return [
            RpcError("not this one", code=-32003) if name in self._refused else name
            for name in names
        ]


async def mined_by(anvil: FakeAnvil) -> Any:
    return await mine(anvil, INTENT, chain_id=CHAIN_ID, checkpoints=NoCheckpoints())


async def test_a_block_with_all_its_transactions_is_believed() -> None:
    anvil = FakeAnvil(NAMES)
    mined = await mined_by(anvil)
    assert (mined.block_hash, mined.refusals, mined.stuck) == ("0xb5", {}, ())
    assert "anvil_dropAllTransactions" not in anvil.called


async def test_who_was_refused_is_told_and_who_stands_behind_waits() -> None:
    anvil = FakeAnvil([NAMES[1]], refused=[NAMES[0]])
    mined = await mined_by(anvil)
    assert {name: error.message for name, error in mined.refusals.items()} == {
        NAMES[0]: "not this one"
    }
    assert [one.tx_hash for one in mined.stuck] == NAMES[2:]
    assert anvil.called[-1] == "anvil_dropAllTransactions"


async def test_what_was_taken_but_not_executed_is_refused() -> None:
    mined = await mined_by(FakeAnvil([NAMES[0], NAMES[2], NAMES[3]]))
    assert [error.message for error in mined.refusals.values()] == [
        "the transaction could not be executed"
    ]
    assert list(mined.refusals) == [NAMES[1]]


@pytest.mark.parametrize(
    "anvil",
    [
        FakeAnvil([NAMES[1], NAMES[0], *NAMES[2:]]),
        FakeAnvil([*NAMES, "0x" + "99" * 32]),
        FakeAnvil(NAMES, number=6),
        FakeAnvil(NAMES, refused=["evm_mine"]),
    ],
    ids=["another order", "a stranger in it", "another height", "refused"],
)
async def test_another_block_than_the_one_meant_is_not_believed(anvil: FakeAnvil) -> None:
    with pytest.raises(OutOfStep):
        await mined_by(anvil)
