"""A receipt is believed when the recipient has signed it about this very parcel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.story import exchange_keys
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parcels import Envelope, ParcelId
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.exchange.problems import ReceiptRefused
from tidan_node.exchange.receipts import TYPE, Receipt, believed

ENVELOPE = Envelope(ParcelId("5d" * 16), 1337, PartyIndex(1), PartyIndex(2))
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
RECEIPT = Receipt(ENVELOPE, "ab" * 32, "refused", "package-refused", "root", NOW)
KEYS = exchange_keys(2)


def test_the_recipients_own_is_believed() -> None:
    told = believed(RECEIPT.sign(KEYS), KEYS.signing_jwk, ENVELOPE, "ab" * 32)

    assert told == RECEIPT


def test_somebody_elses_is_not() -> None:
    with pytest.raises(ReceiptRefused):
        believed(RECEIPT.sign(exchange_keys(3)), KEYS.signing_jwk, ENVELOPE, "ab" * 32)


@pytest.mark.parametrize(
    "other",
    [
        replace(RECEIPT, digest="cd" * 32),
        replace(RECEIPT, envelope=replace(ENVELOPE, parcel_id=ParcelId("5e" * 16))),
        replace(RECEIPT, envelope=replace(ENVELOPE, sender=PartyIndex(3))),
        replace(RECEIPT, envelope=replace(ENVELOPE, chain_id=1)),
    ],
)
def test_one_about_something_else_is_not(other: Receipt) -> None:
    with pytest.raises(ReceiptRefused):
        believed(other.sign(KEYS), KEYS.signing_jwk, ENVELOPE, "ab" * 32)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "lost"},
        {"outcome": None},
        {"problem": 7},
        {"rule": "x" * 65},
        {"rule": ""},
        {"rule": "Root"},
        {"rule": "\u202e\n root"},
        {"problem": "\x1b]0;title\x07"},
        {"at": "yesterday"},
        {"at": "2026-11-22T09:30:00"},
        {"more": 1},
        {"version": 2},
    ],
)
def test_one_that_cannot_be_read_is_not(change: dict[str, Any]) -> None:
    statement = KEYS.sign_statement(TYPE, canonical_bytes(RECEIPT.members() | change))

    with pytest.raises(ReceiptRefused):
        believed(statement, KEYS.signing_jwk, ENVELOPE, "ab" * 32)


@pytest.mark.parametrize("payload", [b"[]", b"?", b"7"])
def test_one_that_is_no_object_is_not(payload: bytes) -> None:
    statement = KEYS.sign_statement(TYPE, payload)

    with pytest.raises(ReceiptRefused):
        believed(statement, KEYS.signing_jwk, ENVELOPE, "ab" * 32)


def test_another_statement_of_the_recipient_is_no_receipt() -> None:
    statement = KEYS.sign_statement("tidan-audit-report+jws", canonical_bytes(RECEIPT.members()))

    with pytest.raises(ReceiptRefused):
        believed(statement, KEYS.signing_jwk, ENVELOPE, "ab" * 32)
