"""Payments as banks tell them."""

from __future__ import annotations

from tests.verification.dossiers import PAID, RECEIVED, dossier
from tidan_node.verification.facts.papers import Payment
from tidan_node.verification.facts.recognition import GivenPaper, read_paper
from tidan_node.verification.facts.said import Money


def payments(content: bytes) -> tuple[Payment, ...]:
    read = read_paper(GivenPaper("payment.xml", content))
    assert read.fault is None
    return read.facts.payments


def test_a_transfer_says_who_pays_whom_how_much_for_what() -> None:
    (payment,) = payments(dossier()[PAID])

    assert payment.amount.value == Money(2744000, "USD")
    assert payment.payer is not None
    assert payment.payee is not None
    assert payment.payer.value.name == "Jade Kiln Demo Exports"
    assert payment.payee.value.name == "Kiln Valley Demo Works"
    assert [number.value for number in payment.pays] == ["KVW-2026-1107"]
    assert str(payment.on) == "2026-10-13"


def test_the_amount_instructed_counts_before_the_one_settled() -> None:
    instructed = '<InstdAmt Ccy="EUR">25000.00</InstdAmt><ChrgBr>'
    (payment,) = payments(dossier()[PAID].replace(b"<ChrgBr>", instructed.encode()))

    assert payment.amount.value == Money(2500000, "EUR")


def test_a_notice_says_what_came_in() -> None:
    (payment,) = payments(dossier()[RECEIVED])

    assert payment.amount.value == Money(3528000, "USD")
    assert payment.payer is not None
    assert payment.payer.value.identifiers == {"LEI:TIDANDEMOBUYER000125"}


def test_what_is_not_booked_has_not_moved() -> None:
    pending = dossier()[RECEIVED].replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts><Cd>PDNG</Cd></Sts>")

    assert payments(pending) == ()


def test_a_reversal_is_no_payment() -> None:
    reversal = dossier()[RECEIVED].replace(b"<Sts>", b"<RvslInd>true</RvslInd><Sts>")

    assert payments(reversal) == ()


def test_a_booking_without_amount_is_named() -> None:
    content = dossier()[RECEIVED].replace(b'<Amt Ccy="USD">35280.00</Amt>', b"")
    fault = read_paper(GivenPaper("payment.xml", content)).fault

    assert fault is not None
    assert fault.path.endswith("/Amt")
