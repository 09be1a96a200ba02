"""JSON-RPC over one kept-alive HTTP connection pool, single or in batches."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from tidan_node.problems import Problem

Json = Any  # the shape is that of the method asked for; its caller knows it

_BATCH: Final = 100
_OUTSIDE_JSON: Final = -32700


class ChainUnreachable(Problem):
    status, slug, title = 503, "chain-unreachable", "The chain does not answer"


class RpcError(Problem):
    """The chain's node answered, with an error: a revert, a limit, something it cannot do."""

    status, slug, title = 502, "chain-error", "The chain's node answered with an error"

    def __init__(self, code: int, message: str, data: Json = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


class Rpc:
    """One endpoint of the chain. Nothing is retried here: every caller knows better when."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self._url = url
        self._place = _without_secrets(url)
        # The endpoint is a setting; proxies of the environment are for other places.
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False)
        self._ids = itertools.count(1)

    async def call(self, method: str, *params: Json) -> Json:
        """The result of one method, or RpcError."""
        answer = await self._post(self._request(method, params))
        return _result(answer)

    async def batch(self, requests: Sequence[tuple[str, Sequence[Json]]]) -> list[Json | RpcError]:
        """The results in the order of the requests; each that failed is its RpcError."""
        results: list[Json | RpcError] = []
        for start in range(0, len(requests), _BATCH):
            results += await self._batch(requests[start : start + _BATCH])
        return results

    async def close(self) -> None:
        await self._client.aclose()

    async def _batch(self, requests: Sequence[tuple[str, Sequence[Json]]]) -> list[Json | RpcError]:
        bodies = [self._request(method, params) for method, params in requests]
        answers = await self._post(bodies)
        if isinstance(answers, dict):
            raise _error(answers)  # the batch as a whole was refused
        by_id = {
            answer["id"]: answer
            for answer in answers
            if isinstance(answer, dict) and isinstance(answer.get("id"), int)
        }
        return [_result_or_error(by_id.get(body["id"])) for body in bodies]

    def _request(self, method: str, params: Sequence[Json]) -> dict[str, Json]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    async def _post(self, body: Json) -> Json:
        try:
            response = await self._client.post(
                self._url,
                content=json.dumps(body, separators=(",", ":")),
                headers={"Content-Type": "application/json"},
            )
            answer = json.loads(response.content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ChainUnreachable(f"{self._place}: {type(error).__name__}") from error
        except ValueError as error:
            raise ChainUnreachable(
                f"{self._place} answers {response.status_code} and no JSON"
            ) from error
        if not isinstance(answer, (dict, list)):
            raise ChainUnreachable(f"{self._place} does not speak JSON-RPC")
        return answer


@contextmanager
def understood() -> Iterator[None]:
    """Around the reading of a result: what has not the shape that was asked for is an RpcError."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise RpcError(_OUTSIDE_JSON, "the answer is not what was asked for") from error


def _without_secrets(url: str) -> str:
    """Host and port, as problems may show them: an endpoint's path or user part can be a key."""
    try:
        parts = urlsplit(url)
        return parts.hostname + (f":{parts.port}" if parts.port else "") if parts.hostname else "?"
    except ValueError:
        return "?"


def _result(answer: Json) -> Json:
    if not isinstance(answer, dict) or "error" in answer or "result" not in answer:
        raise _error(answer)
    return answer["result"]


def _result_or_error(answer: Json) -> Json | RpcError:
    try:
        return _result(answer)
    except RpcError as error:
        return error


def _error(answer: Json) -> RpcError:
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return RpcError(_OUTSIDE_JSON, "the answer holds neither a result nor an error")
    code = error.get("code")
    return RpcError(
        code if type(code) is int else _OUTSIDE_JSON,
        str(error.get("message", "")),
        error.get("data"),
    )
