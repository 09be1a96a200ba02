"""Salts and padding from the secret of a record."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tidan_node.domain.proofs.leaves import FIELD_ORDER
from tidan_node.domain.proofs.salts import Salts

SECRET = bytes(range(32))


class TestSalts:
    def test_a_salt_is_plain_hkdf_of_secret_version_and_path(self) -> None:
        info = b"tidan/salt/v1" + b"\x00\x02" + b"/carrierCode"
        whole = HKDF(SHA256(), 32, salt=b"tidan/record/v1", info=info).derive(SECRET)
        assert Salts(SECRET, 2).of_text("/carrierCode") == whole

    def test_secret_version_path_and_purpose_all_count(self) -> None:
        values = {
            Salts(SECRET, 1).of_text("/a"),
            Salts(SECRET, 2).of_text("/a"),
            Salts(SECRET[::-1], 1).of_text("/a"),
            Salts(SECRET, 1).of_text("/b"),
            Salts(SECRET, 1).of_figure("/a"),
            Salts(SECRET, 1).padding(5),
            Salts(SECRET, 2).padding(5),
            Salts(SECRET, 1).padding(6),
        }
        assert len(values) == 8

    def test_the_salt_of_a_figure_is_an_element_of_the_field(self) -> None:
        salts = [int.from_bytes(Salts(SECRET, 1).of_figure(f"/{n}"), "big") for n in range(200)]
        assert max(salts) < FIELD_ORDER
        assert max(salts) > FIELD_ORDER * 9 // 10  # all of the field is used

    @pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33)])
    def test_a_secret_of_another_length_is_refused(self, secret: bytes) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            Salts(secret, 1)

    @pytest.mark.parametrize("version", [0, -1, 65536])
    def test_a_version_that_the_chain_cannot_hold_is_refused(self, version: int) -> None:
        with pytest.raises(ValueError, match="version"):
            Salts(SECRET, version)
