"""The chain as the node uses it, on a real EVM."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from msgspec.json import Decoder

from tests.live_chain import LiveChain
from tidan_node.domain import events as happened
from tidan_node.domain.identifiers import Address, BlockHash, TxHash
from tidan_node.domain.parties import NotEnrolled, PartyStatus, Role
from tidan_node.domain.record_problems import NotAuthorised
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.ledger.answers import Nonces, Receipt
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.gateway import ChainMoved, Gateway, WrongChain
from tidan_node.ledger.manifest import Deployed
from tidan_node.ledger.rpc import Json, RpcError, T
from tidan_node.ledger.signer import LegacyTransaction, SignedTransaction
from tidan_node.problems import InvalidInput

_ID = "0x" + "1d" * 32
_ANCHOR = Call("TrailAnchor", "anchor", (7, "0x" + "5a" * 32))


def _signed(chain: LiveChain, call: Call, nonce: int, gas: int = 500_000) -> SignedTransaction:
    return chain.signers[1].sign(
        LegacyTransaction(
            chain_id=chain.manifest.chain_id,
            nonce=nonce,
            gas_price=0,
            gas=gas,
            to=chain.manifest.address_of(call.contract),
            data=encode_call(call),
        )
    )


async def _included(chain: LiveChain, tx_hash: TxHash) -> Receipt:
    """What became of a transaction, once a block has it."""
    async with asyncio.timeout(30):
        while True:
            (receipt,) = await chain.gateway.receipts([tx_hash])
            if receipt is not None:
                return receipt
            await asyncio.sleep(0.01)


class TestCheckChain:
    async def test_the_chain_of_the_manifest_is_accepted(self, live_chain: LiveChain) -> None:
        await live_chain.gateway.check_chain()

    async def test_another_chain_id_is_refused(self, live_chain: LiveChain) -> None:
        other = Gateway(live_chain.rpc, replace(live_chain.manifest, chain_id=1))
        with pytest.raises(WrongChain, match="chain id"):
            await other.check_chain()

    async def test_another_genesis_is_refused(self, live_chain: LiveChain) -> None:
        genesis = BlockHash("0x" + "00" * 32)
        other = Gateway(live_chain.rpc, replace(live_chain.manifest, genesis_hash=genesis))
        with pytest.raises(WrongChain, match="first block"):
            await other.check_chain()

    async def test_a_chain_without_the_contracts_is_refused(self, live_chain: LiveChain) -> None:
        nowhere = Deployed(Address("0x" + "99" * 20), "0x" + "00" * 32)
        contracts = {**live_chain.manifest.contracts, "TitleRegistry": nowhere}
        other = Gateway(live_chain.rpc, replace(live_chain.manifest, contracts=contracts))
        with pytest.raises(WrongChain, match="TitleRegistry"):
            await other.check_chain()


class TestBlocksAndEvents:
    async def test_blocks_follow_each_other(self, live_chain: LiveChain) -> None:
        await live_chain.mine(3)
        head = await live_chain.gateway.head()
        blocks = await live_chain.gateway.blocks(head.number - 2, head.number)
        assert [block.number for block in blocks] == [
            head.number - 2,
            head.number - 1,
            head.number,
        ]
        assert blocks[-1] == head == await live_chain.gateway.block(head.number)
        assert blocks[1].parent_hash == blocks[0].hash

    async def test_a_block_beyond_the_head_is_none(self, live_chain: LiveChain) -> None:
        head = await live_chain.gateway.head()
        assert await live_chain.gateway.block(head.number + 1) is None
        with pytest.raises(ChainMoved):
            await live_chain.gateway.blocks(head.number, head.number + 1)

    async def test_events_come_with_their_origin(self, live_chain: LiveChain) -> None:
        before = await live_chain.gateway.head()
        account = live_chain.signers[1].address
        party = await live_chain.enrol(Role.CARRIER, account)
        head = await live_chain.gateway.head()
        told = await live_chain.gateway.events(before.number + 1, head.number)
        assert [type(each.event) for each in told] == [
            happened.PartyEnrolled,
            happened.AccountAdded,
            happened.ProfileChanged,
        ]
        assert told[0].event == happened.PartyEnrolled(party, Role.CARRIER, "rules-1", "SG")
        origin = told[1].origin
        assert (origin.chain_id, origin.contract) == (
            live_chain.manifest.chain_id,
            live_chain.manifest.address_of("PartyRegistry"),
        )
        assert (origin.block_number, origin.block_hash) == (head.number, head.hash)
        assert (origin.block_time, origin.log_index) == (head.timestamp, 1)

    async def test_the_deployment_itself_has_no_event(self, live_chain: LiveChain) -> None:
        first = live_chain.manifest.block
        head = await live_chain.gateway.head()
        assert await live_chain.gateway.events(first, head.number) == []

    async def test_a_page_read_across_a_reorganisation_is_refused(
        self, live_chain: LiveChain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The headers are of one branch; before the logs are asked for there is another."""
        snapshot = await live_chain.snapshot()
        await live_chain.mine(2)
        head = await live_chain.gateway.head()
        ask = live_chain.rpc.read

        async def another_branch_first(kind: Decoder[T], method: str, *params: Json) -> T:
            if method == "eth_getLogs":
                monkeypatch.undo()
                await live_chain.go_back_to(snapshot)
                await live_chain.enrol(Role.CARRIER, live_chain.signers[1].address)
                await live_chain.mine(1)
                assert (await live_chain.gateway.head()).number == head.number
            return await ask(kind, method, *params)

        monkeypatch.setattr(live_chain.rpc, "read", another_branch_first)
        with pytest.raises(ChainMoved):
            await live_chain.gateway.page(head.number - 1, head.number)


