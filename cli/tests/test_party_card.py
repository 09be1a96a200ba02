"""The party card: it comes back as it was written, and what is wrong with one is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tidan_cli.failures import CardUnusable
from tidan_cli.party_card import PartyCard, read_party_card
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.identifiers import Address, IssuerCode
from tidan_node.domain.parties import Role
from tidan_node.domain.profiles import Identifier, Profile
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.domain.tls_certificates import certificate_texts, new_certificate

KEY = NumberingKey((7).to_bytes(32, "big")).public_key
KEYS = ExchangeKeys.from_secret(bytes(range(32)))
CERTIFICATE = new_certificate(
    ec.generate_private_key(ec.SECP256R1()), ["127.0.0.1"], datetime(2026, 1, 1, tzinfo=UTC)
)
CERTIFICATES = certificate_texts([CERTIFICATE])
CARD = PartyCard(
    profile=Profile(
        name="Paper Heron Demo Line",
        identifiers=(Identifier("LEI", "TIDANDEMOCARRIER0125"),),
        node_url="http://127.0.0.1:8750",
        codes=("SMDG:TDZ",),
        signing_key=KEYS.signing_jwk,
        encryption_key=KEYS.encryption_jwk,
        tls_certificates=(CERTIFICATE,),
    ),
    roles=Role.CARRIER | Role.TRADER,
    account=Address("0x" + "1a" * 20),
    numbering_keys={IssuerCode("SMDG:TDZ"): KEY},
)


def changed(**members: object) -> bytes:
    document: dict[str, Any] = json.loads(CARD.to_json())  # Any: JSON
    return json.dumps(document | members).encode()


def test_a_card_comes_back_as_it_was_written() -> None:
    assert read_party_card(CARD.to_json()) == CARD


def test_a_card_may_name_no_keys() -> None:
    card = read_party_card(changed(signingKey=None, encryptionKey=None, tlsCertificates=[]))

    assert (card.profile.signing_key, card.profile.encryption_key) == (None, None)
    assert card.profile.tls_certificates == ()


def test_a_card_holds_nothing_secret() -> None:
    assert set(json.loads(CARD.to_json())) == {
        *("format", "version", "name", "identifiers", "roles", "account", "codes", "nodeUrl"),
        *("signingKey", "encryptionKey", "tlsCertificates"),
    }


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (b"{", "card"),
        (b"[]", "format"),
        (changed(format="other"), "format"),
        (changed(version=1), "version"),
        (changed(version=2), "version"),
        (changed(version=4), "version"),
        (changed(secret="x"), "card"),
        (changed(name=""), "name"),
        (changed(name=7), "identifiers"),
        (changed(identifiers=["LEI"]), "identifiers"),
        (changed(identifiers="LEI:X"), "identifiers"),
        (changed(identifiers=["LEI:TIDANDEMOCARRIER0126"]), "identifiers"),
        (changed(roles=[]), "roles"),
        (changed(roles=["PIRATE"]), "role"),
        (changed(account="0x12"), "account"),
        (changed(codes={"SMDG:TDZ": "02zz"}), "codes"),
        (changed(codes=[]), "codes"),
        (changed(nodeUrl="ftp://x"), "nodeUrl"),
        (changed(signingKey="x"), "signingKey"),
        (changed(signingKey=KEYS.encryption_jwk), "signingKey"),
        (changed(encryptionKey=KEYS.encryption_jwk | {"d": "x"}), "encryptionKey"),
        (changed(tlsCertificates=None), "tlsCertificates"),
        (changed(tlsCertificates="x"), "tlsCertificates"),
        (changed(tlsCertificates=["x"]), "tlsCertificates"),
        (changed(tlsCertificates=["MAMCAQc="]), "tlsCertificates"),
        (changed(tlsCertificates=[*CERTIFICATES, "MAMCAQc="]), "tlsCertificates"),
        (changed(tlsCertificates=CERTIFICATES * 3), "tlsCertificates"),
    ],
)
def test_a_card_that_is_wrong_is_refused_by_its_member(text: bytes, field: str) -> None:
    with pytest.raises(CardUnusable) as refused:
        read_party_card(text)

    assert refused.value.field == field


@pytest.mark.parametrize("key", ["0x02" + "00" * 31 + "01", "0x04" + "11" * 32, "0x02", "0x"])
def test_a_numbering_key_that_is_no_point_is_refused(key: str) -> None:
    with pytest.raises(CardUnusable):
        read_party_card(changed(codes={"SMDG:TDZ": key}))
