"""Keeps one anvil standing: reads wait while a lost one is rebuilt, and see no half chain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.embedded.anvil import Anvil
from tidan_node.ledger.embedded.problems import AnvilUnusable
from tidan_node.ledger.embedded.recovery import Rebuilder, Rebuilt
from tidan_node.ledger.embedded.rpc import AnvilGone, AnvilRpc, RpcError

log = structlog.get_logger(__name__)

T = TypeVar("T")

_ATTEMPTS = 5


class Keeper:
    """The anvil that answers now, and the way to the next one."""

    def __init__(self, rebuilder: Rebuilder, on_loss: Callable[[], None]) -> None:
        self._rebuilder = rebuilder
        self._on_loss = on_loss
        self._anvil: Anvil | None = None
        self._watch: asyncio.Task[None] | None = None
        self._standing = asyncio.Event()

    @property
    def is_standing(self) -> bool:
        return self._standing.is_set()

    @property
    def rpc(self) -> AnvilRpc:
        """The connection to the anvil that stands now."""
        if self._anvil is None:
            raise AnvilGone("no anvil has been started")
        return self._anvil.rpc

    @property
    def anvil_pid(self) -> int | None:
        return self._anvil.pid if self._anvil is not None else None

    async def rebuild(self) -> Rebuilt:
        """End what is left of the last anvil and bring the chain back on a new one."""
        await self.end()
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                rebuilt = await self._rebuilder.rebuild()
            except AnvilGone as error:
                log.warning("anvil.lost_while_rebuilding", attempt=attempt, reason=str(error))
            else:
                self._anvil = rebuilt.anvil
                self._watch = asyncio.create_task(self._watch_over(rebuilt.anvil))
                return rebuilt
        raise AnvilUnusable(f"anvil ended {_ATTEMPTS} times while the chain was rebuilt")

    def open(self) -> None:
        """Let reads in: the chain stands where its journal ends."""
        self._standing.set()

    def close(self) -> None:
        """Keep reads waiting, and have the chain rebuilt."""
        self._standing.clear()
        self._on_loss()

    async def end(self) -> None:
        """End the anvil, and keep reads waiting."""
        self._standing.clear()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._anvil is not None:
            await self._anvil.end()
            self._anvil = None

    async def forward(self, body: bytes) -> bytes:
        """Pass a read on; one that meets a lost anvil is asked again of the next."""
        return await self._patiently(lambda rpc: rpc.forward(body))

    async def ask(self, method: str, accounts: Sequence[Address]) -> list[int]:
        """A number of each account, as it is after the last block."""
        calls = [(method, [account, "latest"]) for account in accounts]
        answers = await self._patiently(lambda rpc: rpc.calls(calls))
        numbers: list[int] = []
        for answer in answers:
            if isinstance(answer, RpcError):
                raise answer
            numbers.append(int(answer, 16))
        return numbers

    async def _patiently(self, read: Callable[[AnvilRpc], Awaitable[T]]) -> T:
        for _ in range(_ATTEMPTS):
            await self._standing.wait()
            anvil = self._anvil
            try:
                return await read(self.rpc)
            except AnvilGone:
                if anvil is self._anvil and self.is_standing:
                    self.close()
        raise RpcError("the chain does not stay up; its log says why")

    async def _watch_over(self, anvil: Anvil) -> None:
        await anvil.ended()
        log.error("anvil.ended", pid=anvil.pid)
        self.close()
