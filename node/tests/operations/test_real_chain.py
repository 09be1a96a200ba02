"""The write path and the read path together, on a real EVM with the real contracts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.empty_database import database_in
from tests.live_chain import LiveChain
from tidan_node.domain.identifiers import OperationId
from tidan_node.domain.parties import PartyNotActive, PartyStatus, Role
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.event_rows import events_of
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.ledger.calls import Call
from tidan_node.operations.dispatcher import Dispatcher, DispatcherSettings
from tidan_node.operations.endings import OperationEndings
from tidan_node.operations.lane import LaneSettings
from tidan_node.operations.operation import Operation, OperationStatus
from tidan_node.operations.service import Operations
from tidan_node.problems import stored_problem
from tidan_node.storage.database import Database

PARTY = 1


class AnchorHandler:
    """Anchors the number of the intent."""

    kind = "test.anchor"

    def call(self, intent: Mapping[str, object]) -> Call:
        return Call("TrailAnchor", "anchor", (intent["upTo"], "0x" + "5a" * 32))


@dataclass
class Node:
    """The two workers of a node whose party is enrolled."""

    chain: LiveChain
    database: Database
    operations: Operations
    follower: Follower
    dispatcher: Dispatcher

    async def ask(self, up_to: int) -> OperationId:
        async with self.database.writing() as connection:
            operation = await self.operations.enqueue(
                connection, kind="test.anchor", target=f"trail:{up_to}", intent={"upTo": up_to}
            )
        return operation.id

    async def round(self) -> None:
        await self.follower.catch_up()
        await self.dispatcher.step()
        await self.follower.catch_up()

    async def operation(self, operation_id: OperationId) -> Operation:
        async with self.database.reading() as connection:
            return await self.operations.by_id(connection, operation_id)

    async def anchored(self) -> int:
        up_to, _ = await self.chain.gateway.view(Call("TrailAnchor", "anchorOf", (PARTY,)))
        return int(up_to)


@pytest.fixture
async def node(live_chain: LiveChain, tmp_path: Path) -> AsyncIterator[Node]:
    signer = live_chain.signers[1]
    assert await live_chain.enrol(Role.TRADER, signer.address) == PARTY
    database = database_in(tmp_path / "node.sqlite")
    manifest = live_chain.manifest
    yield Node(
        chain=live_chain,
        database=database,
        operations=Operations(chain_id=manifest.chain_id, account=signer.address),
        follower=Follower(
            database=database,
            chain=live_chain.gateway,
            projections=[OperationEndings()],
            settings=FollowerSettings(manifest.chain_id, first_block=manifest.block),
        ),
        dispatcher=Dispatcher(
            database=database,
            chain=live_chain.gateway,
            indexed=Checkpoint(manifest.chain_id),
            handlers=[AnchorHandler()],
            signers=[signer],
            settings=DispatcherSettings(LaneSettings(send_again_after=timedelta(0))),
            clock=lambda: datetime.now(UTC),
        ),
    )
    await database.close()


async def test_operations_end_with_their_events(node: Node) -> None:
    asked = [await node.ask(up_to) for up_to in (10, 20, 30)]
    for _ in asked:
        await node.round()
    for operation_id in asked:
        operation = await node.operation(operation_id)
        assert operation.status is OperationStatus.SUCCEEDED
        assert operation.result is not None
    assert await node.anchored() == 30
    async with node.database.reading() as connection:
        told = await events_of(connection, str(PARTY))
    assert [type(each.event).__name__ for each in told][-3:] == ["TrailAnchored"] * 3


async def test_a_chain_that_lost_its_blocks_gets_them_again(node: Node) -> None:
    await node.follower.catch_up()
    snapshot = await node.chain.snapshot()
    asked = [await node.ask(up_to) for up_to in (10, 20)]
    await node.round()
    await node.round()
    assert await node.anchored() == 20
    await node.chain.go_back_to(snapshot)
    await node.follower.catch_up()
    assert (await node.operation(asked[0])).status is OperationStatus.PENDING
    await node.round()
    await node.round()
    assert await node.anchored() == 20
    for operation_id in asked:
        assert (await node.operation(operation_id)).status is OperationStatus.SUCCEEDED


async def test_a_transaction_that_fails_in_its_block_says_why(node: Node) -> None:
    asked = await node.ask(10)
    await node.chain.stop_mining()
    await node.round()
    (lost,) = (await node.chain.rpc.call("txpool_content"))["pending"].values()
    await node.chain.rpc.call("anvil_dropTransaction", lost["0"]["hash"])
    await node.chain.rpc.call("evm_setAutomine", True)
    await node.chain.administration.change_status(
        PARTY,  # type: ignore[arg-type]  # a party's index
        PartyStatus.SUSPENDED,
        "papers missing",
    )
    await node.round()
    await node.round()
    operation = await node.operation(asked)
    assert operation.status is OperationStatus.FAILED
    assert operation.problem is not None
    assert isinstance(stored_problem(operation.problem), PartyNotActive)
    assert await node.anchored() == 0


async def test_a_nonce_that_another_used_is_followed_by_the_next(node: Node) -> None:
    asked = await node.ask(10)
    await node.chain.stop_mining()
    await node.round()
    (lost,) = (await node.chain.rpc.call("txpool_content"))["pending"].values()
    await node.chain.rpc.call("anvil_dropTransaction", lost["0"]["hash"])
    account = node.chain.signers[1].address
    await node.chain.rpc.call("anvil_setNonce", account, "0x1")
    await node.chain.mine()
    await node.chain.rpc.call("evm_setAutomine", True)
    await node.round()
    await node.round()
    assert (await node.operation(asked)).status is OperationStatus.SUCCEEDED
    assert await node.anchored() == 10
