"""Raw transactions: read as eth-account wrote them, refused in the words of common nodes."""

from __future__ import annotations

import pytest
from eth_account import Account as EthAccount

from tests.ledger.embedded.chains import CHAIN_ID, Account
from tidan_node.ledger.embedded.rlp import decode as decode_rlp
from tidan_node.ledger.embedded.rlp import encode as encode_rlp
from tidan_node.ledger.embedded.rpc import RpcError
from tidan_node.ledger.embedded.transactions import decode

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
SIGNER = EthAccount.from_key("0x" + "11" * 32)
TO = "0x" + "22" * 20
COMMON = {"nonce": 7, "gas": 90_000, "value": 5, "data": b"\x01\x00", "to": bytes.fromhex(TO[2:])}
KINDS = {
    "legacy": {**COMMON, "gasPrice": 3, "chainId": CHAIN_ID},
    "access list": {**COMMON, "type": 1, "gasPrice": 3, "chainId": CHAIN_ID, "accessList": []},
    "dynamic fee": {
        **COMMON,
        "type": 2,
        "maxFeePerGas": 3,
        "maxPriorityFeePerGas": 1,
        "chainId": CHAIN_ID,
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_as_it_was_signed(kind: str) -> None:
    signed = SIGNER.sign_transaction(KINDS[kind])
    transaction = decode(bytes(signed.raw_transaction), chain_id=CHAIN_ID)
    assert transaction.tx_hash == "0x" + bytes(signed.hash).hex()
    assert transaction.sender == SIGNER.address.lower()
    assert (transaction.nonce, transaction.gas, transaction.gas_price) == (7, 90_000, 3)
    assert transaction.cost == 5 + 3 * 90_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_transaction_for_another_chain_is_refused(kind: str) -> None:
    raw = SIGNER.sign_transaction({**KINDS[kind], "chainId": 5}).raw_transaction
    with pytest.raises(RpcError, match="invalid chain id for signer: have 5 want 1337"):
        decode(bytes(raw), chain_id=CHAIN_ID)


def test_a_transaction_of_no_chain_is_refused() -> None:
    raw = SIGNER.sign_transaction({**COMMON, "gasPrice": 0}).raw_transaction
    with pytest.raises(RpcError, match="only replay-protected"):
        decode(bytes(raw), chain_id=CHAIN_ID)


def altered(place: int, value: bytes) -> bytes:
    fields = decode_rlp(bytes.fromhex(Account(1).signed(TO, nonce=0)[2:]))
    fields[place] = value
    return encode_rlp(fields)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "transaction type not supported"),
        (b"\x03\xc0", "transaction type not supported"),
        (b"\xc0", "must have 9 fields"),
        (b"\xc1", "rlp: it ends too early"),
        (altered(0, b"\x00"), "a number has the wrong form"),
        (altered(3, b"\x01" * 19), "the recipient or the data has the wrong form"),
        (altered(7, b"\x01" * 33), "a number has the wrong form"),
        (altered(8, b""), "invalid sender"),
        (altered(8, (ORDER - 1).to_bytes(32)), "invalid sender"),
        (altered(7, b""), "invalid sender"),
    ],
)
def test_a_malformed_transaction_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(RpcError, match=message) as refused:
        decode(raw, chain_id=CHAIN_ID)
    assert refused.value.code == -32000


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"gas": 20_999}, "intrinsic gas too low"),
        ({"gas": 21_000, "data": b"\x00"}, "minimum needed 21004"),
        ({"gas": 53_015, "to": None, "data": b"\x01"}, "minimum needed 53016"),
        ({"nonce": 2**64 - 1}, "nonce has max value"),
    ],
)
def test_what_no_block_could_take_is_refused(fields: dict[str, object], message: str) -> None:
    raw = Account(1).signed(**{"to": TO, "nonce": 0, **fields})
    with pytest.raises(RpcError, match=message):
        decode(bytes.fromhex(raw[2:]), chain_id=CHAIN_ID)
