"""A parcel goes to whoever shows a certificate of the recipient's profile, and to nobody else."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.exchange.listening import listening
from tests.tls import Shown, shown
from tidan_node.domain.tls_certificates import LIFE
from tidan_node.exchange.problems import (
    CertificateNotInTime,
    CertificateNotPinned,
    RecipientUnreachable,
    TlsRequired,
)
from tidan_node.exchange.wire import Answer, post, wire_client

SECRET_BODY = b"what nobody else may have"


async def posted(url: str, *certificates: bytes) -> Answer:
    async with wire_client() as client:
        return await post(client, url, certificates=certificates, body=SECRET_BODY, headers={})


@pytest.fixture
def recipient(tmp_path: Path) -> Shown:
    return shown(tmp_path)


class TestWhoAnswers:
    async def test_who_shows_the_pinned_certificate_gets_the_parcel(self, recipient: Shown) -> None:
        async with listening(recipient.context) as listener:
            answer = await posted(listener.url, recipient.certificate)

        assert answer.receipt == "e30.e30.AA"
        assert listener.bodies == [SECRET_BODY]

    async def test_while_a_certificate_is_changed_both_are_good(
        self, recipient: Shown, tmp_path: Path
    ) -> None:
        following = shown(tmp_path)
        for one in (recipient, following):
            async with listening(one.context) as listener:
                await posted(listener.url, recipient.certificate, following.certificate)

            assert listener.bodies == [SECRET_BODY]

    async def test_somebody_in_between_with_a_certificate_of_his_own_gets_nothing(
        self, recipient: Shown, tmp_path: Path
    ) -> None:
        async with listening(shown(tmp_path).context) as listener:
            with pytest.raises(CertificateNotPinned):
                await posted(listener.url, recipient.certificate)

        assert listener.bodies == []

    async def test_another_party_that_this_node_knows_gets_nothing_either(
        self, recipient: Shown, tmp_path: Path
    ) -> None:
        other = shown(tmp_path)
        async with (
            listening(recipient.context) as right,
            listening(other.context) as wrong,
            wire_client() as client,
        ):
            for url, known in ((right.url, recipient), (wrong.url, other)):
                pins = (known.certificate,)
                await post(client, url, certificates=pins, body=b"before", headers={})
            pins = (recipient.certificate,)
            with pytest.raises(CertificateNotPinned):
                await post(client, wrong.url, certificates=pins, body=SECRET_BODY, headers={})

        assert wrong.bodies == [b"before"]

    async def test_what_a_pinned_authority_has_issued_is_not_pinned(self, tmp_path: Path) -> None:
        authority, issued = _issued(tmp_path)
        async with listening(issued) as listener:
            with pytest.raises(CertificateNotPinned):
                await posted(listener.url, authority)

        assert listener.bodies == []

    async def test_a_certificate_that_has_ended_is_refused(self, tmp_path: Path) -> None:
        ended = shown(tmp_path, age=LIFE + timedelta(seconds=1))
        async with listening(ended.context) as listener:
            with pytest.raises(CertificateNotInTime):
                await posted(listener.url, ended.certificate)

        assert listener.bodies == []

    async def test_a_certificate_whose_time_is_to_come_is_refused(self, tmp_path: Path) -> None:
        early = shown(tmp_path, age=-timedelta(days=1))
        async with listening(early.context) as listener:
            with pytest.raises(CertificateNotInTime):
                await posted(listener.url, early.certificate)

        assert listener.bodies == []

    async def test_bytes_that_are_no_certificate_let_nobody_in(self, recipient: Shown) -> None:
        async with listening(recipient.context) as listener:
            with pytest.raises(CertificateNotPinned):
                await posted(listener.url, b"\x30\x03\x02\x01\x07")

        assert listener.bodies == []


class TestPlainHttp:
    async def test_a_listener_of_plain_http_is_no_node_that_pins(self, recipient: Shown) -> None:
        async with listening(None) as listener:
            secure = listener.url.replace("http:", "https:")
            with pytest.raises(RecipientUnreachable):
                await posted(secure, recipient.certificate)

        assert listener.bodies == []

    async def test_a_party_that_pins_is_not_reached_by_http(self, recipient: Shown) -> None:
        async with listening(None) as listener:
            with pytest.raises(TlsRequired):
                await posted(listener.url, recipient.certificate)

        assert listener.bodies == []

    async def test_a_party_that_pins_nothing_is_reached_on_this_machine_by_http(self) -> None:
        async with listening(None) as listener:
            await posted(listener.url)

        assert listener.bodies == [SECRET_BODY]

    @pytest.mark.parametrize(
        "url",
        [
            "http://10.0.0.7:1/v1/parcels",
            "http://127.0.0.1.example:1/v1/parcels",
            "http://node.example/v1/parcels",
            "http://[2001:db8::1]/v1/parcels",
            "https://127.0.0.1:1/v1/parcels",
            "https://node.example/v1/parcels",
        ],
    )
    async def test_and_nowhere_else(self, url: str) -> None:
        with pytest.raises(TlsRequired):
            await posted(url)

    async def test_plain_http_to_the_listener_of_other_nodes_gets_no_answer(
        self, recipient: Shown
    ) -> None:
        async with listening(recipient.context) as listener:
            plain = listener.url.replace("https:", "http:")
            with pytest.raises(RecipientUnreachable):
                await posted(plain)

        assert listener.bodies == []


class TestTls:
    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
    async def test_both_versions_are_spoken(
        self, recipient: Shown, version: ssl.TLSVersion
    ) -> None:
        recipient.context.maximum_version = version
        async with listening(recipient.context) as listener:
            await posted(listener.url, recipient.certificate)

        assert listener.bodies == [SECRET_BODY]

    async def test_the_newer_one_goes_before(self, recipient: Shown) -> None:
        spoken = []
        context = recipient.context
        async with listening(context) as listener:
            context.sni_callback = lambda connection, *_: spoken.append(connection)
            await posted(listener.url, recipient.certificate)

        assert [each.version() for each in spoken] == ["TLSv1.3"]

    def test_nothing_older_is_offered(self, recipient: Shown) -> None:
        assert recipient.context.minimum_version is ssl.TLSVersion.TLSv1_2

    async def test_the_line_shows_no_name_of_a_party(self, recipient: Shown) -> None:
        certificate = x509.load_der_x509_certificate(recipient.certificate)

        assert certificate.subject.rfc4514_string() == "CN=tidan-node"


async def test_one_line_carries_several_parcels(recipient: Shown) -> None:
    made = []
    async with listening(recipient.context) as listener, wire_client() as client:
        recipient.context.sni_callback = lambda *_: made.append(1)
        for _ in range(3):
            await post(
                client,
                listener.url,
                certificates=(recipient.certificate,),
                body=b"",
                headers={},
            )

    assert (len(made), len(listener.bodies)) == (1, 3)


async def test_nobody_listens_there(recipient: Shown) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"https://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(RecipientUnreachable):
        await posted(url, recipient.certificate)


def _issued(folder: Path) -> tuple[bytes, ssl.SSLContext]:
    """An authority's certificate, and a listener that shows what it has issued."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("ca", "node")
    ]
    made = []
    for place in range(2):
        made.append(
            x509.CertificateBuilder()
            .subject_name(names[place])
            .issuer_name(names[0])
            .public_key(keys[place].public_key())
            .serial_number(place + 1)
            .not_valid_before(datetime.now(UTC) - timedelta(days=1))
            .not_valid_after(datetime.now(UTC) + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=place == 0, path_length=None), critical=True)
            .sign(keys[0], SHA256())
        )
    file = folder / "issued.pem"
    key = keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(key + b"".join(each.public_bytes(Encoding.PEM) for each in reversed(made)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return made[0].public_bytes(Encoding.DER), context
