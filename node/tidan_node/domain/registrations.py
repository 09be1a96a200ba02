"""Who may bring an invoice or a policy on the chain. The contracts keep the same rules."""

from __future__ import annotations

from typing import Final

from tidan_node.domain.parties import Role, RoleMissing, Standing
from tidan_node.domain.record_problems import (
    AlreadyRegistered,
    BuyerIsTheSeller,
    PolicyExpired,
)

SELLERS: Final = Role.TRADER | Role.CARRIER


def check_invoice(*, seller: Standing, buyer: Standing, taken: bool) -> None:
    """An active trader or carrier registers its own invoice to another active party, once."""
    seller.require_active("caller")
    if not seller.roles & SELLERS:
        raise RoleMissing(f"party {seller.party} is neither trader nor carrier", field="caller")
    if taken:
        raise AlreadyRegistered("this invoice is registered already", field="invoice")
    if buyer.party == seller.party:
        raise BuyerIsTheSeller("the seller cannot be the buyer", field="buyer")
    buyer.require_active("buyer")


def check_policy(
    *, insurer: Standing, insured: Standing, taken: bool, expires: int, now: int
) -> None:
    """An active insurer issues a policy to an active party, once, for a time yet to come."""
    insurer.require_active("caller")
    insurer.require_role(Role.INSURER, "caller")
    if taken:
        raise AlreadyRegistered("this policy is issued already", field="policy")
    insured.require_active("insured")
    if now >= expires:
        raise PolicyExpired("the cover has ended already", field="/coverUntil")
