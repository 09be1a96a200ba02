"""Calls to anvil: in their order, with errors in their places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tidan_node.ledger.embedded.loopback import ConnectionLost
from tidan_node.ledger.embedded.rpc import AnvilGone, AnvilRpc, RpcError


class Answering:
    """Stands for the connection: answers each call with its own number, in any order."""

    def __init__(self, *, status: int = 200, lost: bool = False) -> None:
        self._status = status
        self._lost = lost
        self.batches: list[int] = []

    async def post(self, body: bytes) -> tuple[int, bytes]:
        if self._lost:
            raise ConnectionLost("gone")
        asked = json.loads(body)
        if isinstance(asked, dict):
            return self._status, json.dumps(answer_to(asked)).encode()
        self.batches.append(len(asked))
        answers = [answer_to(one) for one in reversed(asked)]
        return self._status, json.dumps(answers).encode()


def answer_to(asked: dict[str, Any]) -> dict[str, Any]:
    if asked["method"] == "fail":
        error = {"code": -32003, "message": "failed", "data": "0x08"}
        return {"jsonrpc": "2.0", "id": asked["id"], "error": error}
    return {"jsonrpc": "2.0", "id": asked["id"], "result": asked["params"]}


def rpc_over(connection: Answering) -> AnvilRpc:
    rpc = AnvilRpc(1)
    rpc._http = connection
    return rpc


async def test_a_call_gives_its_result() -> None:
    assert await rpc_over(Answering()).call("echo", 1, "two") == [1, "two"]


async def test_an_error_is_raised_with_all_that_was_told() -> None:
    with pytest.raises(RpcError) as raised:
        await rpc_over(Answering()).call("fail")
    assert raised.value.member() == {"code": -32003, "message": "failed", "data": "0x08"}


async def test_many_calls_are_answered_in_their_order_a_few_at_once() -> None:
    connection = Answering()
    calls = [("echo", [number]) for number in range(60)]
    assert await rpc_over(connection).calls(calls) == [[number] for number in range(60)]
    assert connection.batches == [25, 25, 10]


async def test_an_error_stands_in_the_place_of_its_call() -> None:
    answers = await rpc_over(Answering()).calls([("echo", [1]), ("fail", []), ("echo", [2])])
    assert (answers[0], answers[2]) == ([1], [2])
    assert isinstance(answers[1], RpcError)


async def test_a_lost_connection_means_that_anvil_has_gone() -> None:
    with pytest.raises(AnvilGone, match="gone"):
        await rpc_over(Answering(lost=True)).call("echo")


async def test_another_status_is_an_error_but_anvil_is_there() -> None:
    with pytest.raises(RpcError, match="HTTP status 413"):
        await rpc_over(Answering(status=413)).call("echo")
