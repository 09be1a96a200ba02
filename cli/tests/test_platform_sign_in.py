"""`tidan platform sign-in|subject`, against a small node that answers as it is told."""

from __future__ import annotations

import base64
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from tidan_cli.exits import ExitCode
from tidan_node.domain.certificates.reading import read_certificate
from tidan_node.domain.sign_in_tokens import SignInToken

NOW = datetime.now(UTC)
PARTY = "tidan:1337:2"
ORGANISATION = "NTRCN-91310000710931109X"
SESSION = {
    "token": "tidans_" + "0" * 16 + "_" + "1" * 64,
    "id": "0" * 16,
    "user": {"id": "a" * 16, "name": "A maker"},
    "via": "platform:DEMO-PORT",
    "scopes": ["records:read", "titles:act"],
    "expiresAt": (NOW + timedelta(hours=1)).isoformat(),
}

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def certificate(key: Key) -> x509.Certificate:
    """Whether it is good is the node's to say: this one vouches for itself."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, "A maker"),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    )


def revocation_list(key: ec.EllipticCurvePrivateKey) -> x509.CertificateRevocationList:
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demo Issuing")]))
        .last_update(NOW)
        .next_update(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


class Wallet:
    """A user's files."""

    def __init__(self, folder: Path, key: Key | None = None, password: bytes | None = None) -> None:
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.made = certificate(self.key)
        self.certificate, self.private = folder / "me.pem", folder / "me.key"
        self.certificate.write_bytes(self.made.public_bytes(Encoding.PEM))
        protection: KeySerializationEncryption = NoEncryption()
        if password is not None:
            protection = BestAvailableEncryption(password)
        self.private.write_bytes(
            self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
        )

    @property
    def options(self) -> tuple[object, ...]:
        return (
            *("platform", "sign-in", "--platform", "DEMO-PORT", "--party", PARTY),
            *("--certificate", self.certificate, "--key", self.private),
        )


@pytest.fixture
def wallet(tmp_path: Path) -> Wallet:
    return Wallet(tmp_path)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    return tmp_path / "settings" / "tidan" / "sessions.json"


@pytest.fixture
def willing(node: Any, kept: Path) -> Any:
    node.answer("POST", "/v1/platform-sessions", SESSION, status=201)
    return node


