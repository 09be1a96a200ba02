"""Whatever the chain's node answers, who asks it gets a value or a Problem, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from tests.fake_chain import MANIFEST, anchor
from tidan_node.domain.identifiers import Address, TxHash
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.rpc import _ANSWERS, Rpc, _Answer
from tidan_node.problems import Problem

ACCOUNT = Address("0x" + "ab" * 20)
HASH = TxHash("0x" + "cd" * 32)


class Garbled(Rpc):
    """Every question has the one answer."""

    def __init__(self, result: object) -> None:
        super().__init__("http://127.0.0.1:1")
        self._result = result

    async def _post(self, body: Any) -> list[_Answer] | _Answer:
        def answer(one: dict[str, Any]) -> dict[str, Any]:
            return {"id": one["id"], "result": self._result}

        told = [answer(one) for one in body] if isinstance(body, list) else answer(body)
        return _ANSWERS.decode(msgspec.json.encode(told))


QUESTIONS: dict[str, Callable[[Gateway], Awaitable[object]]] = {
    "check_chain": lambda chain: chain.check_chain(),
    "head": lambda chain: chain.head(),
    "blocks": lambda chain: chain.blocks(1, 2),
    "page": lambda chain: chain.page(1, 1),
    "transaction_count": lambda chain: chain.transaction_count(ACCOUNT),
    "next_nonce": lambda chain: chain.next_nonce(ACCOUNT),
    "block_gas": lambda chain: chain.block_gas(),
    "send": lambda chain: chain.send([b"\x01"]),
    "receipts": lambda chain: chain.receipts([HASH]),
    "transactions": lambda chain: chain.transactions([HASH]),
    "estimates": lambda chain: chain.estimates([(anchor(1), ACCOUNT)]),
    "why_reverted": lambda chain: chain.why_reverted(anchor(1), ACCOUNT, 1),
    "view": lambda chain: chain.view(Call("TrailAnchor", "anchorOf", (1,))),
    "storage_at": lambda chain: chain.storage_at("TrailAnchor", 0),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "result", [None, 17, True, "", "0x", "words", "0xzz", [], [None], {}, {"hash": 5, "number": {}}]
)
async def test_it_is_a_value_or_a_problem(question: str, result: object) -> None:
    rpc = Garbled(result)
    with suppress(Problem):
        await QUESTIONS[question](Gateway(rpc, MANIFEST))
    await rpc.close()


async def test_a_receipt_of_another_transaction_is_none_of_the_one_that_was_asked_for() -> None:
    receipt = {
        "transactionHash": "0x" + "00" * 32,
        "blockNumber": "0x1",
        "blockHash": "0x" + "11" * 32,
        "status": "0x1",
        "gasUsed": "0x1",
        "logs": [],
    }
    rpc = Garbled(receipt)
    with pytest.raises(Problem, match="another transaction"):
        await Gateway(rpc, MANIFEST).receipts([HASH])
    await rpc.close()
