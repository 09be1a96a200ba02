"""Legacy transactions (EIP-155), encoded and signed: small, because every operation passes here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from coincurve import PrivateKey
from eth_hash.auto import keccak

from tidan_node.domain.identifiers import Address, TxHash, to_bytes, to_hex

_SHORT: Final = 55
"""RLP writes the length of a longer item in bytes of its own."""


@dataclass(frozen=True, slots=True)
class LegacyTransaction:
    """A transaction as every consortium EVM takes it. `to` is None where it creates a contract."""

    chain_id: int
    nonce: int
    gas_price: int
    gas: int
    to: Address | None
    value: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """What is sent, and the name under which the chain will show it."""

    raw: bytes
    tx_hash: TxHash


class Signer(Protocol):
    """Who can sign for one account: a key in this process, or a service that holds it."""

    @property
    def address(self) -> Address: ...

    def sign(self, transaction: LegacyTransaction) -> SignedTransaction: ...


class LocalSigner:
    """Signs with a key that this process holds. The same transaction gives the same bytes."""

    def __init__(self, private_key: bytes) -> None:
        self._key = PrivateKey(private_key)
        self._address = address_of_key(self._key.public_key.format(compressed=False))

    @property
    def address(self) -> Address:
        return self._address

    def sign(self, transaction: LegacyTransaction) -> SignedTransaction:
        fields = _fields(transaction)
        chain_id = transaction.chain_id
        digest = keccak(_list([*fields, _integer(chain_id), _integer(0), _integer(0)]))
        signature = self._key.sign_recoverable(digest, hasher=None)
        v = signature[64] + 35 + 2 * chain_id
        r = int.from_bytes(signature[:32], "big")
        s = int.from_bytes(signature[32:64], "big")
        raw = encoded(transaction, v, r, s)
        return SignedTransaction(raw, TxHash(to_hex(keccak(raw))))


def encoded(transaction: LegacyTransaction, v: int, r: int, s: int) -> bytes:
    """The bytes of a transaction with its signature."""
    return _list([*_fields(transaction), _integer(v), _integer(r), _integer(s)])


def address_of_key(uncompressed: bytes) -> Address:
    """The account of a public key, given as 0x04 and its two coordinates."""
    return Address(to_hex(keccak(uncompressed[1:])[-20:]))


def created_address(creator: Address, nonce: int) -> Address:
    """Where the contract will be that this account creates with this nonce."""
    return Address(to_hex(keccak(_list([_string(to_bytes(creator)), _integer(nonce)]))[-20:]))


def _fields(transaction: LegacyTransaction) -> list[bytes]:
    return [
        _integer(transaction.nonce),
        _integer(transaction.gas_price),
        _integer(transaction.gas),
        _string(b"" if transaction.to is None else to_bytes(transaction.to)),
        _integer(transaction.value),
        _string(transaction.data),
    ]


def _integer(value: int) -> bytes:
    return _string(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _string(value: bytes) -> bytes:
    if len(value) == 1 and value[0] < 0x80:
        return value
    return _header(len(value), 0x80) + value


def _list(items: list[bytes]) -> bytes:
    body = b"".join(items)
    return _header(len(body), 0xC0) + body


def _header(length: int, offset: int) -> bytes:
    if length <= _SHORT:
        return bytes([offset + length])
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([offset + _SHORT + len(size)]) + size
