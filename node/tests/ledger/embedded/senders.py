"""Sends to a chain that runs inside the test, and looks at what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.ledger.embedded.chains import LOGGER_RUNTIME, Account
from tidan_node.domain.identifiers import Address
from tidan_node.ledger.embedded.producer import Producer
from tidan_node.ledger.embedded.rpc import RpcError

OpenChain = Callable[..., AbstractAsyncContextManager[Producer]]
"""Opens the chain of the test's home for a while."""


async def submit(chain: Producer, *raws: str) -> list[str]:
    """What each was answered with: its hash, or the words of its refusal."""
    outcomes = await chain.admission.submit([bytes.fromhex(raw[2:]) for raw in raws])
    return [one.message if isinstance(one, RpcError) else one for one in outcomes]


async def read(chain: Producer, method: str, *params: object) -> Any:
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
    answer = json.loads(await chain.keeper.forward(json.dumps(request).encode()))
    assert "error" not in answer, answer
    return answer["result"]


async def blocks(chain: Producer) -> list[dict[str, Any]]:
    """All blocks with their transactions and receipts, the first one included."""
    height = int(await read(chain, "eth_blockNumber"), 16)
    found = [await read(chain, "eth_getBlockByNumber", hex(at), True) for at in range(height + 1)]
    for block in found:
        block["receipts"] = await read(chain, "eth_getBlockReceipts", block["number"])
    return found


async def create_logger(chain: Producer, account: Account) -> Address:
    raw, address = account.creating(LOGGER_RUNTIME)
    (answer,) = await submit(chain, raw)
    assert answer.startswith("0x")
    return address


def word(number: int) -> bytes:
    return number.to_bytes(32)
