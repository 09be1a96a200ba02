"""The chain's door: JSON-RPC over HTTP, with the methods that cannot pass the journal by, and new
blocks by WebSocket."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from tidan_node.domain.identifiers import Address, address
from tidan_node.ledger.embedded.new_heads import HeadTeller
from tidan_node.ledger.embedded.producer import Producer
from tidan_node.ledger.embedded.rpc import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    Json,
    RpcError,
)
from tidan_node.problems import InvalidInput

READS: Final = frozenset(
    {
        "eth_accounts",
        "eth_blockNumber",
        "eth_call",
        "eth_chainId",
        "eth_createAccessList",
        "eth_estimateGas",
        "eth_feeHistory",
        "eth_gasPrice",
        "eth_getBalance",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getBlockReceipts",
        "eth_getBlockTransactionCountByHash",
        "eth_getBlockTransactionCountByNumber",
        "eth_getCode",
        "eth_getFilterChanges",
        "eth_getFilterLogs",
        "eth_getLogs",
        "eth_getProof",
        "eth_getStorageAt",
        "eth_getTransactionByBlockHashAndIndex",
        "eth_getTransactionByBlockNumberAndIndex",
        "eth_getTransactionByHash",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
        "eth_getUncleCountByBlockHash",
        "eth_getUncleCountByBlockNumber",
        "eth_newBlockFilter",
        "eth_newFilter",
        "eth_syncing",
        "eth_uninstallFilter",
        "debug_traceCall",
        "debug_traceTransaction",
        "net_listening",
        "net_version",
        "web3_clientVersion",
        "web3_sha3",
    }
)
SEND: Final = "eth_sendRawTransaction"
_LARGEST_BODY = 16 * 1024 * 1024
_LONGEST_BATCH = 2_000
_MOST_SECONDS = 100 * 366 * 86_400
_MOST_WEI = 2**256 - 1


class Proxy:
    """Answers reads from anvil, and lets everything that writes go through the journal."""

    def __init__(self, producer: Producer, status: Callable[[], Mapping[str, object]]) -> None:
        self._producer = producer
        self._status = status

    async def answer(self, body: bytes) -> bytes:
        """The answer to one request or a batch of them."""
        try:
            asked = json.loads(body)
        except ValueError:
            return _encoded(_failure(None, RpcError("not JSON", code=PARSE_ERROR)))
        batch = asked if isinstance(asked, list) else [asked]
        if not 0 < len(batch) <= _LONGEST_BATCH:
            refusal = RpcError(
                f"a batch holds 1 to {_LONGEST_BATCH} requests", code=INVALID_REQUEST
            )
            return _encoded(_failure(None, refusal))
        if all(_method(one) in READS for one in batch):
            return await self._producer.keeper.forward(body)
        answers = await self._in_order(batch)
        return _encoded(answers if isinstance(asked, list) else answers[0])

    @property
    def heads(self) -> HeadTeller:
        """Who tells of its new blocks."""
        return HeadTeller(self._producer.bell, self._newest_header)

    async def _newest_header(self) -> Json:
        asked = {"jsonrpc": "2.0", "id": 1, "method": "eth_getBlockByNumber"}
        answer = await self.answer(_encoded(asked | {"params": ["latest", False]}))
        return json.loads(answer).get("result")

    async def _in_order(self, batch: Sequence[Json]) -> list[Json]:
        """Reads and writes of one batch in their order; neighbours of a kind go together."""
        answers: list[Json] = []
        for kind, neighbours in groupby(batch, key=_kind):
            requests = list(neighbours)
            if kind == "read":
                forwarded = await self._producer.keeper.forward(_encoded(requests))
                answers += json.loads(forwarded)
            elif kind == "send":
                answers += await self._send(requests)
            else:
                answers += [await self._carry_out(request) for request in requests]
        return answers

    async def _send(self, requests: list[Json]) -> list[Json]:
        raws = [_raw_transaction(request) for request in requests]
        readable = [raw for raw in raws if isinstance(raw, bytes)]
        outcomes = iter(await self._producer.admission.submit(readable))
        answers: list[Json] = []
        for request, raw in zip(requests, raws, strict=True):
            outcome = next(outcomes) if isinstance(raw, bytes) else raw
            if isinstance(outcome, RpcError):
                answers.append(_failure(request, outcome))
            else:
                answers.append(_success(request, outcome))
        return answers

    async def _carry_out(self, request: Json) -> Json:
        """A command of the chain's owner, or a refusal."""
        try:
            return _success(request, await self._result(request))
        except RpcError as error:
            return _failure(request, error)

    async def _result(self, request: Json) -> Json:
        method = _method(request)
        match method:
            case None:
                raise RpcError("not a JSON-RPC request", code=INVALID_REQUEST)
            case "tidan_status":
                return self._status()
            case "tidan_setBalance" | "anvil_setBalance":
                account, wei = _params(request, 2)
                await self._producer.set_balance(
                    _account(account), _quantity(wei, "wei", most=_MOST_WEI)
                )
                return True
            case "tidan_advanceTime" | "evm_increaseTime":
                (seconds,) = _params(request, 1)
                await self._producer.advance_time(_quantity(seconds, "seconds", most=_MOST_SECONDS))
                return hex(self._producer.tip.offset)
            case "eth_maxPriorityFeePerGas":
                return "0x0"  # anvil names 1 gwei, which nobody here has to have
        raise RpcError(
            f"the method {method} is not served: only reads, {SEND}, tidan_setBalance,"
            " tidan_advanceTime and tidan_status are; another write would be missing in the"
            " chain's journal",
            code=METHOD_NOT_FOUND,
        )


