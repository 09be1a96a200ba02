"""Transactions as a chain's node tells of them become the bytes that were sent."""

from __future__ import annotations

from typing import Any

import pytest
import rlp  # type: ignore[import-untyped]  # it has no types

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.signed import sent_transaction
from tidan_node.ledger.signer import LegacyTransaction, LocalSigner, SignedTransaction

SIGNER = LocalSigner(b"\x11" * 32)
CALLED = LegacyTransaction(
    chain_id=31337,
    nonce=7,
    gas_price=0,
    gas=90_000,
    to=Address("0x" + "ab" * 20),
    data=b"\x12\x34",
)
SIGNED = SIGNER.sign(CALLED)


def told(signed: SignedTransaction, **other: Any) -> dict[str, Any]:
    """As geth and Besu answer `eth_getTransactionByHash`."""
    *_, v, r, s = rlp.decode(signed.raw)
    return {
        "hash": signed.tx_hash,
        "type": "0x0",
        "from": SIGNER.address,
        "to": CALLED.to,
        "nonce": "0x7",
        "gasPrice": "0x0",
        "gas": hex(90_000),
        "value": "0x0",
        "input": "0x1234",
        "v": "0x" + v.hex(),
        "r": "0x" + r.hex(),
        "s": "0x" + s.hex(),
    } | other


def test_its_bytes_are_those_that_were_signed() -> None:
    sent = sent_transaction(told(SIGNED))
    assert sent is not None
    assert (sent.raw, sent.tx_hash) == (SIGNED.raw, SIGNED.tx_hash)
    assert (sent.sender, sent.nonce, sent.to) == (SIGNER.address, 7, CALLED.to)
    assert (sent.data, sent.gas) == (CALLED.data, CALLED.gas)


@pytest.mark.parametrize("other", [{"nonce": "0x8"}, {"input": "0x12"}, {"hash": "0x" + "00" * 32}])
def test_what_does_not_hash_to_its_name_is_not_believed(other: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="another transaction"):
        sent_transaction(told(SIGNED, **other))


@pytest.mark.parametrize("other", [{"type": "0x2"}, {"to": None}])
def test_one_of_another_kind_than_a_node_signs_is_none_of_its(other: dict[str, Any]) -> None:
    assert sent_transaction(told(SIGNED, **other)) is None
