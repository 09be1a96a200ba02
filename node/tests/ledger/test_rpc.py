"""JSON-RPC over HTTP, with servers that answer well, badly, or not at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tidan_node.ledger.rpc import ChainUnreachable, Json, Rpc, RpcError

Answer = Callable[[Json], bytes]
Serve = Callable[[Answer], Awaitable[Rpc]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server that answers each request body with what the function makes of it."""
    servers: list[asyncio.Server] = []
    clients: list[Rpc] = []

    async def start(answer: Answer) -> Rpc:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.split("content-length:")[1].split("\r\n")[0])
            body = answer(json.loads(await reader.readexactly(length)))
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ")
            writer.write(f"{len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        servers.append(server)
        clients.append(Rpc(f"http://127.0.0.1:{port}"))
        return clients[-1]

    yield start
    for client in clients:
        await client.close()
    for server in servers:
        server.close()
        await server.wait_closed()


def _result(request: Json, result: Json) -> Json:
    return {"jsonrpc": "2.0", "id": request["id"], "result": result}


async def test_a_result_is_returned(serve: Serve) -> None:
    rpc = await serve(lambda body: json.dumps(_result(body, body["params"])).encode())
    assert await rpc.call("anything", 1, "two") == [1, "two"]


async def test_null_is_a_result_too(serve: Serve) -> None:
    rpc = await serve(lambda body: json.dumps(_result(body, None)).encode())
    assert await rpc.call("eth_getBlockByNumber", "0xffff", False) is None


async def test_an_error_is_raised_with_all_that_it_says(serve: Serve) -> None:
    error = {"code": 3, "message": "execution reverted", "data": "0x1234"}
    rpc = await serve(lambda body: json.dumps({"id": body["id"], "error": error}).encode())
    with pytest.raises(RpcError) as raised:
        await rpc.call("eth_call")
    assert (raised.value.code, raised.value.message, raised.value.data) == (
        3,
        "execution reverted",
        "0x1234",
    )


async def test_a_batch_comes_back_in_the_order_of_its_questions(serve: Serve) -> None:
    def backwards(body: Json) -> bytes:
        return json.dumps([_result(each, each["method"]) for each in reversed(body)]).encode()

    rpc = await serve(backwards)
    assert await rpc.batch([("one", ()), ("two", ()), ("three", ())]) == ["one", "two", "three"]


async def test_one_failure_in_a_batch_leaves_the_others(serve: Serve) -> None:
    def second_fails(body: Json) -> bytes:
        error = {"id": body[1]["id"], "error": {"code": -32000, "message": "nonce too low"}}
        return json.dumps([_result(body[0], "0x1"), error]).encode()

    rpc = await serve(second_fails)
    first, second = await rpc.batch([("one", ()), ("two", ())])
    assert first == "0x1"
    assert isinstance(second, RpcError)
    assert second.message == "nonce too low"


async def test_an_answer_missing_from_a_batch_is_an_error_in_its_place(serve: Serve) -> None:
    rpc = await serve(lambda body: json.dumps([_result(body[0], "0x1")]).encode())
    first, second = await rpc.batch([("one", ()), ("two", ())])
    assert first == "0x1"
    assert isinstance(second, RpcError)


async def test_a_batch_that_is_refused_as_a_whole_is_an_error(serve: Serve) -> None:
    error = {"id": None, "error": {"code": -32600, "message": "batch too large"}}
    rpc = await serve(lambda _: json.dumps(error).encode())
    with pytest.raises(RpcError, match="batch too large"):
        await rpc.batch([("one", ())])


async def test_a_long_batch_leaves_in_parts(serve: Serve) -> None:
    sizes: list[int] = []

    def count(body: Json) -> bytes:
        sizes.append(len(body))
        return json.dumps([_result(each, each["params"][0]) for each in body]).encode()

    rpc = await serve(count)
    assert await rpc.batch([("echo", (number,)) for number in range(250)]) == list(range(250))
    assert sizes == [100, 100, 50]


async def test_nothing_to_ask_is_asked_of_nobody() -> None:
    rpc = Rpc("http://127.0.0.1:1")
    assert await rpc.batch([]) == []
    await rpc.close()


async def test_a_chain_that_is_not_there_is_unreachable() -> None:
    rpc = Rpc("http://127.0.0.1:1")
    with pytest.raises(ChainUnreachable, match=r"127\.0\.0\.1:1"):
        await rpc.call("eth_chainId")
    await rpc.close()


async def test_an_address_that_is_none_is_unreachable() -> None:
    rpc = Rpc("no address")
    with pytest.raises(ChainUnreachable):
        await rpc.call("eth_chainId")
    await rpc.close()


@pytest.mark.parametrize("garbage", [b"<html>", b"", b"7", b'"text"', b"\xff\xfe"])
async def test_garbage_is_no_answer(serve: Serve, garbage: bytes) -> None:
    rpc = await serve(lambda _: garbage)
    with pytest.raises(ChainUnreachable):
        await rpc.call("eth_chainId")


@pytest.mark.parametrize("answer", [b"{}", b"[]", b'{"error": "text"}', b'{"error": {}}'])
async def test_json_that_is_no_answer_is_an_error(serve: Serve, answer: bytes) -> None:
    rpc = await serve(lambda _: answer)
    with pytest.raises(RpcError):
        await rpc.call("eth_chainId")


async def test_the_secret_part_of_an_endpoint_is_not_told() -> None:
    rpc = Rpc("http://user:secret@127.0.0.1:1/v3/api-key?token=secret")
    with pytest.raises(ChainUnreachable) as unreachable:
        await rpc.call("eth_chainId")
    assert unreachable.value.detail == "127.0.0.1:1: ConnectError"
    await rpc.close()


@pytest.mark.parametrize("code", [None, "abc", [], {}, "7"])
async def test_an_error_whose_code_is_none_is_an_error(serve: Serve, code: Json) -> None:
    error = {"code": code, "message": "no"}
    rpc = await serve(lambda body: json.dumps({"id": body["id"], "error": error}).encode())

    with pytest.raises(RpcError, match="no"):
        await rpc.call("anything")


@pytest.mark.parametrize("name", [[], {}])
async def test_an_answer_by_no_name_answers_nothing(serve: Serve, name: Json) -> None:
    rpc = await serve(lambda body: json.dumps([{"id": name, "result": 1} for _ in body]).encode())

    (answer,) = await rpc.batch([("anything", ())])

    assert isinstance(answer, RpcError)


async def test_an_answer_to_another_question_is_none(serve: Serve) -> None:
    rpc = await serve(lambda body: json.dumps(_result({"id": body["id"] + 1}, "0x1")).encode())
    with pytest.raises(RpcError, match="another question"):
        await rpc.call("eth_blockNumber")


async def test_an_error_of_a_server_that_could_not_read_the_question_is_one(serve: Serve) -> None:
    error = {"code": -32700, "message": "parse error"}
    rpc = await serve(lambda _: json.dumps({"id": None, "error": error}).encode())
    with pytest.raises(RpcError, match="parse error"):
        await rpc.call("eth_blockNumber")
