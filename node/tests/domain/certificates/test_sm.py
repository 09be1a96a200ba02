"""SM2 and SM3: the standard's own vectors, certificates in use, and chains made for the test."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import gmssl_pyx
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.domain.authorities import DAY, NOW, Authority, der
from tests.domain.chinese_authorities import ChineseAuthority
from tidan_node.domain.certificates.client import (
    CertificateRefused,
    ChineseCryptographyMissing,
    VerifiedClient,
    verify_client_chain,
)
from tidan_node.domain.certificates.der import element
from tidan_node.domain.certificates.reading import read_certificate
from tidan_node.domain.certificates.sm import ChinesePaths
from tidan_node.domain.profiles import Identifier

USCC = "91310000710931109X"

# GB/T 32918.5-2017 (SM2, part 5), A.2: key, message and signature with the default id
PUBLIC_KEY = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
R = bytes.fromhex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3")
S = bytes.fromhex("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
# GB/T 32905-2016 (SM3), A.1
ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"

# The root that China's State Cryptography Administration publishes for electronic certification
# services (C=CN, O=NRCAC, CN=ROOTCA), and the certificate of one service below it.
NATIONAL_ROOT = base64.b64decode(
    "MIIBszCCAVegAwIBAgIIaeL+wBcKxnswDAYIKoEcz1UBg3UFADAuMQswCQYDVQQGEwJDTjEOMAwGA1UECgwFTlJDQUMx"
    "DzANBgNVBAMMBlJPT1RDQTAeFw0xMjA3MTQwMzExNTlaFw00MjA3MDcwMzExNTlaMC4xCzAJBgNVBAYTAkNOMQ4wDAYD"
    "VQQKDAVOUkNBQzEPMA0GA1UEAwwGUk9PVENBMFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEMPCca6pmgcchsTf2UnBe"
    "L9rtp4nw+itk1Kzrmbnqo05lUwkwlWK+4OIrtFdAqnRTV7Q9v1htkv42TsIutzd126NdMFswHwYDVR0jBBgwFoAUTDKx"
    "l9kzG8SmBcHG5YtiW/CXdlgwDAYDVR0TBAUwAwEB/zALBgNVHQ8EBAMCAQYwHQYDVR0OBBYEFEwysZfZMxvEpgXBxuWL"
    "Ylvwl3ZYMAwGCCqBHM9VAYN1BQADSAAwRQIgG1bSLeOXp3oB8H7b53W+CKOPl2PknmWEq/lMhtn25HkCIQDaHDgWxWFt"
    "nCrBjH16/W3Ezn7/U/Vjo5xIpDoiVhsLwg=="
)
SERVICE = base64.b64decode(
    "MIICgTCCAiWgAwIBAgIQVn7l0kAA6S9mVsDdu6k+oTAMBggqgRzPVQGDdQUAMC4xCzAJBgNVBAYTAkNOMQ4wDAYDVQQK"
    "DAVOUkNBQzEPMA0GA1UEAwwGUk9PVENBMB4XDTE4MTEwNTAyMzU0N1oXDTM4MTAzMTAyMzU0N1owLTELMAkGA1UEBhMC"
    "Q04xDjAMBgNVBAoMBU1DU0NBMQ4wDAYDVQQDDAVNQ1NDQTBZMBMGByqGSM49AgEGCCqBHM9VAYItA0IABGL17gBv7xGY"
    "99pYA8IFH3H3VxbulydJGz5Fu3nYnx2FiU4BG8qLNCib5hnKzG6nVgeNel1IVKrsTX86CDQ6lj6jggEiMIIBHjAfBgNV"
    "HSMEGDAWgBRMMrGX2TMbxKYFwcbli2Jb8Jd2WDAPBgNVHRMBAf8EBTADAQH/MIG6BgNVHR8EgbIwga8wQaA/oD2kOzA5"
    "MQswCQYDVQQGEwJDTjEOMAwGA1UECgwFTlJDQUMxDDAKBgNVBAsMA0FSTDEMMAoGA1UEAwwDYXJsMCqgKKAmhiRodHRw"
    "Oi8vd3d3LnJvb3RjYS5nb3YuY24vYXJsL2FybC5jcmwwPqA8oDqGOGxkYXA6Ly9sZGFwLnJvb3RjYS5nb3YuY246Mzg5"
    "L0NOPWFybCxPVT1BUkwsTz1OUkNBQyxDPUNOMA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUuSPmHH/PtzxYJFukCq2K"
    "EZd6e7YwDAYIKoEcz1UBg3UFAANIADBFAiEA2HUeRfOn8spFQIkj9zbhVfc0qx9R8lwP40QcRWHIcMcCIHzDLXW5xAke"
    "vJaXFcsZJ/Q6CmXK5X+Soq+W/7+DaO8p"
)


def signature(r: bytes, s: bytes) -> bytes:
    return element(0x30, element(0x02, b"\0" + r) + element(0x02, b"\0" + s))


class TestVectors:
    def test_the_signature_of_the_standard_is_good(self) -> None:
        assert gmssl_pyx.sm2_verify(PUBLIC_KEY, b"message digest", signature(R, S))
        assert not gmssl_pyx.sm2_verify(PUBLIC_KEY, b"message digesT", signature(R, S))

    def test_the_hash_of_the_standard_is_met(self) -> None:
        assert gmssl_pyx.sm3_hash(b"abc").hex() == ABC

    def test_the_national_root_has_signed_itself_and_a_service(self) -> None:
        root, service = read_certificate(NATIONAL_ROOT), read_certificate(SERVICE)
        paths = ChinesePaths()

        for signed in (root, service):
            assert paths.has_signed_message(root, signed.tbs_certificate_bytes, signed.signature)

    def test_the_service_has_not_signed_its_root(self) -> None:
        root, service = read_certificate(NATIONAL_ROOT), read_certificate(SERVICE)

        assert not ChinesePaths().has_signed_message(
            service, root.tbs_certificate_bytes, root.signature
        )

    def test_a_service_is_no_client(self) -> None:
        with pytest.raises(CertificateRefused) as caught:
            verify_client_chain(
                SERVICE, [], anchors=[NATIONAL_ROOT], at=datetime(2026, 11, 22, tzinfo=UTC), crls=[]
            )
        assert caught.value.extra["rule"] == "usage"


class Chain:
    """A root, a service below it, and the lists of both, all of SM2."""

    def __init__(self, **service: object) -> None:
        self.root = ChineseAuthority.root()
        self.service = self.root.below(**service)

    def verify(self, leaf: bytes, *, at: datetime = NOW, **how: object) -> VerifiedClient:
        given: dict[str, object] = {
            "intermediates": [self.service.certificate],
            "anchors": [self.root.certificate],
            "crls": [self.root.crl(), self.service.crl()],
        }
        return verify_client_chain(leaf, at=at, **(given | how))  # type: ignore[arg-type]  # as given

    def refusal(self, leaf: bytes, **how: object) -> object:
        with pytest.raises(CertificateRefused) as caught:
            self.verify(leaf, **how)  # type: ignore[arg-type]  # handed on as it is
        return caught.value.extra["rule"]


class TestChains:
    def test_a_client_of_a_mainland_service_is_known(self) -> None:
        chain = Chain()

        client = chain.verify(chain.service.client(f"NTRCN-{USCC}"))

        assert client.subject.organisation == Identifier("USCC", USCC)
        assert len(client.path) == 3
        assert client.valid_until == NOW + 5 * DAY

    def test_a_revoked_client_is_refused(self) -> None:
        chain = Chain()
        leaf = chain.service.client()

        crls = [chain.root.crl(), chain.service.crl(leaf)]

        assert chain.refusal(leaf, crls=crls) == "revoked"

    def test_a_revoked_service_is_refused(self) -> None:
        chain = Chain()

        crls = [chain.root.crl(chain.service.certificate), chain.service.crl()]

        assert chain.refusal(chain.service.client(), crls=crls) == "revoked"

    def test_a_missing_list_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.service.client(), crls=[chain.root.crl()]) == "crl-missing"

    def test_a_stale_list_is_refused(self) -> None:
        chain = Chain()
        crls = [chain.root.crl(), chain.service.crl(until=NOW - timedelta(minutes=1))]

        assert chain.refusal(chain.service.client(), crls=crls) == "crl-stale"

    def test_a_list_of_another_key_is_refused(self) -> None:
        chain = Chain()
        crls = [chain.root.crl(), ChineseAuthority(chain.service.name).crl()]

        assert chain.refusal(chain.service.client(), crls=crls) == "crl-signature"

    def test_a_list_signed_with_another_algorithm_is_refused(self) -> None:
        chain = Chain()
        crls = [chain.root.crl(), Authority(chain.service.name).crl()]

        assert chain.refusal(chain.service.client(), crls=crls) == "crl-signature"

    def test_an_expired_client_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.service.client(until=NOW - DAY / 2)) == "expired"

    def test_an_expired_service_is_refused(self) -> None:
        chain = Chain(until=NOW - DAY / 2)

        assert chain.refusal(chain.service.client()) == "expired"

    def test_an_unknown_root_is_refused(self) -> None:
        chain, other = Chain(), Chain()

        assert chain.refusal(other.service.client()) == "path"

    def test_a_forged_signature_is_refused(self) -> None:
        chain = Chain()
        forger = ChineseAuthority(chain.service.name)

        assert chain.refusal(forger.client()) == "path"

    def test_a_certificate_that_was_altered_is_refused(self) -> None:
        chain = Chain()
        leaf = chain.service.client(f"NTRCN-{USCC}")
        altered = leaf.replace(USCC.encode(), b"91310000710931108X")

        assert altered != leaf
        assert chain.refusal(altered) == "path"

    def test_a_missing_link_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.service.client(), intermediates=[]) == "path"

    def test_a_key_that_is_not_for_signing_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.service.client(usages=["key_encipherment"])) == "usage"

    def test_a_use_that_leaves_clients_out_is_refused(self) -> None:
        chain = Chain()
        servers = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)

        assert chain.refusal(chain.service.client(extra=[servers])) == "usage"

    def test_a_client_vouches_for_nobody(self) -> None:
        chain = Chain()
        middle = ChineseAuthority(chain.service.name)
        middle.certificate = chain.root.client(name=middle.name, key=middle.key)

        assert chain.refusal(middle.client(), intermediates=[middle.certificate]) == "usage"

    def test_a_service_without_the_right_to_sign_vouches_for_nobody(self) -> None:
        chain = Chain(usages=["crl_sign"])

        assert chain.refusal(chain.service.client()) == "usage"

    def test_a_bound_on_depth_is_kept(self) -> None:
        chain = Chain(path_length=0)
        below = chain.service.below("Demo Below")

        sent = [chain.service.certificate, below.certificate]

        assert chain.refusal(below.client(), intermediates=sent) == "depth"

    def test_four_services_in_between_are_too_many(self) -> None:
        chain = Chain()
        between = [chain.service]
        for number in range(3):
            between.append(between[-1].below(f"Demo {number}"))

        sent = [each.certificate for each in between]

        assert chain.refusal(between[-1].client(), intermediates=sent) == "depth"

    def test_certificates_that_vouch_for_each_other_come_to_an_end(self) -> None:
        chain = Chain()
        other = ChineseAuthority(chain.service.name, chain.service.key)
        circle = [
            chain.service.vouch_for(other.name, other.key, serial=number) for number in range(8)
        ]

        assert chain.refusal(chain.service.client(), intermediates=circle) in ("path", "depth")

    def test_constraints_on_names_are_not_passed_over(self) -> None:
        names = x509.NameConstraints([x509.RFC822Name("platform.example")], None)
        chain = Chain(extra=[(names, False)])

        assert chain.refusal(chain.service.client()) == "name"

    def test_what_must_be_understood_and_is_not_refuses(self) -> None:
        strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
        chain = Chain()

        assert chain.refusal(chain.service.client(extra=[(strange, True)])) == "form"

    def test_the_two_families_do_not_vouch_for_each_other(self) -> None:
        chain, western = Chain(), Authority.root()

        assert chain.refusal(chain.service.client(), anchors=[western.der]) == "path"
        with pytest.raises(CertificateRefused) as caught:
            verify_client_chain(
                der(western.client()), [], anchors=[chain.root.certificate], at=NOW, crls=[]
            )
        assert caught.value.extra["rule"] == "path"

    def test_an_authority_of_another_kind_with_the_same_name_vouches_for_nobody(self) -> None:
        chain = Chain()
        namesake = Authority(chain.root.name)
        namesake.certificate = namesake.vouch_for(namesake)

        assert chain.refusal(chain.service.client(), anchors=[namesake.der]) == "path"


def test_without_the_library_the_node_says_what_to_install() -> None:
    with pytest.raises(ChineseCryptographyMissing, match=r"tidan\[sm\]"):
        ChinesePaths(None)
