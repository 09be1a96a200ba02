"""What keeps a transaction out of the blocks, as chain nodes word it, and what helps."""

from __future__ import annotations

import re
from typing import Final

from tidan_node.domain.identifiers import Address

IN_NO_BLOCK: Final = "the chain's node has it, and no block does"

_TOO_CHEAP: Final = re.compile(r"underpriced|gas price|gasprice|fee ?cap|base ?fee|min.*gas", re.I)
_NO_FUNDS: Final = re.compile(r"insufficient (funds|balance)|upfront cost|sender balance", re.I)
_NO_ROOM: Final = re.compile(
    r"exceeds (the )?block('s)? gas ?limit|exceeds_block_gas_limit|exceeds allowance"
    r"|oversized data",
    re.I,
)


def has_no_room(reason: str) -> bool:
    """Whether no block of the chain can hold the transaction, as geth, Besu and anvil say it."""
    return _NO_ROOM.search(reason) is not None


def next_step(reason: str, account: Address) -> str:
    """What somebody can do about it, in words."""
    if _NO_FUNDS.search(reason):
        return (
            f"fund {account}: `tidan chain fund {account} WEI` on a chain of this machine;"
            " elsewhere send it what gas costs"
        )
    if _TOO_CHEAP.search(reason):
        return (
            "raise `gas_price` in node.toml to what the chain's validators take, by a tenth at"
            " least, and start the node again: it signs anew with the same nonces"
        )
    if reason == IN_NO_BLOCK:
        return (
            "see whether the chain makes blocks (`/health/ready`), and whether its validators take"
            " transactions at the node's `gas_price`"
        )
    return "the node sends it again by itself; the chain's node refuses it for the reason above"
