"""An ID token vouches for somebody only if its signature and each of its claims are right."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tests.people.clock import NOON
from tidan_node.people.id_tokens import Expected, SigningKeys, signing_keys, subject_of
from tidan_node.people.problems import SignInRefused

Key = RSAKey | ECKey | OKPKey

AT = int(NOON.timestamp())
EXPECTED = Expected(issuer="https://id.example", client_id="tidan", nonce="n-0S6")
KEYS: dict[str, Key] = {
    "RS256": RSAKey.generate_key(2048),
    "ES256": ECKey.generate_key("P-256"),
    "Ed25519": OKPKey.generate_key("Ed25519"),
}
CLAIMS = {
    "iss": "https://id.example",
    "sub": "248289761001",
    "aud": "tidan",
    "nonce": "n-0S6",
    "iat": AT,
    "exp": AT + 300,
}


def _published(**more: object) -> list[dict[str, Any]]:
    """The provider's JWK set; the kid of each key is its algorithm."""
    return [
        key.as_dict(private=False) | {"kid": alg, "use": "sig"} | more for alg, key in KEYS.items()
    ]


PUBLISHED = signing_keys(_published())


def _token(
    claims: Mapping[str, object] = CLAIMS,
    *,
    alg: str = "ES256",
    key: Key | None = None,
    header: Mapping[str, object] | None = None,
) -> str:
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    return jws.serialize_compact(
        {"alg": alg, "kid": alg} | dict(header or {}),
        json.dumps(claims),
        KEYS[alg] if key is None else key,
        registry=registry,
    )


def _rule(token: str, keys: SigningKeys = PUBLISHED) -> str:
    with pytest.raises(SignInRefused) as refusal:
        subject_of(token, keys, EXPECTED, NOON)
    assert "248289761001" not in json.dumps(refusal.value.document())
    return str(refusal.value.document()["rule"])