class TestTransactions:
    async def test_a_transaction_is_sent_and_its_receipt_found(self, live_chain: LiveChain) -> None:
        account = live_chain.signers[1].address
        await live_chain.enrol(Role.TRADER, account)
        count = await live_chain.gateway.transaction_count(account)
        signed = _signed(live_chain, _ANCHOR, count)
        assert await live_chain.gateway.receipts([signed.tx_hash]) == [None]
        assert await live_chain.gateway.send([signed.raw]) == [None]
        receipt = await _included(live_chain, signed.tx_hash)
        assert receipt.succeeded
        assert await live_chain.gateway.transaction_count(account) == count + 1
        earlier = receipt.block_number - 1
        assert await live_chain.gateway.transaction_count(account, earlier) == count

    async def test_the_next_nonce_follows_what_waits_in_the_pool(
        self, live_chain: LiveChain
    ) -> None:
        account = live_chain.signers[1].address
        await live_chain.stop_mining()
        used = await live_chain.gateway.transaction_count(account)
        await live_chain.gateway.send([_signed(live_chain, _ANCHOR, used).raw])
        assert await live_chain.gateway.next_nonce(account) == used + 1
        assert await live_chain.gateway.transaction_count(account) == used

    async def test_nonces_are_told_beside_a_block_of_then(self, live_chain: LiveChain) -> None:
        account = live_chain.signers[1].address
        await live_chain.enrol(Role.TRADER, account)
        before = await live_chain.gateway.head()
        used = await live_chain.gateway.transaction_count(account)
        await live_chain.gateway.send([_signed(live_chain, _ANCHOR, used).raw])
        nonces = await live_chain.gateway.nonces(account, before.number)
        assert nonces == Nonces(before, used=used + 1, by_then=used)

    async def test_nonces_of_a_block_that_is_not_there_prove_nothing(
        self, live_chain: LiveChain
    ) -> None:
        head = await live_chain.gateway.head()
        account = live_chain.signers[1].address
        nonces = await live_chain.gateway.nonces(account, head.number + 1_000)
        assert (nonces.block, nonces.by_then) == (None, None)

    async def test_sending_twice_is_as_good_as_once(self, live_chain: LiveChain) -> None:
        await live_chain.stop_mining()
        signed = _signed(live_chain, _ANCHOR, 0)
        assert await live_chain.gateway.send([signed.raw]) == [None]
        assert await live_chain.gateway.send([signed.raw]) == [None]

    async def test_a_refusal_is_told_beside_what_was_taken(self, live_chain: LiveChain) -> None:
        await live_chain.enrol(Role.TRADER, live_chain.signers[1].address)
        await live_chain.stop_mining()
        first = _signed(live_chain, _ANCHOR, 0)
        await live_chain.gateway.send([first.raw])
        await live_chain.mine()
        again = _signed(live_chain, _ANCHOR, 0, gas=400_000)
        then = _signed(live_chain, Call("TrailAnchor", "anchor", (8, _ID)), 1)
        refused, taken = await live_chain.gateway.send([again.raw, then.raw])
        assert refused is not None
        assert "nonce" in refused.lower()
        assert taken is None

    async def test_an_unknown_hash_has_no_receipt(self, live_chain: LiveChain) -> None:
        assert await live_chain.gateway.receipts([TxHash(_ID)]) == [None]


