"""Signed raw transactions: who sent them, and what a node must know before it takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coincurve import PublicKey
from eth_hash.auto import keccak

from tidan_node.domain.identifiers import Address, TxHash, to_hex
from tidan_node.ledger.embedded.rlp import Item, NotRlp
from tidan_node.ledger.embedded.rlp import decode as decode_rlp
from tidan_node.ledger.embedded.rlp import encode as encode_rlp
from tidan_node.ledger.embedded.rpc import RpcError

_HALF_ORDER: Final = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
_BASE_GAS, _CREATE_GAS = 21_000, 32_000
_ZERO_BYTE_GAS, _BYTE_GAS = 4, 16
_FIRST_REPLAY_PROTECTED_V = 35
_HIGHEST_NONCE: Final = 2**64 - 2
_LEGACY_FIELDS, _ACCESS_LIST_FIELDS, _DYNAMIC_FEE_FIELDS = 9, 11, 12


@dataclass(frozen=True, slots=True)
class Transaction:
    raw: bytes
    tx_hash: TxHash
    sender: Address
    nonce: int
    gas: int
    gas_price: int
    value: int

    @property
    def cost(self) -> int:
        """What the sender must own at most for it."""
        return self.value + self.gas * self.gas_price


def decode(raw: bytes, *, chain_id: int) -> Transaction:
    """Read and check one raw transaction; refused in the words of common nodes."""
    try:
        if raw[:1] == b"\x01":
            return _typed(raw, chain_id, count=_ACCESS_LIST_FIELDS, price_at=2)
        if raw[:1] == b"\x02":
            return _typed(raw, chain_id, count=_DYNAMIC_FEE_FIELDS, price_at=3)
        if raw[:1] < b"\xc0":
            raise RpcError("transaction type not supported")
        return _legacy(raw, chain_id)
    except NotRlp as error:
        raise RpcError(f"rlp: {error}") from error


def _legacy(raw: bytes, chain_id: int) -> Transaction:
    fields = _fields(raw, _LEGACY_FIELDS)
    v = _number(fields[6])
    if v < _FIRST_REPLAY_PROTECTED_V:
        raise RpcError("only replay-protected (EIP-155) transactions allowed over RPC")
    signed_for, parity = divmod(v - _FIRST_REPLAY_PROTECTED_V, 2)
    _check_chain_id(signed_for, chain_id)
    signed_for_bytes = signed_for.to_bytes((signed_for.bit_length() + 7) // 8, "big")
    payload: Item = [*fields[:6], signed_for_bytes, b"", b""]
    sender = _sender(encode_rlp(payload), parity, fields[7], fields[8])
    return _checked(raw, sender, [fields[at] for at in (0, 1, 2, 3, 4, 5)])


def _typed(raw: bytes, chain_id: int, *, count: int, price_at: int) -> Transaction:
    fields = _fields(raw[1:], count)
    _check_chain_id(_number(fields[0]), chain_id)
    parity = _number(fields[-3])
    sender = _sender(raw[:1] + encode_rlp(fields[:-3]), parity, fields[-2], fields[-1])
    after_price = fields[price_at + 1 : price_at + 5]
    return _checked(raw, sender, [fields[1], fields[price_at], *after_price])


def _checked(raw: bytes, sender: Address, fields: list[Item]) -> Transaction:
    nonce, gas_price, gas, to, value, data = fields
    if not (isinstance(data, bytes) and isinstance(to, bytes) and len(to) in (0, 20)):
        raise RpcError("rlp: the recipient or the data has the wrong form")
    transaction = Transaction(
        raw=raw,
        tx_hash=TxHash(to_hex(keccak(raw))),
        sender=sender,
        nonce=_number(nonce),
        gas=_number(gas),
        gas_price=_number(gas_price),
        value=_number(value),
    )
    zeros = data.count(0)
    needed = _BASE_GAS + _ZERO_BYTE_GAS * zeros + _BYTE_GAS * (len(data) - zeros)
    needed += _CREATE_GAS if not to else 0
    if transaction.nonce > _HIGHEST_NONCE:
        raise RpcError("nonce has max value")
    if transaction.gas < needed:
        raise RpcError(f"intrinsic gas too low: gas {transaction.gas}, minimum needed {needed}")
    return transaction


def _sender(payload: bytes, parity: int, r: Item, s: Item) -> Address:
    if parity not in (0, 1) or not 0 < _number(s) <= _HALF_ORDER:
        raise RpcError("invalid sender")
    signature = b"".join((_number(r).to_bytes(32), _number(s).to_bytes(32), bytes([parity])))
    try:
        key = PublicKey.from_signature_and_message(signature, keccak(payload), hasher=None)
    except Exception as error:  # coincurve raises a bare Exception for what it cannot recover
        raise RpcError("invalid sender") from error
    return Address(to_hex(keccak(key.format(compressed=False)[1:])[-20:]))


def _check_chain_id(signed_for: int, chain_id: int) -> None:
    if signed_for != chain_id:
        raise RpcError(f"invalid chain id for signer: have {signed_for} want {chain_id}")


def _fields(encoded: bytes, count: int) -> list[Item]:
    fields = decode_rlp(encoded)
    if not isinstance(fields, list) or len(fields) != count:
        raise RpcError(f"rlp: the transaction must have {count} fields")
    return fields


def _number(item: Item) -> int:
    if not isinstance(item, bytes) or item[:1] == b"\x00" or len(item) > 32:
        raise RpcError("rlp: a number has the wrong form")
    return int.from_bytes(item, "big")
