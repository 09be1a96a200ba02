"""Only the holder of the key opens a parcel, and only under the envelope that it was sealed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.story import exchange_keys
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parcels import Envelope, Inside, ParcelId, SealedParcel
from tidan_node.exchange.problems import SealBroken
from tidan_node.exchange.sealing import open_sealed, seal

ENVELOPE = Envelope(ParcelId("5d" * 16), 1337, PartyIndex(1), PartyIndex(2))
INSIDE = Inside("title", b"a bill of lading" * 10_000)


@pytest.fixture(scope="module")
def sealed() -> SealedParcel:
    return seal(ENVELOPE, INSIDE, exchange_keys(2).encryption_jwk)


def test_the_recipient_opens_it(sealed: SealedParcel) -> None:
    assert open_sealed(sealed, exchange_keys(2)) == INSIDE


def test_nobody_else_opens_it(sealed: SealedParcel) -> None:
    with pytest.raises(SealBroken):
        open_sealed(sealed, exchange_keys(3))


def test_it_is_sealed_differently_each_time(sealed: SealedParcel) -> None:
    again = seal(ENVELOPE, INSIDE, exchange_keys(2).encryption_jwk)

    for member in ("ciphertext", "iv", "tag", "recipients"):
        assert again.jwe[member] != sealed.jwe[member]


@pytest.mark.parametrize(
    "change",
    [
        {"parcel_id": "5e" * 16},
        {"chain_id": 1},
        {"sender": 3},
        {"recipient": 3},
    ],
)
def test_another_envelope_does_not_fit(sealed: SealedParcel, change: dict[str, Any]) -> None:
    moved = SealedParcel(replace(ENVELOPE, **change), sealed.jwe)

    with pytest.raises(SealBroken):
        open_sealed(moved, exchange_keys(2))


@pytest.mark.parametrize("member", ["ciphertext", "iv", "tag", "protected", "aad"])
def test_no_character_of_it_can_be_another(sealed: SealedParcel, member: str) -> None:
    text = str(sealed.jwe[member])
    other = ("A" if text[0] != "A" else "B") + text[1:]

    with pytest.raises(SealBroken):
        open_sealed(SealedParcel(ENVELOPE, sealed.jwe | {member: other}), exchange_keys(2))


@pytest.mark.parametrize(
    "change",
    [
        {"unprotected": {"alg": "dir"}},
        {"recipients": []},
        {"recipients": "none"},
        {"recipients": [{}]},
        {"recipients": [{"header": None, "encrypted_key": "AA"}]},
        {"ciphertext": 7},
        {"iv": None},
        {"tag": "?"},
        {"protected": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0"},
        {"protected": "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00iLCJ6aXAiOiJERUYifQ"},
    ],
)
def test_what_is_sealed_in_another_way_is_not_opened(
    sealed: SealedParcel, change: dict[str, Any]
) -> None:
    with pytest.raises(SealBroken):
        open_sealed(SealedParcel(ENVELOPE, sealed.jwe | change), exchange_keys(2))


def test_two_recipients_are_one_too_many(sealed: SealedParcel) -> None:
    recipients: Any = sealed.jwe["recipients"]

    with pytest.raises(SealBroken):
        open_sealed(
            SealedParcel(ENVELOPE, sealed.jwe | {"recipients": recipients * 2}), exchange_keys(2)
        )
