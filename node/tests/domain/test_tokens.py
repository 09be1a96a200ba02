"""Signed tokens: nothing in a token chooses how it is believed."""

from __future__ import annotations

import json

import pytest
from joserfc.util import urlsafe_b64encode

from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.tokens import (
    TokenRefused,
    public_key,
    read_unverified,
    sign_token,
    verify_token,
)

KEYS = ExchangeKeys.from_secret(bytes(32))
KEY = public_key(KEYS.signing_jwk)
# RFC 7515, appendix A.3: ES256, without a type
ES256_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


def segment(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


def rule(refused: pytest.ExceptionInfo[TokenRefused]) -> object:
    return refused.value.extra["rule"]


class TestVerifyToken:
    def test_reads_what_was_signed(self) -> None:
        token = sign_token(KEYS, {"a": 1}, typ="x+jwt", kid="k")
        read = verify_token(token, KEY, typ="x+jwt")
        assert read.claims == {"a": 1}
        assert read.header == {"alg": "Ed25519", "typ": "x+jwt", "kid": "k"}

    @pytest.mark.parametrize("typ", ["APPLICATION/x+jwt", "X+JWT"])
    def test_types_are_compared_as_media_types(self, typ: str) -> None:
        verify_token(sign_token(KEYS, {}, typ=typ), KEY, typ="x+jwt")

    def test_another_type_is_another_statement(self) -> None:
        with pytest.raises(TokenRefused) as refused:
            verify_token(sign_token(KEYS, {}, typ="kb+jwt"), KEY, typ="vc+jwt")
        assert rule(refused) == "typ"

    def test_another_key_is_refused(self) -> None:
        other = public_key(ExchangeKeys.from_secret(b"\x01" * 32).signing_jwk)
        with pytest.raises(TokenRefused) as refused:
            verify_token(sign_token(KEYS, {}, typ="x"), other, typ="x")
        assert rule(refused) == "signature"

    def test_a_changed_claim_is_refused(self) -> None:
        header, _, signature = sign_token(KEYS, {"a": 1}, typ="x").split(".")
        with pytest.raises(TokenRefused) as refused:
            verify_token(f"{header}.{segment({'a': 2})}.{signature}", KEY, typ="x")
        assert rule(refused) == "signature"

    @pytest.mark.parametrize("alg", ["none", "HS256", "EdDSA", "", None, ["Ed25519"]])
    def test_no_other_algorithm_is_tried(self, alg: object) -> None:
        _, claims, signature = sign_token(KEYS, {}, typ="x").split(".")
        with pytest.raises(TokenRefused) as refused:
            verify_token(f"{segment({'alg': alg, 'typ': 'x'})}.{claims}.{signature}", KEY, typ="x")
        assert rule(refused) == "algorithm"

    def test_an_algorithm_of_another_kind_of_key_is_refused(self) -> None:
        with pytest.raises(TokenRefused):
            verify_token(sign_token(KEYS, {}, typ="x"), public_key(ES256_KEY), typ="x")

    @pytest.mark.parametrize("extension", [{"crit": ["exp"]}, {"b64": False}])
    def test_extensions_that_must_be_understood_are_not(self, extension: object) -> None:
        assert isinstance(extension, dict)
        with pytest.raises(TokenRefused) as refused:
            read_unverified(f"{segment({'alg': 'Ed25519'} | extension)}.{segment({})}.x")
        assert rule(refused) == "header"

    @pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "..", f"{segment([])}.{segment({})}.x"])
    def test_what_is_no_token_is_refused(self, text: str) -> None:
        with pytest.raises(TokenRefused) as refused:
            read_unverified(text)
        assert rule(refused) == "form"


class TestPublicKey:
    @pytest.mark.parametrize(
        "jwk",
        [
            {},
            {"kty": "oct", "k": "AA"},
            {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
            {"kty": "OKP", "crv": "X25519", "x": "AA"},
            {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
            {"kty": "OKP", "crv": "Ed25519", "x": 1},
            ES256_KEY | {"x": "AAAA"},
            KEYS.signing_jwk | {"d": "AAAA"},
        ],
    )
    def test_only_public_keys_of_two_kinds_are_taken(self, jwk: dict[str, str]) -> None:
        with pytest.raises(TokenRefused) as refused:
            public_key(jwk)
        assert rule(refused) == "key"
