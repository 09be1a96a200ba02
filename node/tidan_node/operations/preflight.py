"""Tries operations out before anything is signed: what would be refused costs no transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.rpc import RpcError
from tidan_node.operations.chain import Chain
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.lane_rows import Ready
from tidan_node.operations.problems import OutOfGas
from tidan_node.problems import Problem

_log = structlog.stdlib.get_logger(__name__)

_GAS_TRIES: Final = 3
_GAS_RESERVE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation as a call that would work now, and the gas to give it."""

    ready: Ready
    call: Call
    gas: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation that would not work now, and why."""

    ready: Ready
    problem: Problem


class Preflight:
    """Asks the chain, at its newest block, what operations of one account would do."""

    def __init__(
        self, chain: Chain, handlers: Mapping[str, OperationHandler], account: Address
    ) -> None:
        self._chain = chain
        self._handlers = handlers
        self._account = account

    async def try_out(self, ready: Sequence[Ready]) -> list[Prepared | Refused]:
        """Each prepared or refused. What the chain cannot tell is left for the next time."""
        outcomes: list[Prepared | Refused] = []
        asked: list[tuple[Ready, Call]] = []
        for each in ready:
            try:
                asked.append((each, self._call(each)))
            except Problem as problem:
                outcomes.append(Refused(each, problem))
        if not asked:
            return outcomes
        answers = await self._chain.estimates([(call, self._account) for _, call in asked])
        for (each, call), answer in zip(asked, answers, strict=True):
            if isinstance(answer, RpcError):
                operation = each.operation.id
                _log.warning("operation not tried", operation=operation, detail=answer.detail)
            elif isinstance(answer, Problem):
                outcomes.append(Refused(each, answer))
            else:
                gas = max(answer * 5 // 4 + _GAS_RESERVE, 2 * each.most_gas)
                outcomes.append(Prepared(each, call, gas))
        return outcomes

    def _call(self, ready: Ready) -> Call:
        """What the operation asks of a contract, once it is known that it can be encoded."""
        if ready.exhausted >= _GAS_TRIES:
            raise OutOfGas(f"{ready.most_gas} were not enough in the end")
        call = self._handlers[ready.operation.kind].call(ready.operation.intent)
        encode_call(call)
        return call
