"""JSON-RPC over one kept-alive HTTP connection pool, single or in batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpcore
import msgspec
from msgspec.json import Decoder

from tidan_node.ledger.posting import NO_ANSWER, Posting, TooLarge
from tidan_node.problems import Problem

Json = Any  # the shape is that of the method asked for; its caller knows it
T = TypeVar("T")

_BATCH: Final = 100
NOT_UNDERSTOOD: Final = -32700
_TOO_LARGE_TO_READ: Final = 413


class ChainUnreachable(Problem):
    status, slug, title = 503, "chain-unreachable", "The chain does not answer"


class AnswerTooSlow(ChainUnreachable):
    """Nothing came in time; less may come sooner."""

    slug, title = "chain-too-slow", "The chain does not answer in time"


class RpcError(Problem):
    """The chain's node answered, with an error: a revert, a limit, something it cannot do."""

    status, slug, title = 502, "chain-error", "The chain's node answered with an error"

    def __init__(self, code: int, message: str, data: Json = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


class _Answer(msgspec.Struct):
    """What comes back for one request. Its result is read only once it is known to be one."""

    id: Json = None
    result: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: Json | msgspec.UnsetType = msgspec.UNSET


_ANYTHING: Final[Decoder[Json]] = Decoder()
_ANSWERS: Final[Decoder[list[_Answer] | _Answer]] = Decoder(list[_Answer] | _Answer)


class Rpc:
    """One endpoint of the chain. Nothing is retried here: every caller knows better when."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self._place = _without_secrets(url)
        self._posting = Posting(url, timeout=timeout)
        self._ids = itertools.count(1)

    async def call(self, method: str, *params: Json) -> Json:
        """The result of one method, or RpcError."""
        return await self.read(_ANYTHING, method, *params)

    async def read(self, kind: Decoder[T], method: str, *params: Json) -> T:
        """As `call`, of a result that is known to be of this kind."""
        body = self._request(method, params)
        answer = await self._post(body)
        if isinstance(answer, list) or not _is_of(answer, body):
            raise RpcError(NOT_UNDERSTOOD, "the answer is to another question")
        return _result(answer, kind)

    async def batch(self, requests: Sequence[tuple[str, Sequence[Json]]]) -> list[Json | RpcError]:
        """The results in the order of the requests; each that failed is its RpcError."""
        return await self.read_batch(_ANYTHING, requests)

    async def read_batch(
        self, kind: Decoder[T], requests: Sequence[tuple[str, Sequence[Json]]]
    ) -> list[T | RpcError]:
        """As `batch`, of results that are known to be of this kind."""
        results: list[T | RpcError] = []
        for start in range(0, len(requests), _BATCH):
            some = await self._batch(kind, requests[start : start + _BATCH])
            results.extend(some)
        return results

    async def close(self) -> None:
        await self._posting.close()

    async def _batch(
        self, kind: Decoder[T], requests: Sequence[tuple[str, Sequence[Json]]]
    ) -> list[T | RpcError]:
        bodies = [self._request(method, params) for method, params in requests]
        answers = await self._post(bodies)
        if isinstance(answers, _Answer):
            raise _error(answers)  # the batch as a whole was refused
        by_id = {answer.id: answer for answer in answers if isinstance(answer.id, int)}
        results: list[T | RpcError] = []
        for body in bodies:
            try:
                results.append(_result(by_id.get(body["id"]) or _Answer(), kind))
            except RpcError as error:
                results.append(error)
        return results

    def _request(self, method: str, params: Sequence[Json]) -> dict[str, Json]:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}

    async def _post(self, body: Json) -> list[_Answer] | _Answer:
        try:
            status, content = await self._posting.post(msgspec.json.encode(body))
        except TooLarge as error:
            raise RpcError(NOT_UNDERSTOOD, str(error)) from error
        except httpcore.ReadTimeout as error:
            raise AnswerTooSlow(f"{self._place}: {type(error).__name__}") from error
        except NO_ANSWER as error:
            raise ChainUnreachable(f"{self._place}: {type(error).__name__}") from error
        if status == _TOO_LARGE_TO_READ:
            raise RpcError(NOT_UNDERSTOOD, "the endpoint finds it too large")
        try:
            return _ANSWERS.decode(content)
        except msgspec.DecodeError as error:
            raise ChainUnreachable(f"{self._place} answers {status} and no JSON-RPC") from error


@contextmanager
def understood() -> Iterator[None]:
    """Around the reading of a result: what has not the shape that was asked for is an RpcError."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise RpcError(NOT_UNDERSTOOD, "the answer is not what was asked for") from error


def read_as(kind: Decoder[T], result: bytes | msgspec.Raw) -> T:
    """The result in this JSON, which is of this kind, or an RpcError."""
    try:
        return kind.decode(result)
    except msgspec.DecodeError as error:
        raise RpcError(NOT_UNDERSTOOD, "the answer is not what was asked for") from error


def _without_secrets(url: str) -> str:
    """Host and port, as problems may show them: an endpoint's path or user part can be a key."""
    try:
        parts = urlsplit(url)
        return parts.hostname + (f":{parts.port}" if parts.port else "") if parts.hostname else "?"
    except ValueError:
        return "?"


def _result(answer: _Answer, kind: Decoder[T]) -> T:
    if answer.error is not msgspec.UNSET or isinstance(answer.result, msgspec.UnsetType):
        raise _error(answer)
    return read_as(kind, answer.result)


def _is_of(answer: _Answer, body: Json) -> bool:
    """Of a request that it could not read a server does not know the id."""
    return bool(answer.id == body["id"]) or (
        answer.id is None and answer.error is not msgspec.UNSET
    )


def _error(answer: _Answer) -> RpcError:
    error = answer.error
    if not isinstance(error, dict):
        return RpcError(NOT_UNDERSTOOD, "the answer holds neither a result nor an error")
    code = error.get("code")
    return RpcError(
        code if type(code) is int else NOT_UNDERSTOOD,
        str(error.get("message", "")),
        error.get("data"),
    )