class TestEstimates:
    async def test_gas_and_refusals_come_in_the_order_of_the_calls(
        self, live_chain: LiveChain
    ) -> None:
        member, stranger = live_chain.signers[1].address, live_chain.signers[2].address
        await live_chain.enrol(Role.TRADER, member)
        accept = Call("TitleRegistry", "accept", (_ID, 1))
        gas, unknown, outside = await live_chain.gateway.estimates(
            [(_ANCHOR, member), (accept, member), (_ANCHOR, stranger)]
        )
        assert isinstance(gas, int)
        assert 21_000 < gas < 200_000
        assert isinstance(unknown, TitleUnknown)
        assert isinstance(outside, NotEnrolled)
        assert stranger in outside.detail

    async def test_one_estimate_raises_its_refusal(self, live_chain: LiveChain) -> None:
        stranger = live_chain.signers[3].address
        act = Call("PartyRegistry", "changeStatus", (1, PartyStatus.SUSPENDED, "no"))
        with pytest.raises(NotAuthorised):
            await live_chain.gateway.estimate(act, stranger)

    async def test_arguments_that_do_not_fit_are_refused_here(self, live_chain: LiveChain) -> None:
        with pytest.raises(InvalidInput):
            await live_chain.gateway.estimate(
                Call("TitleRegistry", "accept", (_ID,)), live_chain.signers[0].address
            )


class TestWhyReverted:
    async def test_the_reason_is_that_of_the_block(self, live_chain: LiveChain) -> None:
        account = live_chain.signers[1].address
        signed = _signed(live_chain, _ANCHOR, 0)
        await live_chain.gateway.send([signed.raw])
        receipt = await _included(live_chain, signed.tx_hash)
        assert not receipt.succeeded
        await live_chain.enrol(Role.TRADER, account)  # today it would work
        why = await live_chain.gateway.why_reverted(_ANCHOR, account, receipt.block_number)
        assert isinstance(why, NotEnrolled)

    async def test_what_works_has_no_reason(self, live_chain: LiveChain) -> None:
        account = live_chain.signers[1].address
        await live_chain.enrol(Role.TRADER, account)
        await live_chain.mine(2)
        head = await live_chain.gateway.head()
        assert await live_chain.gateway.why_reverted(_ANCHOR, account, head.number) is None


class TestViews:
    async def test_a_view_answers_with_its_outputs(self, live_chain: LiveChain) -> None:
        account = live_chain.signers[1].address
        party = await live_chain.enrol(Role.CARRIER | Role.TRADER, account)
        standing = await live_chain.gateway.view(Call("PartyRegistry", "standing", (account,)))
        assert standing == (party, Role.CARRIER | Role.TRADER, PartyStatus.ACTIVE)

    async def test_a_view_answers_as_of_a_block(self, live_chain: LiveChain) -> None:
        before = await live_chain.gateway.head()
        await live_chain.enrol(Role.CARRIER, live_chain.signers[1].address)
        count = Call("PartyRegistry", "partyCount")
        assert await live_chain.gateway.view(count, before.number) == (0,)
        assert await live_chain.gateway.view(count) == (1,)

    async def test_an_unknown_state_is_an_error(self, live_chain: LiveChain) -> None:
        with pytest.raises(RpcError):
            await live_chain.gateway.view(Call("PartyRegistry", "partyCount"), 10_000_000)

    async def test_a_slot_is_32_bytes(self, live_chain: LiveChain) -> None:
        slot = await live_chain.gateway.storage_at("TrailAnchor", 10**6)
        assert slot == "0x" + "00" * 32
