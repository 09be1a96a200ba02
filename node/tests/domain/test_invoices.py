"""What seller and buyer may say of an invoice, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.domain.cast import CARRIER, STRANGER, revoked, standing, suspended
from tidan_node.domain.identifiers import ZERO_32, ContentRoot, RecordId, TitleId
from tidan_node.domain.invoices import Invoice, InvoiceStatus, InvoiceTerms
from tidan_node.domain.parties import PartyNotActive, Role, RoleMissing, Standing
from tidan_node.domain.record_problems import (
    AlreadyRegistered,
    BuyerIsTheSeller,
    EmptyValue,
    NotTheBuyer,
    NotTheSeller,
    WrongStatus,
)
from tidan_node.domain.title_problems import StaleSeq

SELLER, BUYER = standing(2), standing(3, Role(0))
TITLE = TitleId("0x" + "11" * 32)
TERMS = InvoiceTerms(RecordId("0x" + "77" * 32), ContentRoot("0x" + "33" * 32), 2, 1)
Act = Callable[[Invoice, Standing, int], Invoice]

ACTS: dict[str, Act] = {
    "accept": lambda invoice, caller, seq: invoice.accept(caller=caller, expected_seq=seq),
    "dispute": lambda invoice, caller, seq: invoice.dispute(caller=caller, expected_seq=seq),
    "settle": lambda invoice, caller, seq: invoice.settle(caller=caller, expected_seq=seq),
    "cancel": lambda invoice, caller, seq: invoice.cancel(caller=caller, expected_seq=seq),
    "link": lambda invoice, caller, seq: invoice.link(TITLE, caller=caller, expected_seq=seq),
}
OF_THE_BUYER = ("accept", "dispute")
R, A, D = InvoiceStatus.REGISTERED, InvoiceStatus.ACCEPTED, InvoiceStatus.DISPUTED
ALLOWED = {
    "accept": {R: A, D: A},
    "dispute": {R: D},
    "settle": {A: InvoiceStatus.SETTLED, D: InvoiceStatus.SETTLED},
    "cancel": {R: InvoiceStatus.CANCELLED, D: InvoiceStatus.CANCELLED},
    "link": {R: R, A: A, D: D},
}


def registered(
    seller: Standing = SELLER, buyer: Standing = BUYER, *, taken: bool = False
) -> Invoice:
    return Invoice.register(TERMS, seller=seller, buyer=buyer, taken=taken)


def able(act: str, status: InvoiceStatus) -> Invoice:
    """An invoice in this status; the act's own caller is `whose(act)`."""
    return replace(registered(), status=status, seq=5)


def whose(act: str) -> Standing:
    return BUYER if act in OF_THE_BUYER else SELLER


class TestRegister:
    def test_it_begins_with_what_its_seller_states(self) -> None:
        invoice = registered()
        assert (invoice.seller, invoice.buyer, invoice.seq) == (SELLER.party, BUYER.party, 1)
        assert (invoice.status, invoice.content_root) == (R, TERMS.content_root)

    @pytest.mark.parametrize("role", [Role.TRADER, Role.CARRIER, Role.TRADER | Role.BANK])
    def test_traders_and_carriers_write_invoices(self, role: Role) -> None:
        assert registered(standing(2, role)).status is R

    @pytest.mark.parametrize("role", [Role.BANK, Role.INSURER, Role(0)])
    def test_others_do_not(self, role: Role) -> None:
        with pytest.raises(RoleMissing):
            registered(standing(2, role))

    def test_a_number_is_registered_once(self) -> None:
        with pytest.raises(AlreadyRegistered):
            registered(taken=True)

    def test_nobody_sells_to_itself(self) -> None:
        with pytest.raises(BuyerIsTheSeller):
            registered(SELLER, SELLER)

    @pytest.mark.parametrize("fallen", [suspended, revoked])
    def test_both_sides_are_active(self, fallen: Callable[[Standing], Standing]) -> None:
        with pytest.raises(PartyNotActive) as seller:
            registered(fallen(SELLER))
        with pytest.raises(PartyNotActive) as buyer:
            registered(buyer=fallen(BUYER))
        assert (seller.value.field, buyer.value.field) == ("caller", "buyer")


@pytest.mark.parametrize("act", ACTS)
class TestActs:
    @pytest.mark.parametrize("status", InvoiceStatus)
    def test_each_is_possible_in_its_statuses_alone(self, act: str, status: InvoiceStatus) -> None:
        invoice, allowed = able(act, status), ALLOWED[act]
        if status in allowed:
            after = ACTS[act](invoice, whose(act), 5)
            assert after == replace(invoice, status=allowed[status], seq=6)
        else:
            with pytest.raises(WrongStatus):
                ACTS[act](invoice, whose(act), 5)

    def test_it_is_its_partys_own(self, act: str) -> None:
        invoice = able(act, next(iter(ALLOWED[act])))
        refusal = NotTheBuyer if act in OF_THE_BUYER else NotTheSeller
        other = SELLER if act in OF_THE_BUYER else BUYER
        for caller in (other, STRANGER, CARRIER):
            with pytest.raises(refusal) as refused:
                ACTS[act](invoice, caller, 5)
            assert refused.value.detail.endswith(f"party {whose(act).party}") or (
                f"party {whose(act).party} did" in refused.value.detail
            )

    @pytest.mark.parametrize("fallen", [suspended, revoked])
    def test_its_party_is_active(self, act: str, fallen: Callable[[Standing], Standing]) -> None:
        with pytest.raises(PartyNotActive):
            ACTS[act](able(act, next(iter(ALLOWED[act]))), fallen(whose(act)), 5)

    @pytest.mark.parametrize("seq", [4, 6])
    def test_it_is_for_the_invoice_that_was_seen(self, act: str, seq: int) -> None:
        with pytest.raises(StaleSeq) as refused:
            ACTS[act](able(act, InvoiceStatus.CANCELLED), STRANGER, seq)
        assert refused.value.extra == {"actualSeq": 5}


class TestLink:
    def test_it_names_a_title(self) -> None:
        with pytest.raises(EmptyValue):
            registered().link(TitleId(ZERO_32), caller=SELLER, expected_seq=1)