def application(proxy: Proxy) -> Starlette:
    """The ASGI application; a page in a browser must not be able to write to the chain."""

    async def rpc(request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return Response("the content type must be application/json\n", status_code=415)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                return Response(f"at most {_LARGEST_BODY} bytes\n", status_code=413)
        try:
            answer = await proxy.answer(bytes(body))
        except RpcError as error:
            answer = _encoded(_failure(None, error))
        return Response(answer, media_type="application/json")

    return Starlette(
        routes=[Route("/", rpc, methods=["POST"]), WebSocketRoute("/", proxy.heads.talk)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


def _method(request: Json) -> str | None:
    method = request.get("method") if isinstance(request, dict) else None
    return method if isinstance(method, str) else None


def _kind(request: Json) -> str:
    method = _method(request)
    return "read" if method in READS else "send" if method == SEND else "command"


def _raw_transaction(request: Json) -> bytes | RpcError:
    refusal = RpcError("one raw transaction of 0x and hex expected", code=INVALID_PARAMS)
    try:
        (raw,) = _params(request, 1)
    except RpcError:
        return refusal
    if not isinstance(raw, str) or not raw.startswith("0x"):
        return refusal
    try:
        return bytes.fromhex(raw[2:])
    except ValueError:
        return refusal


def _params(request: Json, count: int) -> list[Json]:
    params = request.get("params", [])
    if not isinstance(params, list) or len(params) != count:
        raise RpcError(f"params: {count} expected", code=INVALID_PARAMS)
    return params


def _account(value: Json) -> Address:
    try:
        return address(str(value))
    except InvalidInput as error:
        raise RpcError(f"account: {error.detail}", code=INVALID_PARAMS) from error


def _quantity(value: Json, name: str, *, most: int) -> int:
    """A number, or a string of 0x and hex as Ethereum writes numbers."""
    try:
        number = int(value, 16) if isinstance(value, str) else value
    except ValueError:
        number = None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
        raise RpcError(f"{name}: a number from 0 to {most} expected", code=INVALID_PARAMS)
    return number


def _success(request: Json, result: Json) -> Json:
    return {"jsonrpc": "2.0", "id": request.get("id"), "result": result}


def _failure(request: Json, error: RpcError) -> Json:
    number = request.get("id") if isinstance(request, dict) else None
    return {"jsonrpc": "2.0", "id": number, "error": error.member()}


def _encoded(document: Json) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
