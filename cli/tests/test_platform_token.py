"""`tidan platform sign-in --token`: for keys that never leave where they are, as those of wallets
and of SM2."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tidan_cli.exits import ExitCode

WHERE = ("platform", "sign-in", "--platform", "DEMO-PORT")
NOW = datetime.now(UTC)
P_256, SM2 = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a811ccf5501822d")


@pytest.fixture
def willing(node: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    session = {
        "token": "tidans_" + "0" * 16 + "_" + "1" * 64,
        "id": "0" * 16,
        "user": {"id": "a" * 16, "name": "A maker"},
        "via": "platform:DEMO-PORT",
        "scopes": ["records:read"],
        "expiresAt": (NOW + timedelta(hours=1)).isoformat(),
    }
    node.answer("POST", "/v1/platform-sessions", session, status=201)
    return node


def test_a_token_that_was_made_elsewhere_goes_as_it_is(
    tidan: Any, willing: Any, tmp_path: Path
) -> None:
    (tmp_path / "shown.sd-jwt").write_text("a.b.c~d.e.f\n")

    ended = tidan(*WHERE, "--token", tmp_path / "shown.sd-jwt", "--json")

    assert ended.code == ExitCode.DONE, ended.err
    (asked,) = willing.taken("POST", "/v1/platform-sessions")
    assert asked.json == {"platform": "DEMO-PORT", "token": "a.b.c~d.e.f", "crls": []}
    assert "a.b.c" not in ended.out + ended.err


@pytest.mark.parametrize("content", ["", "two words", "\u4e2d", "x" * 70_000])
def test_what_is_no_token_is_refused_here(
    tidan: Any, willing: Any, tmp_path: Path, content: str
) -> None:
    (tmp_path / "shown").write_text(content)

    ended = tidan(*WHERE, "--token", tmp_path / "shown", "--json")

    assert (ended.code, ended.problem["field"]) == (ExitCode.USAGE, "--token")
    assert willing.asked == []


def test_a_token_says_already_whose_it_is_and_for_whom(tidan: Any, willing: Any) -> None:
    party = ("--party", "tidan:31337:2")

    both = tidan(*WHERE, *party, "--token", "shown.sd-jwt", "--json")
    neither = tidan(*WHERE, *party, "--json")

    assert (both.code, both.problem["field"]) == (ExitCode.USAGE, "--party")
    assert (neither.code, neither.problem["field"]) == (ExitCode.USAGE, "--certificate")
    assert willing.asked == []


def test_whose_key_is_of_sm2_is_told_of_it(tidan: Any, willing: Any, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
        .public_key(key.public_key()).not_valid_before(NOW).not_valid_after(NOW)
        .sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    )  # fmt: skip
    (tmp_path / "me").write_bytes(made.replace(P_256, SM2))
    (tmp_path / "key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )

    ended = tidan(
        *(*WHERE, "--party", "tidan:31337:2", "--certificate", tmp_path / "me"),
        *("--key", tmp_path / "key", "--json"),
    )

    assert (ended.code, ended.problem["field"]) == (ExitCode.USAGE, "--certificate")
    assert "--token" in ended.problem["detail"]
