"""JSON-RPC to anvil, and the errors that callers are told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from tidan_node.ledger.embedded.loopback import ConnectionLost, Loopback

Json = Any  # Any: JSON, whose shape the method that was called fixes

SERVER_ERROR: Final = -32000
PARSE_ERROR, INVALID_REQUEST = -32700, -32600
METHOD_NOT_FOUND, INVALID_PARAMS = -32601, -32602
_OK = 200

IN_ORDER: Final = 25
"""The most calls of one batch that anvil 1.7.1 begins in their order (it mixed up 100)."""


class RpcError(Exception):
    """An error as JSON-RPC tells it; -32000 is what common nodes use for a refused transaction."""

    def __init__(self, message: str, *, code: int = SERVER_ERROR, data: object = None) -> None:
        super().__init__(message)
        self.message, self.code, self.data = message, code, data

    @classmethod
    def of(cls, error: Json) -> RpcError:
        """From the `error` member of an answer."""
        return cls(str(error["message"]), code=int(error["code"]), data=error.get("data"))

    def member(self) -> dict[str, object]:
        """The `error` member of an answer."""
        member: dict[str, object] = {"code": self.code, "message": self.message}
        return member if self.data is None else member | {"data": self.data}


class AnvilGone(Exception):
    """anvil does not answer: it has ended, or it hangs."""


class AnvilRpc:
    """Calls to one anvil on a private port of this machine."""

    def __init__(self, port: int, *, timeout: float = 120) -> None:
        self._http = Loopback(port, timeout=timeout)

    async def forward(self, body: bytes) -> bytes:
        """Pass a request on as it is, and its answer too."""
        try:
            status, answer = await self._http.post(body)
        except ConnectionLost as error:
            raise AnvilGone(str(error)) from error
        if status != _OK:
            raise RpcError(f"anvil answered with HTTP status {status}")
        return answer

    async def call(self, method: str, *params: object) -> Json:
        """One call; an error is raised."""
        answer = json.loads(await self.forward(json.dumps(_request(1, method, params)).encode()))
        if "error" in answer:
            raise RpcError.of(answer["error"])
        return answer["result"]

    async def calls(
        self, calls: Sequence[tuple[str, Sequence[object]]], *, at_once: int = IN_ORDER
    ) -> list[Json | RpcError]:
        """Many calls, carried out in their order; an error stands in its call's place."""
        answers: list[Json | RpcError] = []
        for start in range(0, len(calls), at_once):
            batch = [
                _request(at, method, params)
                for at, (method, params) in enumerate(calls[start : start + at_once])
            ]
            received = json.loads(await self.forward(json.dumps(batch).encode()))
            for answer in sorted(received, key=lambda one: int(one["id"])):
                error = answer.get("error")
                answers.append(answer.get("result") if error is None else RpcError.of(error))
        return answers

    async def close(self) -> None:
        await self._http.close()


def _request(number: int, method: str, params: Sequence[object]) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
