"""What the different clients answer, as typed values."""

import msgspec
import pytest

from tidan_node.ledger.answers import Header, receipt_of, refusal_of, revert_data
from tidan_node.ledger.rpc import Json, RpcError


@pytest.mark.parametrize(
    ("message", "data", "found"),
    [
        ("execution reverted", "0x12345678", b"\x12\x34\x56\x78"),  # geth, anvil
        ("Execution reverted", {"data": "0x12345678"}, b"\x12\x34\x56\x78"),
        ("VM execution error.", "Reverted 0x12345678", b"\x12\x34\x56\x78"),  # Nethermind
        ("execution reverted", "0x", b""),
        ("execution reverted", None, b""),
        ("gas required exceeds allowance (30000000)", None, b""),
        ("Out of gas: gas required exceeds allowance", None, b""),
        ("invalid opcode: INVALID", None, b""),
        ("missing trie node", None, None),
        ("header not found", None, None),
        ("insufficient funds for transfer", None, None),
        ("limit exceeded", {"limit": 5}, None),
    ],
)
def test_a_revert_is_told_from_other_errors(message: str, data: Json, found: bytes | None) -> None:
    assert revert_data(RpcError(-32000, message, data)) == found


@pytest.mark.parametrize(
    "message",
    [
        "already known",  # geth
        "Known transaction",  # Besu
        "transaction already imported",  # anvil
        "AlreadyKnown",  # Nethermind
    ],
)
def test_a_transaction_that_is_there_already_is_as_good_as_sent(message: str) -> None:
    assert refusal_of(RpcError(-32000, message)) is None
    assert refusal_of("0x12") is None


@pytest.mark.parametrize("message", ["nonce too low", "insufficient funds", "underpriced", ""])
def test_a_refusal_is_told_in_the_words_of_the_chain(message: str) -> None:
    assert refusal_of(RpcError(-32000, message)) == (message or "error -32000")


def test_a_block_is_what_its_header_says() -> None:
    said = {"number": "0xa", "hash": "0x0b", "parentHash": "0x0a", "timestamp": "0x65", "more": 1}
    block = msgspec.convert(said, Header).block()
    assert (block.number, block.hash, block.parent_hash, block.timestamp) == (
        10,
        "0x0b",
        "0x0a",
        101,
    )


def test_a_receipt_says_whether_the_transaction_did_what_it_should() -> None:
    answer = {
        "transactionHash": "0x01",
        "blockNumber": "0x2",
        "blockHash": "0x03",
        "status": "0x0",
        "gasUsed": "0x5208",
        "logs": [],
    }
    failed = receipt_of(answer)
    assert (failed.succeeded, failed.gas_used, failed.block_number) == (False, 21_000, 2)
    assert receipt_of(answer | {"status": "0x1"}).succeeded
