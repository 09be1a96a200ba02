"""One intent becomes one block: the same steps when it is new and when it is replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.identifiers import BlockHash, TxHash, to_hex
from tidan_node.ledger.embedded.records import BlockIntent
from tidan_node.ledger.embedded.rpc import IN_ORDER, AnvilRpc, Json, RpcError
from tidan_node.ledger.embedded.transactions import Transaction, decode

FORWARDED, MINED = "block.forwarded", "block.mined"


class OutOfStep(Exception):
    """anvil made another block than the intent describes: somebody else acted on it."""


@dataclass(frozen=True, slots=True)
class Mined:
    """A block, and those of its intent's transactions that did not make it."""

    intent: BlockIntent
    block_hash: BlockHash
    refusals: Mapping[TxHash, RpcError]
    stuck: tuple[Transaction, ...]
    """Neither in the block nor refused: they wait again, for one before them was refused."""


async def mine(
    rpc: AnvilRpc,
    intent: BlockIntent,
    *,
    chain_id: int,
    checkpoints: Checkpoints,
    at_once: int = IN_ORDER,
) -> Mined:
    """Give anvil what the intent holds, in its order, and let it make the block."""
    try:
        return await _mine(rpc, intent, chain_id, checkpoints, at_once)
    except RpcError as error:
        raise OutOfStep(f"anvil refused block {intent.height}: {error}") from error


async def _mine(
    rpc: AnvilRpc, intent: BlockIntent, chain_id: int, checkpoints: Checkpoints, at_once: int
) -> Mined:
    for address, wei in intent.balances:
        await rpc.call("anvil_setBalance", address, hex(wei))
    answers = await rpc.calls(
        [("eth_sendRawTransaction", [to_hex(raw)]) for raw in intent.transactions],
        at_once=at_once,
    )
    checkpoints.reached(FORWARDED)
    await rpc.call("evm_mine", {"timestamp": intent.timestamp})
    checkpoints.reached(MINED)
    block = await rpc.call("eth_getBlockByNumber", "latest", False)
    included = _included(intent, block, answers)
    if len(included) == len(answers):
        return Mined(intent, BlockHash(block["hash"]), {}, ())
    # What anvil took but could not execute must not slip into a later block.
    await rpc.call("anvil_dropAllTransactions")
    missing = [
        (decode(raw, chain_id=chain_id), answer)
        for raw, answer in zip(intent.transactions, answers, strict=True)
        if answer not in included
    ]
    return Mined(intent, BlockHash(block["hash"]), *_sorted_out(missing))


def _included(intent: BlockIntent, block: Json, answers: list[Json | RpcError]) -> set[str]:
    """The transactions in the block, if it is the block of the intent."""
    if int(block["number"], 16) != intent.height:
        raise OutOfStep(f"anvil stands at {int(block['number'], 16)}, not at {intent.height}")
    included = set(block["transactions"])
    if [answer for answer in answers if answer in included] != block["transactions"]:
        raise OutOfStep(f"block {intent.height} holds other transactions, or in another order")
    return included


def _sorted_out(
    missing: list[tuple[Transaction, Json | RpcError]],
) -> tuple[dict[TxHash, RpcError], tuple[Transaction, ...]]:
    """The first missing one of each sender was refused; the later ones stand behind it."""
    refusals: dict[TxHash, RpcError] = {}
    stuck: list[Transaction] = []
    senders: set[str] = set()
    for transaction, answer in missing:
        if isinstance(answer, RpcError):
            refusals[transaction.tx_hash] = RpcError(answer.message, data=answer.data)
        elif transaction.sender in senders:
            stuck.append(transaction)
        else:
            refusals[transaction.tx_hash] = RpcError("the transaction could not be executed")
        senders.add(transaction.sender)
    return refusals, tuple(stuck)
