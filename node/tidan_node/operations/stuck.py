"""What keeps a transaction out of the blocks, as chain nodes word it, and what helps."""

from __future__ import annotations

import re
from typing import Final

from tidan_node.domain.identifiers import Address

IN_NO_BLOCK: Final = "the chain's node has it, and no block does"

_TOO_CHEAP: Final = re.compile(r"underpriced|gas price|gasprice|fee ?cap|base ?fee|min.*gas", re.I)
_TOO_DEAR: Final = re.compile(r"tx fee .*exceeds the configured cap|fee ?cap exceeded", re.I)
_NO_FUNDS: Final = re.compile(r"insufficient (funds|balance)|upfront cost|sender balance", re.I)
_NO_ROOM: Final = re.compile(
    r"exceeds (the )?block('s)? gas ?limit|exceeds_block_gas_limit|exceeds allowance"
    r"|oversized data",
    re.I,
)
_TOO_LITTLE_GAS: Final = re.compile(r"intrinsic gas", re.I)
_USED_UP: Final = re.compile(r"nonce (is )?too low", re.I)

_RAISE: Final = (
    "raise `gas_price` in node.toml to what the chain's validators take, by a tenth at least, and"
    " start the node again: it signs anew with the same nonces"
)
_STEPS: Final = (
    (
        _NO_FUNDS,
        "fund {account}: `tidan chain fund {account} WEI` on a chain of this machine; elsewhere"
        " send it what gas costs",
    ),
    (
        _TOO_DEAR,
        "lower `gas_price` in node.toml to what the chain's node lets a transaction cost, and start"
        " the node again: it signs anew with the same nonces",
    ),
    (
        re.compile(r"replacement .*underpriced", re.I),
        "another transaction with its nonce is in the pool: once a block holds that one it goes on"
        f" by itself; where none does, {_RAISE}",
    ),
    (
        # What geth says where others pay as much; of a price below its least it says the two.
        re.compile(r"^transaction underpriced$", re.I),
        f"where the pool is only full, it is sent again by itself; else {_RAISE}",
    ),
    (_TOO_CHEAP, _RAISE),
    (
        re.compile(re.escape(IN_NO_BLOCK)),
        "see whether the chain makes blocks (`/health/ready`), and whether its validators take"
        " transactions at the node's `gas_price`",
    ),
)
_NONE: Final = "the node sends it again by itself; the chain's node refuses it for the reason above"


def has_no_room(reason: str) -> bool:
    """Whether no block of the chain can hold the transaction, as geth, Besu and anvil say it."""
    return _NO_ROOM.search(reason) is not None


def lacks_gas(reason: str) -> bool:
    """Whether the transaction has less gas than the chain takes to begin with it."""
    return _TOO_LITTLE_GAS.search(reason) is not None


def would_pay_too_much(reason: str) -> bool:
    """Whether less may be paid, by the chain's node or by the account, than was signed."""
    return _TOO_DEAR.search(reason) is not None or _NO_FUNDS.search(reason) is not None


def is_used_up(reason: str) -> bool:
    """Whether a block holds a transaction with the nonce: this one, or another."""
    return _USED_UP.search(reason) is not None


def next_step(reason: str, account: Address) -> str:
    """What somebody can do about it, in words."""
    found = (words for of, words in _STEPS if of.search(reason))
    return next(found, _NONE).format(account=account)