class TestSubjectOf:
    @pytest.mark.parametrize("alg", sorted(KEYS))
    def test_a_token_of_each_kind_of_key_is_believed(self, alg: str) -> None:
        assert subject_of(_token(alg=alg), PUBLISHED, EXPECTED, NOON) == "248289761001"

    @pytest.mark.parametrize("alg", [None, "EdDSA"])
    def test_eddsa_by_its_old_name_is_believed_with_ed25519(self, alg: str | None) -> None:
        published = [KEYS["Ed25519"].as_dict(private=False) | {"kid": "k", "alg": alg}]
        token = _by_hand({"alg": "EdDSA", "kid": "k"}, KEYS["Ed25519"].get_op_key("sign").sign)
        assert subject_of(token, signing_keys(published), EXPECTED, NOON) == "248289761001"

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"iss": "https://other.example"}, "issuer"),
            ({"iss": "https://id.example/"}, "issuer"),
            ({"iss": None}, "issuer"),
            ({"aud": "another"}, "audience"),
            ({"aud": None}, "audience"),
            ({"aud": ["another"]}, "audience"),
            ({"aud": ["tidan", "another"]}, "audience"),
            ({"aud": ["tidan", "another"], "azp": "another"}, "audience"),
            ({"azp": "another"}, "audience"),
            ({"nonce": "another"}, "nonce"),
            ({"nonce": None}, "nonce"),
            ({"nonce": 7}, "nonce"),
            ({"exp": AT - 60}, "expired"),
            ({"exp": None}, "time"),
            ({"exp": True}, "time"),
            ({"exp": "later"}, "time"),
            ({"iat": None}, "time"),
            ({"iat": AT + 61}, "time"),
            ({"iat": AT - 660}, "time"),
            ({"nbf": AT + 61}, "time"),
            ({"sub": None}, "subject"),
            ({"sub": ""}, "subject"),
            ({"sub": "é"}, "subject"),
            ({"sub": "a\0b"}, "subject"),
            ({"sub": "x" * 256}, "subject"),
        ],
    )
    def test_each_wrong_claim_is_refused_by_its_rule(
        self, changed: dict[str, object], rule: str
    ) -> None:
        assert _rule(_token(CLAIMS | changed)) == rule

    def test_several_audiences_need_their_authorised_party(self) -> None:
        token = _token(CLAIMS | {"aud": ["another", "tidan"], "azp": "tidan"})
        assert subject_of(token, PUBLISHED, EXPECTED, NOON) == "248289761001"

    @pytest.mark.parametrize("changed", [{"iat": AT + 60}, {"exp": AT - 59}, {"nbf": AT + 60}])
    def test_a_minute_of_skew_is_tolerated(self, changed: dict[str, object]) -> None:
        assert subject_of(_token(CLAIMS | changed), PUBLISHED, EXPECTED, NOON)

    def test_the_signature_of_another_key_is_refused(self) -> None:
        assert _rule(_token(key=ECKey.generate_key("P-256"))) == "signature"

    def test_a_changed_claim_breaks_the_signature(self) -> None:
        header, _, signature = _token().split(".")
        assert _rule(f"{header}.{_packed(CLAIMS | {'sub': '1'})}.{signature}") == "signature"

    def test_a_token_without_a_signature_is_refused(self) -> None:
        token = f"{_packed({'alg': 'none', 'kid': 'ES256'})}.{_packed(CLAIMS)}."
        assert _rule(token) == "algorithm"

    def test_a_public_key_is_no_shared_secret(self) -> None:
        pem = KEYS["RS256"].as_pem(private=False)
        token = _by_hand(
            {"alg": "HS256", "kid": "RS256"},
            lambda signed: hmac.digest(pem, signed, "sha256"),
        )
        assert _rule(token) == "algorithm"

    def test_a_key_is_good_for_its_own_algorithm_alone(self) -> None:
        keys = signing_keys([each | {"alg": "RS512"} for each in _published()])
        assert _rule(_token(alg="RS256"), keys) == "algorithm"
        assert _rule(_token(alg="RS512", key=KEYS["RS256"], header={"kid": "RS256"})) == "algorithm"

    def test_a_key_that_is_not_published_is_refused(self) -> None:
        assert _rule(_token(header={"kid": "another"})) == "key"

    def test_a_key_that_the_token_brings_along_is_not_used(self) -> None:
        own = ECKey.generate_key("P-256")
        token = _token(key=own, header={"jwk": own.as_dict(private=False)})
        assert _rule(token) == "signature"

    def test_a_critical_header_that_is_not_understood_is_refused(self) -> None:
        header = {"alg": "Ed25519", "kid": "Ed25519", "crit": ["exp"], "exp": AT}
        assert _rule(_by_hand(header, KEYS["Ed25519"].get_op_key("sign").sign)) == "form"

    @pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "é.b.c", "{}..", "." * 5])
    def test_what_is_no_token_is_refused(self, token: str) -> None:
        assert _rule(token) == "form"

    def test_claims_that_are_no_object_are_refused(self) -> None:
        registry = jws.JWSRegistry(algorithms=["ES256"])
        for payload in ("[]", "nothing", '"text"', "[" * 50_000):
            token = jws.serialize_compact(
                {"alg": "ES256", "kid": "ES256"}, payload, KEYS["ES256"], registry=registry
            )
            assert _rule(token) == "form"


class TestSigningKeys:
    def test_keys_for_encryption_and_keys_without_a_name_are_passed_over(self) -> None:
        assert signing_keys(_published(use="enc")) == {}
        assert signing_keys([{"kty": "EC"}, 7, None]) == {}
        unnamed = [
            {name: value for name, value in each.items() if name != "kid"} for each in _published()
        ]
        assert signing_keys(unnamed) == {}

    def test_weak_and_symmetric_keys_are_passed_over(self) -> None:
        weak = [
            OctKey.generate_key(256).as_dict() | {"kid": "oct"},
            ECKey.generate_key("P-521").as_dict(private=False) | {"kid": "p-521"},
            OKPKey.generate_key("X25519").as_dict(private=False) | {"kid": "x25519"},
            {"kid": "rsa", "kty": "RSA", "e": "AQAB", "n": _encoded(b"\xff" * 128)},
        ]
        assert signing_keys(weak) == {}

    def test_the_first_of_a_name_is_it(self) -> None:
        first, second = (ECKey.generate_key("P-256").as_dict(private=False) for _ in range(2))
        found = signing_keys([first | {"kid": "k"}, second | {"kid": "k"}])
        assert found["k"].key.as_dict(private=False)["x"] == first["x"]


def _by_hand(header: Mapping[str, object], sign: Callable[[bytes], bytes]) -> str:
    signed = f"{_packed(header)}.{_packed(CLAIMS)}"
    return f"{signed}.{_encoded(sign(signed.encode()))}"


def _packed(members: Mapping[str, object]) -> str:
    return _encoded(json.dumps(members).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
