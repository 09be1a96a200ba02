"""The mempool: nonce by nonce, in the order of arrival, and never more than a block takes."""

from __future__ import annotations

import pytest

from tests.ledger.embedded.chains import CHAIN_ID, Account
from tidan_node.ledger.embedded import mempool
from tidan_node.ledger.embedded.mempool import Mempool
from tidan_node.ledger.embedded.rpc import RpcError
from tidan_node.ledger.embedded.transactions import Transaction, decode

TO = "0x" + "22" * 20
ALICE, BOB = Account(1), Account(2)


def transaction(sender: Account, nonce: int, **fields: int) -> Transaction:
    raw = sender.signed(TO, nonce=nonce, **fields)
    return decode(bytes.fromhex(raw[2:]), chain_id=CHAIN_ID)


@pytest.fixture
def pool() -> Mempool:
    pool = Mempool(gas_limit=1_000_000)
    for account in (ALICE, BOB):
        pool.learn_nonce(account.address, 5)
    return pool


class TestAdd:
    def test_a_known_transaction_is_refused_as_already_known(self, pool: Mempool) -> None:
        pool.add(transaction(ALICE, 5))
        with pytest.raises(RpcError, match=r"^already known$"):
            pool.add(transaction(ALICE, 5))

    def test_a_spent_nonce_is_too_low(self, pool: Mempool) -> None:
        with pytest.raises(RpcError, match=r"^nonce too low: next nonce 5, tx nonce 4$"):
            pool.add(transaction(ALICE, 4))

    @pytest.mark.parametrize("price", [0, 100, 109])
    def test_another_one_for_the_same_nonce_must_pay_a_tenth_more(
        self, pool: Mempool, price: int
    ) -> None:
        held = transaction(ALICE, 6, gas_price=100)
        pool.add(held)
        with pytest.raises(RpcError, match=r"^replacement transaction underpriced$"):
            pool.add(transaction(ALICE, 6, gas_price=price, value=1))
        assert held.tx_hash in pool

    def test_a_better_paid_one_takes_the_place(self, pool: Mempool) -> None:
        held, better = (transaction(ALICE, 6, gas_price=price) for price in (100, 110))
        pool.add(held)
        assert pool.add(better) == held
        assert held.tx_hash not in pool
        assert len(pool) == 1

    def test_what_is_going_into_a_block_is_not_replaced(self, pool: Mempool) -> None:
        pool.add(transaction(ALICE, 5, gas_price=1))
        pool.select()
        with pytest.raises(RpcError, match="underpriced"):
            pool.add(transaction(ALICE, 5, gas_price=1000))

    def test_more_gas_than_a_block_has_is_refused(self, pool: Mempool) -> None:
        with pytest.raises(RpcError, match=r"^exceeds block gas limit$"):
            pool.add(transaction(ALICE, 5, gas=1_000_001))

    def test_a_full_pool_refuses_new_ones(
        self, pool: Mempool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mempool, "CAPACITY", 1)
        pool.add(transaction(ALICE, 5))
        with pytest.raises(RpcError, match=r"^txpool is full$"):
            pool.add(transaction(BOB, 5))


class TestSelect:
    def test_the_order_of_arrival_is_kept(self, pool: Mempool) -> None:
        arrived = [transaction(ALICE, 5), transaction(BOB, 5), transaction(ALICE, 6)]
        for one in arrived:
            pool.add(one)
        assert list(pool.select().next_block) == arrived

    def test_a_later_nonce_waits_and_follows_as_soon_as_it_can(self, pool: Mempool) -> None:
        late, bobs, first = transaction(ALICE, 6), transaction(BOB, 5), transaction(ALICE, 5)
        pool.add(late)
        assert pool.select().gapped == (late,)
        pool.add(bobs)
        pool.add(first)
        selection = pool.select()
        assert selection.next_block == (bobs, first, late)
        assert selection.gapped == ()

    def test_a_block_takes_no_more_than_its_gas(self, pool: Mempool) -> None:
        arrived = [transaction(ALICE, 5 + step, gas=400_000) for step in range(3)]
        for one in arrived:
            pool.add(one)
        selection = pool.select()
        assert list(selection.next_block) == arrived[:2]
        assert selection.gapped == ()

    def test_nothing_is_selected_twice_once_it_is_settled(self, pool: Mempool) -> None:
        pool.add(transaction(ALICE, 5))
        pool.add(transaction(ALICE, 6))
        pool.settle(pool.select().next_block)
        assert pool.select().next_block == ()
        with pytest.raises(RpcError, match="nonce too low: next nonce 7"):
            pool.add(transaction(ALICE, 6))


class TestSettle:
    def test_what_stands_behind_a_refused_one_waits_again(self, pool: Mempool) -> None:
        refused, stuck = transaction(ALICE, 5), transaction(ALICE, 6)
        pool.add(refused)
        pool.add(stuck)
        pool.settle(pool.select().next_block, refused={refused.tx_hash}, stuck={stuck.tx_hash})
        assert pool.select().gapped == (stuck,)
        again = transaction(ALICE, 5, value=1)
        pool.add(again)
        assert pool.select().next_block == (again, stuck)
