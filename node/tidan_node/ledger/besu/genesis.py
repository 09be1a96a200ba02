"""The first block of a QBFT chain without gas prices, and the validators that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.identifiers import Address, to_bytes, to_hex
from tidan_node.ledger.embedded.rlp import NotRlp, decode, encode

GAS_LIMIT: Final = (1 << 53) - 1
_EPOCH: Final = 30_000
_TIMEOUT_PERIODS: Final = 2
"""So many block periods until validators try a next round without the proposer they wait for."""

_QBFT_MIX_HASH: Final = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
_VANITY: Final = bytes(32)
_ADDRESS_BYTES: Final = 20


@dataclass(frozen=True, slots=True)
class ExtraData:
    """What a QBFT header says of its validators; the seals are left out."""

    vanity: bytes
    validators: tuple[Address, ...]
    round: int


def extra_data(validators: Sequence[Address]) -> str:
    """The first block's: vanity, the validators in ascending order, no vote, round 0, no seals."""
    listed = sorted(to_bytes(validator) for validator in validators)
    return to_hex(encode([_VANITY, list(listed), [], b"", []]))


def read_extra_data(text: str) -> ExtraData:
    """What is in a header's extra data; ValueError where it is not of QBFT's form."""
    try:
        match decode(to_bytes(text)):
            case [bytes(vanity), list(listed), list(), bytes(number), list()]:
                validators = [each for each in listed if isinstance(each, bytes)]
            case _:
                raise ValueError("it has not QBFT's five parts")
    except NotRlp as error:
        raise ValueError(f"it is no RLP: {error}") from error
    if len(vanity) != len(_VANITY) or len(validators) != len(listed):
        raise ValueError("the vanity has not 32 bytes, or a validator is a list")
    if any(len(each) != _ADDRESS_BYTES for each in validators):
        raise ValueError("a validator has not 20 bytes")
    return ExtraData(
        vanity,
        tuple(Address(to_hex(each)) for each in validators),
        int.from_bytes(number, "big"),
    )


def faults_tolerated(validators: int) -> int:
    """So many may be down or lie: two thirds of all, and more, must seal each block."""
    return (validators - 1) // 3


def genesis(chain_id: int, validators: Sequence[Address], block_period: int) -> dict[str, object]:
    """The genesis file. London rules with a base fee of nothing, so that any transaction may pay
    nothing; nobody owns anything, since nothing costs anything."""
    return {
        "config": {
            "chainId": chain_id,
            "berlinBlock": 0,
            "londonBlock": 0,
            "zeroBaseFee": True,
            "qbft": {
                "blockperiodseconds": block_period,
                "epochlength": _EPOCH,
                "requesttimeoutseconds": _TIMEOUT_PERIODS * block_period,
            },
        },
        "nonce": "0x0",
        "timestamp": "0x0",
        "gasLimit": hex(GAS_LIMIT),
        "baseFeePerGas": "0x0",
        "difficulty": "0x1",
        "mixHash": _QBFT_MIX_HASH,
        "coinbase": "0x" + "00" * 20,
        "extraData": extra_data(validators),
        "alloc": {},
    }
