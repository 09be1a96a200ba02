"""An API key shows itself to its holder alone."""

from __future__ import annotations

import hashlib

import pytest

from tidan_node.people.secrets import KeyText, SessionText


class TestFresh:
    def test_two_keys_differ_in_id_and_secret(self) -> None:
        one, other = KeyText.fresh(), KeyText.fresh()
        assert one.key_id != other.key_id
        assert one.secret != other.secret

    def test_a_secret_has_256_bits(self) -> None:
        assert len(bytes.fromhex(KeyText.fresh().secret)) == 32

    def test_the_secret_is_not_in_its_repr(self) -> None:
        key = KeyText.fresh()
        assert key.secret not in repr(key)
        assert key.secret not in str(key)


class TestParse:
    def test_reads_what_was_revealed(self) -> None:
        key = KeyText.fresh()
        assert KeyText.parse(key.reveal()) == key

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "tidan__",
            "tidan_" + "a" * 16,
            "tidan_" + "a" * 16 + "_" + "b" * 63,
            "tidan_" + "a" * 16 + "_" + "b" * 65,
            "tidan_" + "A" * 16 + "_" + "b" * 64,
            "tidan_" + "a" * 16 + "_" + "b" * 64 + "\n",
            "tidan_" + "٣" * 16 + "_" + "b" * 64,
            "Tidan_" + "a" * 16 + "_" + "b" * 64,
            "x" * 100_000,
        ],
    )
    def test_other_texts_are_no_keys(self, text: str) -> None:
        assert KeyText.parse(text) is None


class TestSessionText:
    def test_it_is_no_key_and_a_key_is_no_session(self) -> None:
        key, session = KeyText.fresh(), SessionText.fresh()
        assert session.reveal().startswith("tidans_")
        assert SessionText.parse(session.reveal()) == session
        assert KeyText.parse(session.reveal()) is None
        assert SessionText.parse(key.reveal()) is None

    def test_the_secret_is_not_in_its_repr(self) -> None:
        session = SessionText.fresh()
        assert session.secret not in repr(session)


class TestDigest:
    def test_is_the_sha256_of_the_secret_bits(self) -> None:
        key = KeyText("a" * 16, "00" * 32)
        assert key.digest() == hashlib.sha256(bytes(32)).hexdigest()

    def test_matches_its_own_secret_only(self) -> None:
        key, other = KeyText.fresh(), KeyText.fresh()
        assert key.matches(key.digest())
        assert not other.matches(key.digest())
