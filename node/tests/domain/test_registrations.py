"""Who may bring an invoice or a policy on the chain."""

from __future__ import annotations

import pytest

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyNotActive, PartyStatus, Role, RoleMissing, Standing
from tidan_node.domain.record_problems import (
    AlreadyRegistered,
    BuyerIsTheSeller,
    PolicyExpired,
)
from tidan_node.domain.registrations import check_invoice, check_policy


def _party(index: int, role: Role, status: PartyStatus = PartyStatus.ACTIVE) -> Standing:
    return Standing(PartyIndex(index), role, status)


BUYER = _party(9, Role(0))


@pytest.mark.parametrize("role", [Role.TRADER, Role.CARRIER, Role.TRADER | Role.BANK])
def test_traders_and_carriers_write_invoices(role: Role) -> None:
    check_invoice(seller=_party(1, role), buyer=BUYER, taken=False)


@pytest.mark.parametrize("role", [Role.BANK, Role.INSURER, Role(0)])
def test_others_do_not(role: Role) -> None:
    with pytest.raises(RoleMissing):
        check_invoice(seller=_party(1, role), buyer=BUYER, taken=False)


def test_an_invoice_is_registered_once() -> None:
    with pytest.raises(AlreadyRegistered):
        check_invoice(seller=_party(1, Role.TRADER), buyer=BUYER, taken=True)


def test_nobody_sells_to_itself() -> None:
    seller = _party(1, Role.TRADER)
    with pytest.raises(BuyerIsTheSeller):
        check_invoice(seller=seller, buyer=seller, taken=False)


@pytest.mark.parametrize("status", [PartyStatus.SUSPENDED, PartyStatus.REVOKED])
def test_both_sides_of_a_record_are_active(status: PartyStatus) -> None:
    trader, insurer = _party(1, Role.TRADER), _party(2, Role.INSURER)
    fallen = _party(3, Role.TRADER | Role.INSURER, status)
    for seller, buyer in ((fallen, BUYER), (trader, fallen)):
        with pytest.raises(PartyNotActive):
            check_invoice(seller=seller, buyer=buyer, taken=False)
    for owner, insured in ((fallen, BUYER), (insurer, fallen)):
        with pytest.raises(PartyNotActive):
            check_policy(insurer=owner, insured=insured, taken=False, expires=2, now=1)


def test_insurers_alone_issue_policies() -> None:
    check_policy(insurer=_party(1, Role.INSURER), insured=BUYER, taken=False, expires=2, now=1)
    with pytest.raises(RoleMissing):
        check_policy(insurer=_party(1, Role.TRADER), insured=BUYER, taken=False, expires=2, now=1)


@pytest.mark.parametrize(
    ("expires", "taken", "problem"), [(1, False, PolicyExpired), (2, True, AlreadyRegistered)]
)
def test_a_policy_is_issued_once_and_for_a_time_to_come(
    expires: int, taken: bool, problem: type[Exception]
) -> None:
    insurer = _party(1, Role.INSURER)
    with pytest.raises(problem):
        check_policy(insurer=insurer, insured=BUYER, taken=taken, expires=expires, now=1)
