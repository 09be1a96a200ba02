"""An endpoint that answers something else than was asked has failed, and nothing else is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from msgspec.json import Decoder

from tests.fake_chain import MANIFEST
from tests.story import hex_of
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.record_chain import LedgerChain
from tidan_node.ledger.rpc import RpcError, T, read_as
from tidan_node.problems import Problem

NONSENSE = (7, "0x", "zz", [], [7], [{}], {}, {"number": None}, True, [[None]], {"hash": 1})


class Saying:
    """Answers each question in the same way (Any: as JSON-RPC does)."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def batch(self, requests: Sequence[object]) -> list[Any]:
        return [self._answer for _ in requests]

    async def read_batch(self, kind: Decoder[T], requests: Sequence[object]) -> list[T | RpcError]:
        return [await self.read(kind, "") for _ in requests]

    async def read(self, kind: Decoder[T], method: str, *params: object) -> T:
        return read_as(kind, msgspec.json.encode(self._answer))


def chain_saying(answer: Any) -> LedgerChain:
    rpc: Any = Saying(answer)  # Any: in place of an endpoint
    return LedgerChain(rpc, Gateway(rpc, MANIFEST))


@pytest.mark.parametrize("answer", NONSENSE)
async def test_a_block_that_is_none_is_an_error_of_the_endpoint(answer: Any) -> None:
    with pytest.raises(RpcError):
        await chain_saying(answer).blocks([1])


@pytest.mark.parametrize("answer", [each for each in NONSENSE if each not in ([], {})])
async def test_logs_that_are_none_are_an_error_of_the_endpoint(answer: Any) -> None:
    with pytest.raises(RpcError):
        await chain_saying(answer).events_in([1], "TitleRegistry", hex_of("title"))


@pytest.mark.parametrize("answer", [*NONSENSE, None])
async def test_what_no_view_returns_is_a_problem(answer: Any) -> None:
    with pytest.raises(Problem):
        await chain_saying(answer).views([Call("TitleRegistry", "headOf", (hex_of("title"),))], 1)


@pytest.mark.parametrize("answer", [7, "zz", [7], True])
async def test_a_transaction_that_is_none_is_an_error_of_the_endpoint(answer: Any) -> None:
    with pytest.raises(RpcError):
        await chain_saying(answer).title_callers([hex_of("transaction")])  # type: ignore[list-item]
