"""Makes operations into calls, each with its gas: the chain is asked where that is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from tidan_node.domain.identifiers import Address, OperationId
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.rpc import RpcError
from tidan_node.operations.chain import Chain
from tidan_node.operations.gas_limits import GasLimits, Kind, kind_of
from tidan_node.operations.handlers import OperationHandler
from tidan_node.operations.lane_rows import Ready
from tidan_node.operations.problems import NoRoomInBlocks, OutOfGas
from tidan_node.operations.stuck import has_no_room
from tidan_node.problems import Problem

_log = structlog.stdlib.get_logger(__name__)

_GAS_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation as a call, and the gas to give it."""

    ready: Ready
    call: Call
    data: bytes
    """The call as the transaction has it."""
    gas: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation that would not work now, and why."""

    ready: Ready
    problem: Problem


@dataclass(frozen=True, slots=True)
class _Stated:
    ready: Ready
    call: Call
    data: bytes
    kind: Kind


class Preflight:
    """Prepares the operations of one account.

    The first of a kind is tried on the chain's newest block, which also tells what would be
    refused; those like it wait for its answer. One that was signed before is
    tried by itself.
    """

    def __init__(
        self,
        chain: Chain,
        handlers: Mapping[str, OperationHandler],
        account: Address,
        limits: GasLimits,
    ) -> None:
        self._chain = chain
        self._handlers = handlers
        self._account = account
        self._limits = limits
        self._untold: set[OperationId] = set()
        """What the chain could not tell: none like it waits for its answer again."""

    async def try_out(self, ready: Sequence[Ready]) -> list[Prepared | Refused]:
        """Each prepared or refused, in the order asked. What the chain cannot tell, and what waits
        for one like it, is left for the next time."""
        outcomes: list[Prepared | Refused] = []
        stated: list[_Stated] = []
        for each in ready:
            try:
                stated.append(self._stated(each))
            except Problem as problem:
                outcomes.append(Refused(each, problem))
        asked = self._to_be_asked(stated)
        if asked:
            outcomes += await self._answers(asked)
        for known in stated:
            limit = self._limits.of(known.kind)
            if limit is not None and known not in asked:
                outcomes.append(Prepared(known.ready, known.call, known.data, limit))
        return sorted(outcomes, key=lambda outcome: outcome.ready.operation.id)

    def _to_be_asked(self, stated: Sequence[_Stated]) -> list[_Stated]:
        """What was signed before, what could not be told, and the first of each other new kind."""
        asked: list[_Stated] = []
        kinds: set[Kind] = set()
        for each in stated:
            if each.ready.attempts or each.ready.operation.id in self._untold:
                asked.append(each)
            elif each.kind not in kinds and self._limits.of(each.kind) is None:
                kinds.add(each.kind)
                asked.append(each)
        return asked

    async def _answers(self, asked: Sequence[_Stated]) -> list[Prepared | Refused]:
        outcomes: list[Prepared | Refused] = []
        answers = await self._chain.estimates([(each.call, self._account) for each in asked])
        self._limits.of_block = await self._chain.block_gas()
        for each, answer in zip(asked, answers, strict=True):
            operation = each.ready.operation.id
            self._untold.discard(operation)
            if isinstance(answer, RpcError) and has_no_room(answer.detail):
                outcomes.append(Refused(each.ready, NoRoomInBlocks(answer.detail)))
            elif isinstance(answer, RpcError):
                self._untold.add(operation)
                _log.warning("operation not tried", operation=operation, detail=answer.detail)
            elif isinstance(answer, Problem):
                outcomes.append(Refused(each.ready, answer))
            else:
                learnt = self._limits.learn(each.kind, answer)
                gas = max(learnt, self._limits.fitting(2 * each.ready.most_gas))
                outcomes.append(Prepared(each.ready, each.call, each.data, gas))
        return outcomes

    def _stated(self, ready: Ready) -> _Stated:
        """What the operation asks of a contract."""
        if ready.exhausted >= _GAS_TRIES:
            raise OutOfGas(f"{ready.most_gas} were not enough in the end")
        call = self._handlers[ready.operation.kind].call(ready.operation.intent)
        data = encode_call(call)
        return _Stated(ready, call, data, kind_of(call, data))
