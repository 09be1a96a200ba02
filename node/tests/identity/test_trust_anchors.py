"""The folder of whom a node trusts, as somebody keeps it by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.domain.authorities import Authority
from tidan_node.identity.trust_anchors import TrustAnchorsUnreadable, trust_anchors_in

FIRST, SECOND = Authority.root("Demo First"), Authority.root("Demo Second")


def pem(authority: Authority) -> bytes:
    assert authority.certificate is not None
    return authority.certificate.public_bytes(Encoding.PEM)


def test_certificates_and_lists_are_told_by_their_endings(tmp_path: Path) -> None:
    (tmp_path / "first.DER").write_bytes(FIRST.der)
    revoked = FIRST.crl()
    (tmp_path / "first.crl").write_bytes(revoked)
    (tmp_path / "notes.txt").write_text("whom we asked, and when")
    found = trust_anchors_in(tmp_path)
    assert (found.certificates, found.lists) == ((FIRST.der,), (revoked,))


def test_a_file_in_pem_may_hold_several(tmp_path: Path) -> None:
    text = b"Demo First\n" + pem(FIRST) + b"Demo Second\r\n" + pem(SECOND).replace(b"\n", b"\r\n")
    (tmp_path / "both.pem").write_bytes(text)
    assert trust_anchors_in(tmp_path).certificates == (FIRST.der, SECOND.der)


def test_what_is_too_large_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "large.pem").write_bytes(pem(FIRST) * 4000)
    assert trust_anchors_in(tmp_path).certificates == ()


def test_without_the_folder_nobody_is_trusted(tmp_path: Path) -> None:
    assert trust_anchors_in(tmp_path / "nowhere").certificates == ()


@pytest.mark.parametrize(
    ("name", "content"), [("revoked.pem", FIRST.crl()), ("first.crl", FIRST.der), ("x.der", b"")]
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TrustAnchorsUnreadable) as refused:
        trust_anchors_in(tmp_path)
    assert refused.value.detail.startswith(f"{name} holds no ")
    assert str(tmp_path) not in refused.value.detail
