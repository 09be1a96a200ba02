"""SD-JWT by the vectors of its standard, and what a hostile issuer or holder might send.

ISSUED and DISCLOSURES: RFC 9901 §5.1, with the issuer's key of its appendix A.5. The presentation
of §5.2 is quoted from draft-ietf-oauth-selective-disclosure-jwt-20, the RFC's own text before its
examples were signed anew: the same claims under another signature, with the key binding over it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from joserfc.util import urlsafe_b64encode

from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.sd_jwt import (
    KEY_BINDING,
    Disclosure,
    SdJwt,
    blinded,
    disclosed,
    verify_key_binding,
)
from tidan_node.domain.tokens import (
    Claims,
    TokenRefused,
    public_key,
    read_unverified,
    sign_token,
    verify_token,
)

ISSUER_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
    "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
}
UNSIGNED = (
    "eyJhbGciOiAiRVMyNTYiLCAidHlwIjogImV4YW1wbGUrc2Qtand0In0."
    "eyJfc2QiOiBbIkNyUWU3UzVrcUJBSHQtbk1ZWGdjNmJkdDJTSDVhVFkxc1VfTS1QZ2tq"
    "UEkiLCAiSnpZakg0c3ZsaUgwUjNQeUVNZmVadTZKdDY5dTVxZWhabzdGN0VQWWxTRSIs"
    "ICJQb3JGYnBLdVZ1Nnh5bUphZ3ZrRnNGWEFiUm9jMkpHbEFVQTJCQTRvN2NJIiwgIlRH"
    "ZjRvTGJnd2Q1SlFhSHlLVlFaVTlVZEdFMHc1cnREc3JaemZVYW9tTG8iLCAiWFFfM2tQ"
    "S3QxWHlYN0tBTmtxVlI2eVoyVmE1TnJQSXZQWWJ5TXZSS0JNTSIsICJYekZyendzY002"
    "R242Q0pEYzZ2Vks4QmtNbmZHOHZPU0tmcFBJWmRBZmRFIiwgImdiT3NJNEVkcTJ4Mkt3"
    "LXc1d1BFemFrb2I5aFYxY1JEMEFUTjNvUUw5Sk0iLCAianN1OXlWdWx3UVFsaEZsTV8z"
    "Smx6TWFTRnpnbGhRRzBEcGZheVF3TFVLNCJdLCAiaXNzIjogImh0dHBzOi8vaXNzdWVy"
    "LmV4YW1wbGUuY29tIiwgImlhdCI6IDE2ODMwMDAwMDAsICJleHAiOiAxODgzMDAwMDAw"
    "LCAic3ViIjogInVzZXJfNDIiLCAibmF0aW9uYWxpdGllcyI6IFt7Ii4uLiI6ICJwRm5k"
    "amtaX1ZDem15VGE2VWpsWm8zZGgta284YUlLUWM5RGxHemhhVllvIn0sIHsiLi4uIjog"
    "IjdDZjZKa1B1ZHJ5M2xjYndIZ2VaOGtoQXYxVTFPU2xlclAwVmtCSnJXWjAifV0sICJf"
    "c2RfYWxnIjogInNoYS0yNTYiLCAiY25mIjogeyJqd2siOiB7Imt0eSI6ICJFQyIsICJj"
    "cnYiOiAiUC0yNTYiLCAieCI6ICJUQ0FFUjE5WnZ1M09IRjRqNFc0dmZTVm9ISVAxSUxp"
    "bERsczd2Q2VHZW1jIiwgInkiOiAiWnhqaVdXYlpNUUdIVldLVlE0aGJTSWlyc1ZmdWVj"
    "Q0U2dDRqVDlGMkhaUSJ9fX0."
)
ISSUED = UNSIGNED + (
    "MczwjBFGtzf-6WMT-hIvYbkb11NrV1WMO-jTijpMPNbswNzZ87wY2uHz-CXo6R04b7jYrpj9mNRAvVssXou1iw"
)
DISCLOSURES = {
    "given_name": "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd",
    "family_name": "WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImZhbWlseV9uYW1lIiwgIkRvZSJd",
    "updated_at": "WyJHMDJOU3JRZmpGWFE3SW8wOXN5YWpBIiwgInVwZGF0ZWRfYXQiLCAxNTcwMDAwMDAwXQ",
    "address": "WyJBSngtMDk1VlBycFR0TjRRTU9xUk9BIiwgImFkZHJlc3MiLCB7InN0cmVldF9hZGRyZXNzIjog"
    "IjEyMyBNYWluIFN0IiwgImxvY2FsaXR5IjogIkFueXRvd24iLCAicmVnaW9uIjogIkFueXN0YXRlIiwgImNvdW50"
    "cnkiOiAiVVMifV0",
    "US": "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIlVTIl0",
    "DE": "WyJuUHVvUW5rUkZxM0JJZUFtN0FuWEZBIiwgIkRFIl0",
}
DIGESTS = {
    "updated_at": "CrQe7S5kqBAHt-nMYXgc6bdt2SH5aTY1sU_M-PgkjPI",
    "address": "XzFrzwscM6Gn6CJDc6vVK8BkMnfG8vOSKfpPIZdAfdE",
    "US": "pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo",
    "DE": "7Cf6JkPudry3lcbwHgeZ8khAv1U1OSlerP0VkBJrWZ0",
}
PRESENTED = "~".join(
    (
        UNSIGNED
        + "zjhXTlVnC9cFuDlL7JuR2TK7DCo0XtlMpbuNVNZJhWOkCPsRHn9oHNQkI02D6YziRYsapgbA_tV4-0LmAfA53Q",
        *(DISCLOSURES[name] for name in ("family_name", "address", "given_name", "US")),
        "eyJhbGciOiAiRVMyNTYiLCAidHlwIjogImtiK2p3dCJ9."
        "eyJub25jZSI6ICIxMjM0NTY3ODkwIiwgImF1ZCI6ICJodHRwczovL3ZlcmlmaWVyLmV4YW1wbGUub3JnIiwgIml"
        "hdCI6IDE3NDgzNjE5NDEsICJzZF9oYXNoIjogIjEtTGNmNkNpQm1QNzJKREZ1QkYwYnZhbFMtRnpJbFh5aUNrSl"
        "hwN3BKbWMifQ.4OCivqequv7GMn45GWWEBceEwvByv9wY61HvxbOKY0pOxyto9-HG2coh1D3frjl1AhF-vDnB1C"
        "D0SXL32P-toA",
    )
)
AUDIENCE, NONCE = "https://verifier.example.org", "1234567890"
SIGNED_AT = datetime.fromtimestamp(1748361941, UTC)
KEYS = ExchangeKeys.from_secret(bytes(32))


def shown(*names: str) -> SdJwt:
    return SdJwt.parse("~".join((ISSUED, *(DISCLOSURES[name] for name in names), "")))


def claims_of(sd_jwt: SdJwt) -> Claims:
    return disclosed(read_unverified(sd_jwt.token).claims, sd_jwt.disclosures)


def rule(refused: pytest.ExceptionInfo[TokenRefused]) -> object:
    return refused.value.extra["rule"]


def part(*values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()


class TestVectors:
    def test_the_issuer_has_signed_it(self) -> None:
        verify_token(ISSUED, public_key(ISSUER_KEY), typ="example+sd-jwt")

    @pytest.mark.parametrize("name", DIGESTS)
    def test_the_digest_of_a_disclosure(self, name: str) -> None:
        assert Disclosure.parse(DISCLOSURES[name]).digest == DIGESTS[name]

    def test_what_is_disclosed_stands_in_its_place(self) -> None:
        claims = claims_of(SdJwt.parse(PRESENTED))
        key = claims.pop("cnf")
        assert isinstance(key, dict)
        assert claims == {
            "iss": "https://issuer.example.com",
            "iat": 1683000000,
            "exp": 1883000000,
            "sub": "user_42",
            "nationalities": ["US"],
            "family_name": "Doe",
            "address": {
                "street_address": "123 Main St",
                "locality": "Anytown",
                "region": "Anystate",
                "country": "US",
            },
            "given_name": "John",
        }

    def test_nothing_disclosed_is_nothing_told(self) -> None:
        claims = claims_of(shown())
        assert set(claims) == {"iss", "iat", "exp", "sub", "nationalities", "cnf"}
        assert claims["nationalities"] == []

    def test_the_holder_has_signed_what_is_shown(self) -> None:
        presented = SdJwt.parse(PRESENTED)
        assert presented.sd_hash == "1-Lcf6CiBmP72JDFuBF0bvalS-FzIlXyiCkJXp7pJmc"
        verify_token(presented.token, public_key(ISSUER_KEY), typ="example+sd-jwt")
        verify_key_binding(presented, holder_key(), audience=AUDIENCE, nonce=NONCE, now=SIGNED_AT)

    def test_the_text_is_the_one_that_was_read(self) -> None:
        assert str(SdJwt.parse(PRESENTED)) == PRESENTED


def holder_key() -> Any:
    cnf: Any = read_unverified(SdJwt.parse(PRESENTED).token).claims["cnf"]
    return public_key(cnf["jwk"])


class TestVerifyKeyBinding:
    @pytest.mark.parametrize(
        ("changed", "broken"),
        [
            ({"audience": "https://another.example.org"}, "audience"),
            ({"nonce": "0987654321"}, "nonce"),
            ({"now": SIGNED_AT + timedelta(minutes=6)}, "time"),
            ({"now": SIGNED_AT - timedelta(minutes=2)}, "time"),
        ],
    )
    def test_it_serves_for_one_moment_one_audience_and_one_nonce(
        self, changed: dict[str, Any], broken: str
    ) -> None:
        asked: dict[str, Any] = {"audience": AUDIENCE, "nonce": NONCE, "now": SIGNED_AT} | changed
        with pytest.raises(TokenRefused) as refused:
            verify_key_binding(SdJwt.parse(PRESENTED), holder_key(), **asked)
        assert rule(refused) == broken

    def test_a_disclosure_less_is_another_presentation(self) -> None:
        presented = SdJwt.parse(PRESENTED)
        fewer = SdJwt(presented.token, presented.disclosures[1:], presented.key_binding)
        with pytest.raises(TokenRefused) as refused:
            verify_key_binding(fewer, holder_key(), audience=AUDIENCE, nonce=NONCE, now=SIGNED_AT)
        assert rule(refused) == "sd-hash"

    def test_none_is_not_enough(self) -> None:
        with pytest.raises(TokenRefused) as refused:
            verify_key_binding(
                shown("US"), holder_key(), audience=AUDIENCE, nonce=NONCE, now=SIGNED_AT
            )
        assert rule(refused) == "key-binding"

    def test_of_another_key_it_is_refused(self) -> None:
        with pytest.raises(TokenRefused) as refused:
            verify_key_binding(
                SdJwt.parse(PRESENTED),
                public_key(KEYS.signing_jwk),
                audience=AUDIENCE,
                nonce=NONCE,
                now=SIGNED_AT,
            )
        assert rule(refused) in ("signature", "form")

    def test_the_issuers_own_token_is_no_key_binding(self) -> None:
        token = sign_token(KEYS, {"aud": AUDIENCE, "nonce": NONCE}, typ="vc+jwt")
        presented = SdJwt(ISSUED, (), token)
        with pytest.raises(TokenRefused) as refused:
            verify_key_binding(
                presented,
                public_key(KEYS.signing_jwk),
                audience=AUDIENCE,
                nonce=NONCE,
                now=SIGNED_AT,
            )
        assert rule(refused) == "typ"


class TestDisclosed:
    def test_a_disclosure_that_nobody_has_signed_is_refused(self) -> None:
        made_up = part("salt", "role", "admin")
        with pytest.raises(TokenRefused) as refused:
            claims_of(SdJwt.parse(f"{ISSUED}~{DISCLOSURES['US']}~{made_up}~"))
        assert rule(refused) == "disclosure"

    def test_a_disclosure_twice_is_refused(self) -> None:
        with pytest.raises(TokenRefused):
            claims_of(shown("US", "US"))

    def test_it_cannot_write_over_what_was_signed(self) -> None:
        over = Disclosure.of("sub", "somebody else")
        with pytest.raises(TokenRefused):
            disclosed({"sub": "a", "_sd": [over.digest]}, [over])

    def test_the_same_digest_in_two_places_is_refused(self) -> None:
        once = Disclosure.of("name", "A")
        with pytest.raises(TokenRefused) as refused:
            disclosed({"_sd": [once.digest], "inner": {"_sd": [once.digest]}}, [once])
        assert rule(refused) == "digest"

    def test_another_hash_is_not_guessed(self) -> None:
        with pytest.raises(TokenRefused) as refused:
            disclosed({"_sd_alg": "sha-1"}, [])
        assert rule(refused) == "digest"

    @pytest.mark.parametrize(
        "text",
        [
            part("salt", "_sd", ["x"]),
            part("salt", "...", 1),
            part(1, "a", 2),
            part("salt"),
            "%",
            "",
        ],
    )
    def test_a_disclosure_in_another_form_is_refused(self, text: str) -> None:
        with pytest.raises(TokenRefused):
            SdJwt.parse(f"{ISSUED}~{text}~~")

    def test_disclosures_in_disclosures_come_to_an_end(self) -> None:
        inner = Disclosure.of("end", 1)
        made = [inner]
        for _ in range(60):
            inner = Disclosure.of("next", {"_sd": [inner.digest]})
            made.append(inner)
        with pytest.raises(TokenRefused) as refused:
            disclosed({"_sd": [inner.digest]}, made)
        assert rule(refused) == "form"


class TestBlinded:
    CLAIMS: Claims = {"iss": "A", "about": {"name": "Bo Ltd", "address": {"city": "Köln"}}}  # noqa: RUF012

    def test_what_is_concealed_can_be_shown_again(self) -> None:
        paths = [("about", "name"), ("about", "address"), ("about", "address", "city")]
        concealed, made = blinded(self.CLAIMS, paths)
        assert set(concealed) == {"iss", "about", "_sd_alg"}
        about = concealed["about"]
        assert isinstance(about, dict)
        assert set(about) == {"_sd"}
        assert disclosed(concealed, made) == self.CLAIMS

    def test_one_claim_is_shown_without_the_others(self) -> None:
        concealed, made = blinded(self.CLAIMS, [("about", "name"), ("about", "address")])
        some = [each for each in made if each.name == "name"]
        assert disclosed(concealed, some) == {"iss": "A", "about": {"name": "Bo Ltd"}}

    def test_a_holder_binds_it_to_its_key(self) -> None:
        concealed, made = blinded(self.CLAIMS, [("about", "name")])
        token = sign_token(KEYS, concealed, typ="vc+sd-jwt")
        sign = partial(sign_token, KEYS, typ=KEY_BINDING)
        bound = SdJwt(token, made).bound_by(sign, audience="B", nonce="nonce-1", now=SIGNED_AT)
        verify_key_binding(
            SdJwt.parse(str(bound)),
            public_key(KEYS.signing_jwk),
            audience="B",
            nonce="nonce-1",
            now=SIGNED_AT,
        )
