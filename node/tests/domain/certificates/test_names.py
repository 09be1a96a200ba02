"""Which names a certificate may carry, and how large what is shown may be."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.domain.authorities import (
    CLIENT_AUTH,
    LEI,
    NOW,
    Authority,
    der,
    named,
)
from tests.domain.certificates.chains import Chain, constrained
from tidan_node.domain.certificates.client import (
    CertificateRefused,
    verify_client_chain,
)
from tidan_node.domain.certificates.der import element, members
from tidan_node.domain.certificates.reading import (
    LARGEST_CERTIFICATE,
    LARGEST_LIST,
    MOST_INTERMEDIATES,
    MOST_LISTS,
    read_certificate,
)
from tidan_node.domain.profiles import Identifier


class TestNames:
    def test_an_address_outside_of_what_the_authority_may_name_is_refused(self) -> None:
        chain = Chain(**constrained(permitted_subtrees=[x509.RFC822Name("platform.example")]))
        name = x509.SubjectAlternativeName([x509.RFC822Name("maker@other.example")])

        leaf = chain.issuing.client(extra=[CLIENT_AUTH, (name, False)])

        assert chain.refusal(leaf) == "name"

    def test_an_address_inside_of_it_is_believed(self) -> None:
        chain = Chain(**constrained(permitted_subtrees=[x509.RFC822Name("platform.example")]))
        name = x509.SubjectAlternativeName([x509.RFC822Name("maker@platform.example")])

        assert chain.verify(chain.issuing.client(extra=[CLIENT_AUTH, (name, False)]))

    def test_an_address_in_the_subject_does_not_slip_past_the_constraint(self) -> None:
        chain = Chain(**constrained(excluded_subtrees=[x509.RFC822Name("other.example")]))
        addressed = named("A maker", EMAIL_ADDRESS="maker@other.example")

        assert chain.refusal(chain.issuing.client(addressed)) == "name"

    def test_a_constraint_on_directory_names_is_not_passed_over(self) -> None:
        country = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")])
        chain = Chain(**constrained(permitted_subtrees=[x509.DirectoryName(country)]))

        assert chain.refusal(chain.issuing.client()) == "name"

    def test_nor_where_it_does_not_insist_on_being_understood(self) -> None:
        country = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")])
        constraint = x509.NameConstraints([x509.DirectoryName(country)], None)
        chain = Chain(extra=[(constraint, False)])

        assert chain.refusal(chain.issuing.client()) == "name"

    def test_a_root_is_held_to_its_constraints_as_well(self) -> None:
        chain = Chain()
        how = constrained(permitted_subtrees=[x509.RFC822Name("platform.example")])
        chain.root = Authority.root(**how)
        name = x509.SubjectAlternativeName([x509.RFC822Name("maker@other.example")])
        leaf = chain.root.client(extra=[CLIENT_AUTH, (name, False)])

        assert chain.refusal(leaf, []) == "name"

    @pytest.mark.parametrize(
        ("stated", "meant"),
        [
            (f"LEIXG-{LEI}", Identifier("LEI", LEI)),
            ("NTRCN-91310000710931109X", Identifier("USCC", "91310000710931109X")),
            ("NTRSG-201912345K", Identifier("UEN", "201912345K")),
            ("VATDE-136695976", Identifier("EUVAT", "DE136695976")),
            ("PSDDE-BAFIN-123", None),
            ("LEIXG-", None),
            (LEI, None),
        ],
    )
    def test_the_organisation_is_read_from_its_form(
        self, stated: str, meant: Identifier | None
    ) -> None:
        chain = Chain()

        client = chain.verify(chain.issuing.client(named("A maker", stated)))

        assert client.subject.organisation == meant

    def test_a_name_in_chinese_is_written_in_ascii(self) -> None:
        chain = Chain()

        client = chain.verify(chain.issuing.client(named("制单人")))

        assert client.subject.name == r"CN=\E5\88\B6\E5\8D\95\E4\BA\BA,C=SG"

    def test_two_organisations_are_refused(self) -> None:
        chain = Chain()
        both = x509.Name([*named("A maker", f"LEIXG-{LEI}"), *named("x", "NTRSG-201912345K")])

        assert chain.refusal(chain.issuing.client(both)) == "subject"

    def test_a_client_without_a_name_is_refused(self) -> None:
        chain = Chain()
        name = (x509.SubjectAlternativeName([x509.RFC822Name("maker@platform.example")]), True)

        leaf = chain.issuing.client(x509.Name([]), extra=[CLIENT_AUTH, name])

        assert chain.refusal(leaf) == "subject"


class TestSizes:
    @pytest.mark.parametrize("leaf", [b"", b"\x30\x00", b"-----BEGIN CERTIFICATE-----"])
    def test_what_is_no_certificate_is_refused(self, leaf: bytes) -> None:
        with pytest.raises(CertificateRefused) as caught:
            verify_client_chain(leaf, [], anchors=[Authority.root().der], at=NOW, crls=[])
        assert caught.value.extra["rule"] == "form"

    @pytest.mark.parametrize("serial", [b"\x01" * 21, b"\0", b"\x81"])
    def test_a_number_that_no_certificate_has_is_refused(self, serial: bytes) -> None:
        inside, *signature = members(der(Authority.root().client()))
        version, _, *rest = members(inside)
        odd = element(0x30, b"".join((version, element(0x02, serial), *rest)))

        with pytest.raises(CertificateRefused, match=r"not an X\.509 certificate"):
            read_certificate(element(0x30, b"".join((odd, *signature))))

    def test_a_certificate_with_something_behind_it_is_refused(self) -> None:
        root = Authority.root()
        with pytest.raises(CertificateRefused) as caught:
            verify_client_chain(der(root.client()) + b"\0", [], anchors=[root.der], at=NOW, crls=[])
        assert caught.value.extra["rule"] == "form"

    def test_a_large_certificate_is_refused_unread(self) -> None:
        with pytest.raises(CertificateRefused) as caught:
            verify_client_chain(
                b"\x30" * (LARGEST_CERTIFICATE + 1), [], anchors=[], at=NOW, crls=[]
            )
        assert caught.value.extra["rule"] == "anchor"
        with pytest.raises(CertificateRefused) as caught:
            verify_client_chain(
                b"\x30" * (LARGEST_CERTIFICATE + 1),
                [],
                anchors=[Authority.root().der],
                at=NOW,
                crls=[],
            )
        assert caught.value.extra["rule"] == "size"

    def test_many_certificates_are_refused_unread(self) -> None:
        chain = Chain()

        sent = [chain.issuing] * (MOST_INTERMEDIATES + 1)

        assert chain.refusal(chain.issuing.client(), sent) == "size"

    def test_many_lists_are_refused_unread(self) -> None:
        chain = Chain()

        lists = [chain.root.crl()] * (MOST_LISTS + 1)

        assert chain.refusal(chain.issuing.client(), crls=lists) == "crl-size"

    def test_a_large_list_is_refused_unread(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.issuing.client(), crls=[b"0" * (LARGEST_LIST + 1)]) == "crl-size"