class TestSignIn:
    @pytest.mark.parametrize(
        "key",
        [
            ec.generate_private_key(ec.SECP256R1()),
            ec.generate_private_key(ec.SECP384R1()),
            rsa.generate_private_key(65537, 2048),
            ed25519.Ed25519PrivateKey.generate(),
        ],
    )
    def test_the_node_is_sent_a_token_that_the_certificate_has_signed(
        self, tidan: Any, willing: Any, tmp_path: Path, key: Key
    ) -> None:
        wallet = Wallet(tmp_path, key)

        ended = tidan(*wallet.options, "--json")

        assert ended.code == ExitCode.DONE
        assert ended.answer["user"] == SESSION["user"]
        (asked,) = willing.taken("POST", "/v1/platform-sessions")
        assert asked.json["platform"] == "DEMO-PORT"
        token = SignInToken.read(asked.json["token"])
        token.require_signed_with(read_certificate(token.certificates[0]))
        token.use_of("DEMO-PORT", PARTY, datetime.now(UTC))

    def test_each_token_has_a_name_of_its_own(
        self, tidan: Any, willing: Any, wallet: Wallet
    ) -> None:
        for _ in range(2):
            tidan(*wallet.options)

        names = {
            SignInToken.read(asked.json["token"]).token.text("jti")
            for asked in willing.taken("POST", "/v1/platform-sessions")
        }
        assert len(names) == 2

    def test_lists_go_along_in_der_however_they_are_kept(
        self, tidan: Any, willing: Any, wallet: Wallet, tmp_path: Path
    ) -> None:
        made = revocation_list(ec.generate_private_key(ec.SECP256R1()))
        pem, der = tmp_path / "a.pem", tmp_path / "a.crl"
        pem.write_bytes(made.public_bytes(Encoding.PEM))
        der.write_bytes(made.public_bytes(Encoding.DER))

        tidan(*wallet.options, "--crl", pem, "--crl", der)

        (asked,) = willing.taken("POST", "/v1/platform-sessions")
        sent = base64.b64encode(made.public_bytes(Encoding.DER)).decode()
        assert asked.json["crls"] == [sent, sent]

    def test_the_session_is_kept_for_its_owner_alone_and_used_from_then_on(
        self,
        tidan: Any,
        willing: Any,
        wallet: Wallet,
        kept: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        willing.answer("GET", "/v1/titles?limit=50", {"items": [], "nextCursor": None})
        monkeypatch.delenv("TIDAN_API_KEY")

        ended = tidan(*wallet.options, "--json")
        tidan("title", "list", "--node", willing.url)

        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert str(SESSION["token"]) not in ended.out + ended.err
        asked = willing.asked[-1]
        assert asked.headers["Authorization"] == f"Bearer {SESSION['token']}"

    def test_no_key_of_before_goes_along(self, tidan: Any, willing: Any, wallet: Wallet) -> None:
        tidan(*wallet.options)

        (asked,) = willing.taken("POST", "/v1/platform-sessions")
        assert "Authorization" not in asked.headers

    def test_programs_can_have_the_token_and_keep_nothing(
        self, tidan: Any, willing: Any, wallet: Wallet, kept: Path
    ) -> None:
        ended = tidan(*wallet.options, "--print-token", "--json")

        assert ended.answer["token"] == SESSION["token"]
        assert not kept.exists()

    def test_an_encrypted_key_is_opened_with_its_password(
        self, tidan: Any, willing: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wallet = Wallet(tmp_path, password=b"a secret of mine")
        monkeypatch.delenv("TIDAN_KEY_PASSWORD", raising=False)

        without = tidan(*wallet.options, "--json")
        monkeypatch.setenv("TIDAN_KEY_PASSWORD", "another one")
        wrong = tidan(*wallet.options, "--json")
        monkeypatch.setenv("TIDAN_KEY_PASSWORD", "a secret of mine")
        right = tidan(*wallet.options, "--json")

        assert (without.code, wrong.code, right.code) == (
            ExitCode.USAGE,
            ExitCode.USAGE,
            ExitCode.DONE,
        )
        assert "TIDAN_KEY_PASSWORD" in without.problem["detail"]
        assert len(willing.taken("POST", "/v1/platform-sessions")) == 1

    def test_a_refusal_is_told_with_its_rule(self, tidan: Any, node: Any, wallet: Wallet) -> None:
        node.refuse(
            *("POST", "/v1/platform-sessions", "certificate-refused", 403),
            detail="send the newest list of each issuer of the chain",
            field="crls",
            rule="crl-missing",
        )

        ended = tidan(*wallet.options, "--json")

        assert ended.code != ExitCode.DONE
        assert ended.problem["rule"] == "crl-missing"

    def test_what_it_suggests_is_what_the_session_covers(
        self, tidan: Any, node: Any, wallet: Wallet, kept: Path
    ) -> None:
        may_list, sees_ends = ["records:read", "titles:act"], ["operations:read", "titles:act"]
        sessions = [SESSION | {"scopes": may} for may in (may_list, sees_ends, ["titles:act"])]
        node.answer("POST", "/v1/platform-sessions", *sessions, status=201)

        for command in ("title list", "operation list", "user show"):
            assert f"next: tidan {command} --node" in tidan(*wallet.options).out

    def test_the_key_of_another_certificate_is_refused_here(
        self, tidan: Any, willing: Any, wallet: Wallet, tmp_path: Path
    ) -> None:
        (tmp_path / "other").mkdir()
        wallet.private = Wallet(tmp_path / "other").private

        ended = tidan(*wallet.options, "--json")

        assert (ended.code, ended.problem["field"]) == (ExitCode.USAGE, "--key")
        assert willing.asked == []

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("--party", "2"),
            ("--party", "tidan:1337:buyer"),
            ("--party", "tidan:1337:\uff12"),
            ("--platform", "port"),
            ("--certificate", "/nowhere/me.pem"),
            ("--key", "/nowhere/me.key"),
            ("--crl", "/nowhere/a.crl"),
        ],
    )
    def test_what_cannot_be_used_is_named(
        self, tidan: Any, willing: Any, wallet: Wallet, option: str, value: str
    ) -> None:
        ended = tidan(*wallet.options, option, value, "--json")

        assert ended.code == ExitCode.USAGE
        assert ended.problem["field"] == option
        assert willing.asked == []

    @pytest.mark.parametrize("option", ["--certificate", "--key", "--crl"])
    def test_a_file_of_another_kind_is_named(
        self, tidan: Any, willing: Any, wallet: Wallet, tmp_path: Path, option: str
    ) -> None:
        other = tmp_path / "letter.txt"
        other.write_text("-----BEGIN LETTER-----")

        ended = tidan(*wallet.options, option, other, "--json")

        assert (ended.code, ended.problem["field"]) == (ExitCode.USAGE, option)
        assert willing.asked == []


class TestSubject:
    def test_it_says_what_the_directory_wants_to_know(self, tidan: Any, wallet: Wallet) -> None:
        ended = tidan("platform", "subject", "--certificate", wallet.certificate, "--json")

        assert ended.answer == {
            "subject": f"CN=A maker,2.5.4.97={ORGANISATION}",
            "organisation": "USCC:91310000710931109X",
        }
        assert json.loads(ended.out) == ended.answer
