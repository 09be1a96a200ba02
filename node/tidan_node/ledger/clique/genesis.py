"""The first block of a Clique chain, and what follows from the number of its signers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tidan_node.domain.identifiers import Address, to_bytes

PERIOD: Final = 1
"""Seconds between blocks."""

GAS_PRICE: Final = 1
"""Wei a transaction pays for gas: geth relays nothing cheaper, and takes 0 for one thousand
million."""

GAS_LIMIT: Final = (1 << 53) - 1
"""Of a block. London raises the base fee after each block that is more than half full, and once it
is not 0 any more it never falls back to 0, so that transactions at 1 wei would wait for ever. Half
of this limit takes months to execute: the base fee stays what the first block says."""

FAUCET_WEI: Final = 1 << 128

_FROM_THE_START: Final = (
    *("homesteadBlock", "eip150Block", "eip155Block", "eip158Block", "byzantiumBlock"),
    *("constantinopleBlock", "petersburgBlock", "istanbulBlock", "berlinBlock", "londonBlock"),
)
_VANITY, _SEAL = bytes(32), bytes(65)
_EPOCH: Final = 30_000


def majority(signers: int) -> int:
    """So many signers must run: each may seal one of so many blocks in a row."""
    return signers // 2 + 1


def confirmations(signers: int) -> int:
    """Blocks on top of one until it counts as final.

    A signer may seal one of any n/2 + 1 blocks in a row. With so many blocks upon it, a majority of
    the signers has sealed behind it, and a minority can grow no chain beside it. Clique itself
    promises less than QBFT does: a majority that sets its own chain back is not kept from it, which
    is why the node heals what goes back further."""
    return majority(signers)


def genesis(
    chain_id: int, signers: Sequence[Address], faucet: Address, timestamp: int
) -> dict[str, object]:
    """What geth makes the first block of: London rules, no base fee, one account with money."""
    listed = b"".join(sorted(to_bytes(signer) for signer in signers))
    return {
        "config": {
            "chainId": chain_id,
            **dict.fromkeys(_FROM_THE_START, 0),
            "clique": {"period": PERIOD, "epoch": _EPOCH},
        },
        "timestamp": hex(timestamp),
        "difficulty": "0x1",
        "gasLimit": hex(GAS_LIMIT),
        "baseFeePerGas": "0x0",
        "extraData": "0x" + (_VANITY + listed + _SEAL).hex(),
        "alloc": {faucet: {"balance": hex(FAUCET_WEI)}},
    }
