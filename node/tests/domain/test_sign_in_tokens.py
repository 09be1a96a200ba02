"""The token of a platform's user: its form, its time, its audience, and whose key has signed it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.domain.authorities import NOW, Authority, Key, der, fresh_key
from tests.domain.chinese_authorities import ChineseAuthority, ChineseKey
from tests.domain.sign_ins import (
    AUDIENCE,
    PLATFORM,
    claims,
    header,
    signed,
    signed_in_chinese,
    unsigned,
)
from tidan_node.domain.certificates.reading import read_certificate
from tidan_node.domain.identifiers import PartyIndex, party_on_chain
from tidan_node.domain.sign_in_tokens import (
    PlatformSignInRefused,
    SignInToken,
)

ROOT = Authority.root()
KEY = fresh_key()
LEAF = ROOT.client(key=KEY)
P_256 = "06082a8648ce3d030107"


def usual(**other: object) -> SignInToken:
    return SignInToken.read(signed(KEY, header([der(LEAF)]), claims(**other)))  # type: ignore[arg-type]  # as said


def rule_of(caught: pytest.ExceptionInfo[PlatformSignInRefused]) -> object:
    return caught.value.extra["rule"]


def refusal(token: SignInToken, certificate: x509.Certificate = LEAF) -> object:
    def sign_in() -> None:
        token.require_signed_with(certificate)
        token.use_of(PLATFORM, AUDIENCE, NOW)

    with pytest.raises(PlatformSignInRefused) as caught:
        sign_in()
    return rule_of(caught)


class TestSignature:
    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [
            (fresh_key(), "ES256"),
            (ec.generate_private_key(ec.SECP384R1()), "ES384"),
            (rsa.generate_private_key(65537, 2048), "PS256"),
            (rsa.generate_private_key(65537, 2048), "RS256"),
            (ed25519.Ed25519PrivateKey.generate(), "Ed25519"),
        ],
    )
    def test_each_kind_of_key_signs_in_its_own_way(self, key: Key, algorithm: str) -> None:
        leaf = ROOT.client(key=key)
        text = signed(key, header([der(leaf), ROOT.der], alg=algorithm), claims())

        token = SignInToken.read(text)
        token.require_signed_with(leaf)

        assert token.certificates == (der(leaf), ROOT.der)

    def test_another_key_is_refused(self) -> None:
        token = SignInToken.read(signed(fresh_key(), header([der(LEAF)]), claims()))

        assert refusal(token) == "signature"

    def test_the_token_does_not_choose_the_algorithm(self) -> None:
        key = ec.generate_private_key(ec.SECP384R1())
        token = SignInToken.read(signed(key, header([der(LEAF)], alg="ES384"), claims()))

        assert refusal(token) == "algorithm"

    def test_no_signature_is_refused(self) -> None:
        text = signed(KEY, header([der(LEAF)]), claims())
        unsigned = signed(KEY, header([der(LEAF)], alg="ES256"), claims()).rpartition(".")[0] + "."

        assert refusal(SignInToken.read(unsigned)) == "signature"
        assert text.count(".") == 2

    @pytest.mark.parametrize(
        ("known", "strange"),
        [
            (P_256, "06082a811ccf5501822d"),  # a curve of which the library has not heard
            ("06072a8648ce3d0201", "06072a8648ce3d0209"),  # nor of this kind of key
            (f"{P_256}03420004", f"{P_256}03420002"),  # a point in no form
        ],
    )
    def test_a_key_that_cannot_be_read_is_refused(self, known: str, strange: str) -> None:
        odd = der(LEAF).replace(bytes.fromhex(known), bytes.fromhex(strange), 1)
        assert odd != der(LEAF)

        token = SignInToken.read(unsigned(header([odd]), claims()))

        assert refusal(token, read_certificate(odd)) == "algorithm"

    def test_what_was_altered_is_refused(self) -> None:
        first, second = (signed(KEY, header([der(LEAF)]), claims()).split(".") for _ in "ab")

        mixed = SignInToken.read(".".join((first[0], second[1], first[2])))

        assert refusal(mixed) == "signature"

    def test_a_key_of_sm2_signs_by_sm2(self) -> None:
        key = ChineseKey.fresh()
        leaf = ChineseAuthority.root().client(key=key)
        certificate = read_certificate(leaf)

        SignInToken.read(signed_in_chinese(key, [leaf], claims())).require_signed_with(certificate)

        forged = SignInToken.read(signed_in_chinese(ChineseKey.fresh(), [leaf], claims()))
        assert refusal(forged, certificate) == "signature"
        other = SignInToken.read(signed_in_chinese(key, [leaf], claims(), alg="ES256"))
        assert refusal(other, certificate) == "algorithm"
        short = signed_in_chinese(key, [leaf], claims())[:-2]  # 63 bytes
        assert refusal(SignInToken.read(short), certificate) == "signature"


class TestForm:
    @pytest.mark.parametrize("text", ["", "a.b.c", "..", "eyJ.eyJ.x", "a" * 70_000])
    def test_what_is_no_token_is_refused(self, text: str) -> None:
        with pytest.raises(PlatformSignInRefused) as caught:
            SignInToken.read(text)
        assert rule_of(caught) == "form"

    def test_another_kind_of_token_is_refused(self) -> None:
        with pytest.raises(PlatformSignInRefused) as caught:
            SignInToken.read(signed(KEY, header([der(LEAF)], typ="JWT"), claims()))
        assert rule_of(caught) == "typ"

    @pytest.mark.parametrize("x5c", [None, [], "text", ["*"], [1], ["AA=="] * 10])
    def test_certificates_that_cannot_be_read_are_refused(self, x5c: object) -> None:
        with pytest.raises(PlatformSignInRefused) as caught:
            SignInToken.read(unsigned(header([], x5c=x5c), claims()))
        assert rule_of(caught) == "form"

    @pytest.mark.parametrize("jti", [None, 7, "short", "x" * 129, "with a space in it!"])
    def test_a_token_needs_a_name(self, jti: object) -> None:
        assert refusal(usual(jti=jti)) == "form"


class TestTime:
    def test_it_is_good_from_its_making_to_its_end_with_a_minute_of_skew(self) -> None:
        token = usual()
        made = datetime.fromtimestamp(int(NOW.timestamp()), UTC)

        for seconds in (-60, 0, 359):
            use = token.use_of(PLATFORM, AUDIENCE, made + timedelta(seconds=seconds))
            assert use.ends_at == made + timedelta(minutes=6)
        for seconds in (-61, 360):
            with pytest.raises(PlatformSignInRefused) as caught:
                token.use_of(PLATFORM, AUDIENCE, made + timedelta(seconds=seconds))
            assert rule_of(caught) == "time"

    @pytest.mark.parametrize(
        "times",
        [
            {"exp": None},
            {"iat": None},
            {"iat": str(int(NOW.timestamp()))},
            {"exp": int(NOW.timestamp()) + 301},
            {"exp": int(NOW.timestamp())},
            {"iat": True},
        ],
    )
    def test_it_says_its_time_and_lasts_five_minutes_at_most(
        self, times: dict[str, object]
    ) -> None:
        assert refusal(usual(**times)) == "time"


class TestWhomItIsFor:
    def test_a_token_for_another_party_is_refused(self) -> None:
        assert refusal(usual(aud="tidan:31337:3")) == "audience"

    def test_a_token_for_several_is_refused(self) -> None:
        assert refusal(usual(aud=[AUDIENCE, "tidan:31337:3"])) == "audience"

    def test_a_token_of_another_platform_is_refused(self) -> None:
        assert refusal(usual(iss="OTHER-PORT")) == "platform"

    def test_the_audience_is_the_chain_and_the_party(self) -> None:
        assert party_on_chain(31337, PartyIndex(2)) == AUDIENCE

    def test_a_name_is_used_up_for_its_own_key_alone(self) -> None:
        use = usual(jti="the-same-name-of-two").use_of(PLATFORM, AUDIENCE, NOW)

        assert use.digest(LEAF) == use.digest(LEAF)
        assert use.digest(LEAF) != use.digest(ROOT.client())
