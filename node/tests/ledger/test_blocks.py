"""Blocks of consensus engines that sign in the header."""

from __future__ import annotations

from typing import cast

import msgspec
import pytest
from msgspec.json import Decoder

from tests.live_chain import LiveChain
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.rpc import ChainUnreachable, Json, Rpc, RpcError, T

_SEALED_HEADER = {
    "number": "0x2a",
    "hash": "0x" + "aa" * 32,
    "parentHash": "0x" + "bb" * 32,
    "timestamp": "0x64",
    # vanity, validators, vote, round and seals: far more than the 32 bytes of other chains
    "extraData": "0x" + "cd" * 240,
    "transactions": [],
}


class OneAnswer:
    """An endpoint that has one answer to everything."""

    def __init__(self, answer: Json) -> None:
        self._answer = answer

    async def read(self, kind: Decoder[T], method: str, *params: Json) -> T:
        assert method == "eth_getBlockByNumber"
        if isinstance(self._answer, Exception):
            raise self._answer
        return msgspec.convert(self._answer, kind.type)


def _reader(answer: Json, chain: LiveChain) -> Gateway:
    return Gateway(cast(Rpc, OneAnswer(answer)), chain.manifest)


async def test_a_header_with_seals_is_read(live_chain: LiveChain) -> None:
    block = await _reader(_SEALED_HEADER, live_chain).block(42)
    assert block is not None
    assert (block.number, block.timestamp) == (42, 100)
    assert (block.hash, block.parent_hash) == ("0x" + "aa" * 32, "0x" + "bb" * 32)


async def test_a_block_that_is_not_there_is_none(live_chain: LiveChain) -> None:
    assert await _reader(None, live_chain).block(43) is None


@pytest.mark.parametrize("failure", [ChainUnreachable("gone"), RpcError(-32000, "busy")])
async def test_failures_come_through_as_they_are(live_chain: LiveChain, failure: Exception) -> None:
    with pytest.raises(type(failure)):
        await _reader(failure, live_chain).block(42)
