"""An invoice and a policy between nodes that are processes of their own, on a real chain."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

import pytest

from tests.system.consortium import Consortium, Member, wait_until
from tidan_cli.demo.cast import BANK, BUYER, INSURER, SHIPPER
from tidan_cli.exits import ExitCode

pytestmark = pytest.mark.system
PAPERS: Final = Path(str(resources.files("tidan_cli.demo"))) / "documents" / "dossier"


@dataclass(frozen=True)
class Trade:
    """Four members whose nodes reach each other."""

    seller: Member
    buyer: Member
    insurer: Member
    bank: Member


@pytest.fixture(scope="module")
def trade(consortium: Consortium) -> Trade:
    members = []
    for role in (SHIPPER, BUYER, INSURER, BANK):
        member = consortium.member(role.key, role.role, role.identifier)
        member.serve()
        members.append(member)
    return Trade(*members)


def reads(member: Member, path: str, seq: int) -> None:
    """The member's node has read so many acts of the record."""
    wait_until(lambda: member.get(path)["seq"] == seq, f"{member.home.name} reads act {seq}")


def test_an_invoice_reaches_its_buyer_who_accepts_it_and_is_settled(trade: Trade) -> None:
    registered = trade.seller.tidan(
        *("invoice", "register", PAPERS / "resale-invoice.xml", "--buyer", BUYER.identifier)
    ).answer
    invoice = registered["invoice"]
    assert registered["parcel"]["status"] == "delivered"

    reads(trade.buyer, f"/v1/invoices/{invoice}", 1)
    trade.buyer.tidan("invoice", "dispute", invoice, "--reason", "QUANTITY")
    trade.buyer.tidan("invoice", "accept", invoice)
    reads(trade.seller, f"/v1/invoices/{invoice}", 3)
    refused = trade.seller.tidan("invoice", "cancel", invoice, expected=ExitCode.REFUSED)
    trade.seller.tidan("invoice", "settle", invoice)

    assert refused.problem["type"] == "/v1/problems/wrong-status"
    for member in (trade.seller, trade.bank):
        reads(member, f"/v1/invoices/{invoice}", 4)
        history = member.tidan("invoice", "history", invoice).answer
        acts = [act["act"] for act in history["acts"]]
        assert acts == ["REGISTER", "DISPUTE", "ACCEPT", "SETTLE"]
    assert trade.bank.get(f"/v1/invoices/{invoice}")["holdsContent"] is False


def test_a_policy_reaches_the_insured_and_with_its_assignment_the_bank(trade: Trade) -> None:
    paper = PAPERS / "cargo-policy.json"
    issued = trade.insurer.tidan("policy", "issue", paper, "--insured", SHIPPER.identifier).answer
    policy = issued["policy"]
    assert issued["parcel"]["status"] == "delivered"

    reads(trade.seller, f"/v1/policies/{policy}", 1)
    trade.insurer.tidan(
        *("policy", "assign", policy, "--to", BANK.identifier), expected=ExitCode.REFUSED
    )
    assigned = trade.seller.tidan("policy", "assign", policy, "--to", BANK.identifier).answer
    assert assigned["parcel"]["party"]["name"] == trade.bank.home.name
    reads(trade.insurer, f"/v1/policies/{policy}", 2)
    endorsed = trade.insurer.tidan("policy", "endorse", policy, paper).answer

    assert (assigned["parcel"]["status"], endorsed["parcel"]["status"]) == ("delivered",) * 2
    reads(trade.bank, f"/v1/policies/{policy}", 3)
    shown = trade.bank.get(f"/v1/policies/{policy}")
    assert (shown["status"], shown["version"]) == ("ASSIGNED", 2)
    acts = trade.bank.tidan("policy", "history", policy).answer["acts"]
    assert [act["act"] for act in acts] == ["ISSUE", "ASSIGN", "ENDORSE"]
