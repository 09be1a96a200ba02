"""A node shows the certificate that its file has, and the next one once the file has that."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.exchange.listening import listening
from tests.tls import SECRET
from tidan_node.domain.tls_certificates import LIFE, Der
from tidan_node.exchange.own_certificate import (
    OwnCertificate,
    TlsFileUnusable,
    certificate_in,
    new_tls_file,
)
from tidan_node.web.health import NotReady

NOW = datetime.now(UTC)


def written(file: Path) -> Der:
    """A new key with its certificate, put in the place of the former one in one step."""
    content, certificate = new_tls_file(SECRET, ["127.0.0.1"], NOW)
    beside = file.with_suffix(".next")
    beside.write_bytes(content)
    beside.replace(file)
    return certificate


def harmed(file: Path, harm: str) -> None:
    """Another file in its place, which is of no use to this node."""
    content, _ = new_tls_file(bytes(32) if harm == "of another" else SECRET, ["x"], NOW)
    file.unlink()
    if harm != "gone":
        file.write_bytes(content[: len(content) // 2] if harm == "halved" else content)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "tls.pem"
    written(file)
    return file


async def shown_at(url: str) -> Der:
    host, port = url.removeprefix("https://").split(":")
    text = await asyncio.to_thread(ssl.get_server_certificate, (host, int(port)), timeout=20)
    return ssl.PEM_cert_to_DER_cert(text)


class TestTheFile:
    def test_it_opens_with_the_secret_of_the_exchange_keystore_alone(self, file: Path) -> None:
        with pytest.raises(TlsFileUnusable) as refused:
            OwnCertificate(file, [bytes(32)])

        assert refused.value.field == "tls_file"

    def test_its_key_is_encrypted(self, file: Path) -> None:
        text = file.read_text()

        assert text.count("PRIVATE KEY") == text.count("ENCRYPTED PRIVATE KEY") == 2

    @pytest.mark.parametrize("content", [b"", b"PEM", b"\0" * 4000])
    def test_what_is_none_is_refused(self, file: Path, content: bytes) -> None:
        file.write_bytes(content)

        with pytest.raises(TlsFileUnusable):
            OwnCertificate(file, [SECRET])

    def test_one_that_is_not_there_is_refused(self, file: Path) -> None:
        file.unlink()

        with pytest.raises(TlsFileUnusable):
            certificate_in(file)


class TestLook:
    async def test_the_next_certificate_is_shown_once_it_is_in_the_file(self, file: Path) -> None:
        own = OwnCertificate(file, [SECRET])
        async with listening(own.context) as listener:
            first = await shown_at(listener.url)
            following = written(file)
            unseen = await shown_at(listener.url)
            own.look()
            then = await shown_at(listener.url)

        assert first == unseen != following
        assert then == following == own.certificate

    @pytest.mark.parametrize("harm", ["halved", "gone", "of another"])
    async def test_a_file_that_cannot_be_used_changes_nothing(self, file: Path, harm: str) -> None:
        own = OwnCertificate(file, [SECRET])
        before = own.certificate
        harmed(file, harm)

        async with listening(own.context) as listener:
            own.look()
            shown = await shown_at(listener.url)

        assert shown == before == own.certificate

    def test_it_is_taken_over_after_one_that_could_not_be_used(self, file: Path) -> None:
        own = OwnCertificate(file, [SECRET])
        file.write_bytes(b"")
        own.look()

        following = written(file)
        own.look()

        assert own.certificate == following


class TestItsTime:
    def test_until_when_it_is_valid_is_told(self, file: Path) -> None:
        own = OwnCertificate(file, [SECRET])

        assert own.require_valid(NOW) == f"until {NOW + LIFE:%Y-%m-%d}"

    def test_when_it_has_ended_the_node_is_not_ready(self, file: Path) -> None:
        own = OwnCertificate(file, [SECRET])

        with pytest.raises(NotReady, match="renew-certificate"):
            own.require_valid(NOW + LIFE + timedelta(seconds=1))
