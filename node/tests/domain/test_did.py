"""did:web by the examples of its specification (W3C CCG, "did:web Method Specification")."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tidan_node.domain.did import (
    DidMalformed,
    did_document,
    did_of,
    did_url,
    is_of_its_node,
    key_name,
    names_in,
    read_did_keys,
    thumbprint,
)
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.profiles import Identifier, Profile
from tidan_node.domain.proofs.canonical import canonical_bytes

PARTY = "tidan:31337:4"
KEYS = ExchangeKeys.from_secret(bytes(32))
PROFILE = Profile(
    "A Ltd",
    (Identifier("LEI", "213800KUD8LAJWSQ9D15"),),
    node_url="https://node.example:9750",
    signing_key=KEYS.signing_jwk,
    encryption_key=KEYS.encryption_jwk,
)
DID = "did:web:node.example%3A9750"


class TestDidUrl:
    @pytest.mark.parametrize(
        ("did", "url"),
        [
            ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
            (
                "did:web:w3c-ccg.github.io:user:alice",
                "https://w3c-ccg.github.io/user/alice/did.json",
            ),
            (
                "did:web:example.com%3A3000:user:alice",
                "https://example.com:3000/user/alice/did.json",
            ),
        ],
    )
    def test_is_where_the_specification_says(self, did: str, url: str) -> None:
        assert did_url(did) == url

    @pytest.mark.parametrize(
        "did",
        [
            "did:key:z6Mk",
            "did:web:",
            "did:web:a@b",
            "did:web:a%2Fb",
            "did:web:a:..%2F",
            "did:web:a:",
            "did:web:a:..",
            "did:web:a:%2E:b",
            "did:web:a%3A1%3A2",
            "did:web:a%253A1",
            "did:web:\uff41.example",
            "did:web:user%40a",
            "did:web:a%0D%0Ab",
            "did:web:a%3Fx",
        ],
    )
    def test_nothing_else_is_an_address(self, did: str) -> None:
        with pytest.raises(DidMalformed):
            did_url(did)


class TestDidOf:
    def test_is_the_nodes_address_where_none_is_stated(self) -> None:
        assert did_of(PROFILE) == DID
        assert is_of_its_node(PROFILE)

    def test_is_the_one_that_is_stated(self) -> None:
        own = replace(PROFILE, did="did:web:company.example")
        assert did_of(own) == "did:web:company.example"
        assert not is_of_its_node(own)

    @pytest.mark.parametrize("url", [None, "https://a.example/behind", "https://u:p@a.example"])
    def test_an_address_that_is_not_all_a_nodes_gives_none(self, url: str | None) -> None:
        assert did_of(replace(PROFILE, node_url=url)) is None


class TestDidDocument:
    def test_has_the_keys_of_the_profile_for_what_each_is_for(self) -> None:
        raw = canonical_bytes(did_document(PROFILE, PARTY))
        assert read_did_keys(raw, DID) == {
            "assertionMethod": [KEYS.signing_jwk],
            "keyAgreement": [KEYS.encryption_jwk],
        }

    def test_tells_what_else_the_party_is_called(self) -> None:
        document = did_document(PROFILE, PARTY)
        assert document["alsoKnownAs"] == [PARTY, "urn:lei:213800KUD8LAJWSQ9D15"]
        assert document["service"] == [
            {
                "id": f"{DID}#node",
                "type": "TidanNode",
                "serviceEndpoint": "https://node.example:9750",
            }
        ]

    def test_names_a_key_by_what_it_is(self) -> None:
        # RFC 8037, appendix A.3
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        assert thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        assert key_name(DID, jwk) == f"{DID}#{thumbprint(jwk)}"


class TestReadDidKeys:
    @pytest.mark.parametrize(
        "changed",
        [
            {"assertionMethod": []},
            {"verificationMethod": []},
            {"verificationMethod": None},
            {"assertionMethod": "all"},
        ],
    )
    def test_a_key_is_taken_only_for_the_purpose_that_is_given(
        self, changed: dict[str, Any]
    ) -> None:
        raw = json.dumps(did_document(PROFILE, PARTY) | changed).encode()
        assert read_did_keys(raw, DID)["assertionMethod"] == []

    def test_a_key_that_somebody_else_controls_is_not_the_partys(self) -> None:
        text = json.dumps(did_document(PROFILE, PARTY)).replace(
            f'"controller": "{DID}"', '"controller": "did:web:other.example"'
        )
        assert read_did_keys(text.encode(), DID)["assertionMethod"] == []

    def test_the_party_is_among_its_names(self) -> None:
        assert PARTY in names_in(canonical_bytes(did_document(PROFILE, PARTY)), DID)

    @pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"id":"did:web:other.example"}'])
    def test_the_document_of_another_is_refused(self, raw: bytes) -> None:
        with pytest.raises(DidMalformed):
            read_did_keys(raw, DID)
