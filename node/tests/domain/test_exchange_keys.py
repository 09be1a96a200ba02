"""Exchange keys: RFC 8037's and RFC 7748's vectors, and statements that must not be believed."""

from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from tidan_node.domain.exchange_keys import (
    LARGEST_STATEMENT,
    Curve,
    ExchangeKeys,
    PublicKeyMalformed,
    StatementRefused,
    public_jwk,
    sealing_key,
    verification_key,
    verify_statement,
)

SECRET = bytes(range(32))
KEYS = ExchangeKeys.from_secret(SECRET)
OTHER = ExchangeKeys.from_secret(bytes(32))
TYP = "tidan-test+jws"

# RFC 8037 appendix A.1 to A.4: the key of RFC 8032's first test, and a JWS under it
RFC_8037_SEED = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
RFC_8037_JWK = {
    "crv": "Ed25519",
    "kty": "OKP",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
RFC_8037_SIGNED = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
RFC_8037_SIGNATURE = (
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
# RFC 7748 section 6.1, which RFC 8037 appendix A.6 takes as the receiver
BOB_PRIVATE = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
BOB_PUBLIC = "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def of_the_vectors() -> ExchangeKeys:
    return ExchangeKeys(
        Ed25519PrivateKey.from_private_bytes(decoded(RFC_8037_SEED)),
        X25519PrivateKey.from_private_bytes(bytes.fromhex(BOB_PRIVATE)),
    )


def derived(info: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869), by hand: no salt, one block."""
    extracted = hmac.digest(bytes(32), SECRET, sha256)
    return hmac.digest(extracted, info + b"\x01", sha256)


class TestKeys:
    def test_the_public_keys_of_the_vectors_are_those_of_the_standard(self) -> None:
        keys = of_the_vectors()
        assert keys.signing_jwk == RFC_8037_JWK
        assert keys.encryption_jwk == {"crv": "X25519", "kty": "OKP", "x": BOB_PUBLIC}

    def test_a_signature_is_that_of_the_standard(self) -> None:
        assert encoded(of_the_vectors().sign(RFC_8037_SIGNED)) == RFC_8037_SIGNATURE
        verification_key(RFC_8037_JWK).verify(decoded(RFC_8037_SIGNATURE), RFC_8037_SIGNED)

    def test_both_keys_come_of_one_secret_by_names_of_their_own(self) -> None:
        signing = Ed25519PrivateKey.from_private_bytes(derived(b"tidan/exchange/signing/1"))
        encryption = X25519PrivateKey.from_private_bytes(derived(b"tidan/exchange/encryption/1"))
        expected = ExchangeKeys(signing, encryption)
        assert KEYS.signing_jwk == expected.signing_jwk
        assert KEYS.encryption_jwk == expected.encryption_jwk

    def test_nothing_secret_is_in_what_is_published(self) -> None:
        assert set(KEYS.signing_jwk) == set(KEYS.encryption_jwk) == {"crv", "kty", "x"}
        assert SECRET.hex() not in repr(KEYS)

    @pytest.mark.parametrize("length", [0, 31, 33])
    def test_a_secret_of_another_length_is_refused(self, length: int) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            ExchangeKeys.from_secret(bytes(length))

    def test_what_is_sealed_with_the_public_key_opens_with_the_private_one_alone(self) -> None:
        header = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}
        algorithms = list(header.values())
        key = sealing_key(KEYS.encryption_jwk)
        sealed = jwe.encrypt_compact(header, b"salts", key, algorithms=algorithms)

        opened = jwe.decrypt_compact(sealed, KEYS.decryption_key, algorithms=algorithms)

        assert opened.plaintext == b"salts"
        with pytest.raises((JoseError, InvalidUnwrap)):
            jwe.decrypt_compact(sealed, OTHER.decryption_key, algorithms=algorithms)


class TestStatements:
    def test_a_statement_comes_back_as_it_was_signed(self) -> None:
        for payload in (b"{}", b"", b"\x00" * 1_000_000):
            statement = KEYS.sign_statement(TYP, payload)
            assert verify_statement(KEYS.signing_jwk, statement, TYP) == payload

    def test_the_form_is_a_compact_jws_of_this_type(self) -> None:
        header, payload, _ = KEYS.sign_statement(TYP, b"words").split(".")
        assert json.loads(decoded(header)) == {"alg": "Ed25519", "typ": TYP}
        assert decoded(payload) == b"words"

    def test_a_statement_of_another_key_is_refused(self) -> None:
        with pytest.raises(StatementRefused) as refused:
            verify_statement(OTHER.signing_jwk, KEYS.sign_statement(TYP, b"words"), TYP)
        assert refused.value.extra == {"rule": "signature"}

    def test_a_statement_of_another_type_is_refused(self) -> None:
        with pytest.raises(StatementRefused) as refused:
            verify_statement(KEYS.signing_jwk, KEYS.sign_statement(TYP, b"words"), "other+jws")
        assert refused.value.extra == {"rule": "header"}

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_no_letter_can_be_changed(self, part: int) -> None:
        parts = KEYS.sign_statement(TYP, b"some words that matter").split(".")
        for place in range(len(parts[part])):
            letter = "A" if parts[part][place] != "A" else "B"
            text = parts[part][:place] + letter + parts[part][place + 1 :]
            changed = ".".join([*parts[:part], text, *parts[part + 1 :]])
            with pytest.raises(StatementRefused):
                verify_statement(KEYS.signing_jwk, changed, TYP)

    @pytest.mark.parametrize(
        "header",
        [
            {"alg": "none", "typ": TYP},
            {"alg": "EdDSA", "typ": TYP},
            {"alg": "HS256", "typ": TYP},
            {"alg": "Ed25519"},
            {"alg": "Ed25519", "typ": TYP, "jwk": OTHER.signing_jwk},
            {"alg": "Ed25519", "typ": TYP, "b64": False, "crit": ["b64"]},
            {"alg": "Ed25519", "typ": TYP, "kid": "1"},
            ["alg", "typ"],
            7,
        ],
    )
    def test_a_header_that_says_more_or_less_is_refused(self, header: object) -> None:
        signed = f"{encoded(json.dumps(header).encode())}.{encoded(b'words')}"
        statement = f"{signed}.{encoded(KEYS.sign(signed.encode()))}"
        with pytest.raises(StatementRefused) as refused:
            verify_statement(KEYS.signing_jwk, statement, TYP)
        assert refused.value.extra == {"rule": "header"}

    @pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "ä.b.c", "e30", "=.=.=", "\ud800.."])
    def test_what_is_no_statement_is_refused(self, text: str) -> None:
        with pytest.raises(StatementRefused):
            verify_statement(KEYS.signing_jwk, text, TYP)

    def test_parts_too_many_or_too_few_are_refused(self) -> None:
        statement = KEYS.sign_statement(TYP, b"words")
        for text in (statement + ".", statement + ".AA", statement.rpartition(".")[0]):
            with pytest.raises(StatementRefused):
                verify_statement(KEYS.signing_jwk, text, TYP)

    def test_a_statement_beyond_all_measure_is_not_read(self) -> None:
        header = KEYS.sign_statement(TYP, b"").partition(".")[0]
        with pytest.raises(StatementRefused):
            verify_statement(KEYS.signing_jwk, f"{header}.{'A' * 2 * LARGEST_STATEMENT}.AA", TYP)


class TestPublicKeys:
    def test_the_strict_form_is_read(self) -> None:
        assert public_jwk(dict(RFC_8037_JWK), "Ed25519", "signingKey") == RFC_8037_JWK

    @pytest.mark.parametrize(
        "value",
        [
            None,
            [],
            "key",
            {},
            KEYS.encryption_jwk,
            RFC_8037_JWK | {"d": RFC_8037_SEED},
            RFC_8037_JWK | {"kid": "1"},
            RFC_8037_JWK | {"kty": "EC"},
            RFC_8037_JWK | {"x": RFC_8037_JWK["x"] + "="},
            RFC_8037_JWK | {"x": RFC_8037_JWK["x"][:-1]},
            RFC_8037_JWK | {"x": RFC_8037_JWK["x"][:-1] + "p"},
            RFC_8037_JWK | {"x": "ä" * 43},
            RFC_8037_JWK | {"x": 7},
            RFC_8037_JWK | {"x": encoded(bytes(33))},
        ],
    )
    def test_every_other_form_is_refused_by_its_member(self, value: object) -> None:
        with pytest.raises(PublicKeyMalformed) as refused:
            public_jwk(value, "Ed25519", "signingKey")
        assert refused.value.field == "signingKey"

    @pytest.mark.parametrize(
        ("curve", "point"),
        [
            ("Ed25519", "01" + "00" * 31),  # the neutral element
            ("Ed25519", "ec" + "ff" * 30 + "7f"),  # of order 2
            ("Ed25519", "00" * 32),  # of order 4
            ("Ed25519", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            ("Ed25519", "02" + "00" * 31),  # on no curve
            ("X25519", "00" * 32),
            ("X25519", "01" + "00" * 31),
            ("X25519", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        ],
    )
    def test_a_point_that_binds_nobody_is_refused(self, curve: Curve, point: str) -> None:
        jwk = {"crv": curve, "kty": "OKP", "x": encoded(bytes.fromhex(point))}
        with pytest.raises(PublicKeyMalformed):
            public_jwk(jwk, curve, "key")

    def test_a_key_of_the_library_is_read_back(self) -> None:
        made = OKPKey.generate_key("X25519").as_dict(private=False)
        value = {name: made[name] for name in ("crv", "kty", "x")}
        assert public_jwk(value, "X25519", "encryptionKey") == value
