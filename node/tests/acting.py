"""Sends what operation handlers make of intents to a chain that is really there."""

from __future__ import annotations

from collections.abc import Mapping

from tests.live_chain import LiveChain
from tidan_node.domain.events import ChainEvent
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.submission import Submitter
from tidan_node.operations.handlers import OperationHandler


async def act(
    chain: LiveChain, account: int, handler: OperationHandler, intent: Mapping[str, object]
) -> None:
    """One operation, by the account with this number, in a block of its own."""
    call = handler.call(intent)
    submitter = Submitter(chain.rpc, chain.signers[account], chain.manifest.chain_id, gas_price=0)
    await submitter.submit(chain.manifest.address_of(call.contract), encode_call(call))


async def told(chain: LiveChain) -> list[ChainEvent]:
    """Everything that the chain has told since its contracts are there."""
    head = await chain.gateway.head()
    return list(await chain.gateway.events(chain.manifest.block, head.number))
