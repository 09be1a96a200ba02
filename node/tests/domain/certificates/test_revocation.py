"""Revocation lists: which list counts for which certificate, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.domain.authorities import CLIENT_AUTH, DAY, NOW, Authority, Extra, der, fresh_key
from tidan_node.domain.certificates.client import (
    CertificateRefused,
    VerifiedClient,
    verify_client_chain,
)
from tidan_node.domain.certificates.der import element, members

PLACE = x509.UniformResourceIdentifier("http://platform.example/one.crl")
ELSEWHERE = x509.UniformResourceIdentifier("http://platform.example/two.crl")


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.root()


@pytest.fixture(scope="module")
def issuing(root: Authority) -> Authority:
    return root.below()


@pytest.fixture(scope="module")
def leaf(issuing: Authority) -> x509.Certificate:
    return issuing.client()


class Desk:
    """Looks one client's certificate up."""

    def __init__(self, root: Authority, issuing: Authority, leaf: x509.Certificate) -> None:
        self.root = root
        self.issuing = issuing
        self.leaf = leaf

    def verify(
        self,
        *crls: bytes,
        kept: Sequence[bytes] = (),
        of_root: bytes | None = None,
        leaf: x509.Certificate | None = None,
    ) -> VerifiedClient:
        return verify_client_chain(
            der(leaf or self.leaf),
            [self.issuing.der],
            anchors=[self.root.der],
            at=NOW,
            crls=[of_root or self.root.crl(), *crls],
            kept=kept,
        )

    def refusal(self, *crls: bytes, **how: object) -> object:
        with pytest.raises(CertificateRefused) as caught:
            self.verify(*crls, **how)  # type: ignore[arg-type]  # handed on as it is
        return caught.value.extra["rule"]


@pytest.fixture
def desk(root: Authority, issuing: Authority, leaf: x509.Certificate) -> Desk:
    return Desk(root, issuing, leaf)


def point(**says: object) -> Extra:
    silent: dict[str, object] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(silent | says)), True  # type: ignore[arg-type]  # as said


class TestRevoked:
    def test_a_revoked_client_is_refused(self, desk: Desk) -> None:
        assert desk.refusal(desk.issuing.crl(desk.leaf)) == "revoked"

    def test_a_revoked_authority_is_refused(self, desk: Desk) -> None:
        assert desk.issuing.certificate is not None
        of_root = desk.root.crl(desk.issuing.certificate)

        assert desk.refusal(desk.issuing.crl(), of_root=of_root) == "revoked"

    def test_a_certificate_on_hold_is_revoked(self, desk: Desk) -> None:
        hold = (x509.CRLReason(x509.ReasonFlags.certificate_hold), False)

        assert desk.refusal(desk.issuing.crl(desk.leaf, entry_extra=[hold])) == "revoked"

    def test_that_others_were_revoked_is_no_matter(self, desk: Desk) -> None:
        other = desk.issuing.client()

        assert desk.verify(desk.issuing.crl(other))

    def test_of_two_lists_the_newer_one_is_believed(self, desk: Desk) -> None:
        older = desk.issuing.crl(number=1, since=NOW - DAY)
        newer = desk.issuing.crl(desk.leaf, number=2)

        assert desk.refusal(newer, older) == "revoked"
        assert desk.refusal(older, newer) == "revoked"


class TestMissing:
    def test_without_the_list_of_its_issuer_a_client_is_refused(self, desk: Desk) -> None:
        assert desk.refusal() == "crl-missing"

    def test_without_the_list_of_the_root_an_authority_is_refused(self, desk: Desk) -> None:
        assert desk.refusal(of_root=desk.issuing.crl()) == "crl-missing"

    def test_a_list_that_is_out_of_date_is_refused(self, desk: Desk) -> None:
        assert desk.refusal(desk.issuing.crl(since=NOW - DAY, until=NOW)) == "crl-stale"

    def test_a_list_counts_until_the_moment_that_it_names(self, desk: Desk) -> None:
        assert desk.verify(desk.issuing.crl(until=NOW + timedelta(seconds=1)))

    def test_a_list_of_the_future_is_refused(self, desk: Desk) -> None:
        early = desk.issuing.crl(since=NOW + timedelta(seconds=1))

        assert desk.refusal(early) == "crl-not-yet-valid"

    def test_a_list_of_clients_is_old_after_ten_days_whatever_it_says(self, desk: Desk) -> None:
        old = desk.issuing.crl(since=NOW - 10 * DAY, until=NOW + 300 * DAY)

        assert desk.refusal(old) == "crl-stale"

    def test_a_list_of_authorities_counts_for_longer(self, desk: Desk) -> None:
        of_root = desk.root.crl(since=NOW - 300 * DAY, until=NOW + 10 * DAY)

        assert desk.verify(desk.issuing.crl(), of_root=of_root)

    def test_a_list_that_names_no_end_is_refused(self, desk: Desk) -> None:
        assert desk.refusal(without_end(desk.issuing)) == "crl-stale"


def without_end(issuing: Authority) -> bytes:
    """A list without nextUpdate, which the library does not make."""
    made = x509.load_der_x509_crl(issuing.crl())
    fields = members(made.tbs_certlist_bytes)
    algorithm = members(issuing.crl())[1]
    inside = element(0x30, b"".join(fields[:4] + fields[5:]))
    assert isinstance(issuing.key, ec.EllipticCurvePrivateKey)
    signature = issuing.key.sign(inside, ec.ECDSA(hashes.SHA256()))
    return element(0x30, inside + algorithm + element(0x03, b"\0" + signature))


class TestWhoSpeaks:
    def test_a_list_signed_by_another_key_is_refused(self, desk: Desk) -> None:
        assert desk.refusal(desk.issuing.crl(key=fresh_key())) == "crl-signature"

    def test_a_forged_list_does_not_stand_in_the_way_of_the_true_one(self, desk: Desk) -> None:
        assert desk.verify(desk.issuing.crl(key=fresh_key(), number=9), desk.issuing.crl())

    def test_a_list_signed_over_a_weak_hash_is_refused(self, desk: Desk) -> None:
        weak = desk.issuing.crl(algorithm=hashes.SHA224())

        assert desk.refusal(weak) == "crl-signature"

    def test_the_list_of_the_same_name_but_another_authority_does_not_count(
        self, desk: Desk
    ) -> None:
        namesake = Authority(desk.issuing.name)

        assert desk.refusal(namesake.crl()) == "crl-signature"

    def test_a_key_that_is_not_for_lists_is_refused(self, root: Authority) -> None:
        issuing = root.below(usages=["key_cert_sign"])
        desk = Desk(root, issuing, issuing.client())

        assert desk.refusal(issuing.crl()) == "crl-usage"

    def test_what_is_no_list_is_refused(self, desk: Desk) -> None:
        assert desk.refusal(b"\x30\x03\x02\x01\x00") == "crl-form"


class TestKinds:
    def test_a_delta_is_refused(self, desk: Desk) -> None:
        delta = desk.issuing.crl(number=2, extra=[(x509.DeltaCRLIndicator(1), True)])

        assert desk.refusal(delta) == "crl-kind"

    def test_a_delta_is_refused_also_where_it_does_not_insist(self, desk: Desk) -> None:
        delta = desk.issuing.crl(number=2, extra=[(x509.DeltaCRLIndicator(1), False)])

        assert desk.refusal(delta) == "crl-kind"

    def test_an_indirect_list_is_refused(self, desk: Desk) -> None:
        indirect = desk.issuing.crl(extra=[point(indirect_crl=True)])

        assert desk.refusal(indirect) == "crl-kind"

    def test_an_entry_of_another_issuer_is_refused(self, desk: Desk) -> None:
        of_another = (x509.CertificateIssuer([x509.DirectoryName(desk.root.name)]), True)
        other = desk.issuing.client()

        assert desk.refusal(desk.issuing.crl(other, entry_extra=[of_another])) == "crl-kind"

    def test_what_must_be_understood_and_is_not_refuses(self, desk: Desk) -> None:
        strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")

        assert desk.refusal(desk.issuing.crl(extra=[(strange, True)])) == "crl-kind"
        assert desk.verify(desk.issuing.crl(extra=[(strange, False)]))

    @pytest.mark.parametrize(
        "says",
        [
            {"only_contains_ca_certs": True},
            {"only_contains_attribute_certs": True},
            {"only_some_reasons": frozenset({x509.ReasonFlags.key_compromise})},
            {"full_name": [PLACE]},
        ],
    )
    def test_a_list_of_other_certificates_does_not_count(
        self, desk: Desk, says: dict[str, object]
    ) -> None:
        assert desk.refusal(desk.issuing.crl(extra=[point(**says)])) == "crl-scope"

    def test_a_list_of_clients_alone_counts_for_clients_alone(self, desk: Desk) -> None:
        of_users = desk.root.crl(extra=[point(only_contains_user_certs=True)])

        assert desk.verify(desk.issuing.crl(extra=[point(only_contains_user_certs=True)]))
        assert desk.refusal(desk.issuing.crl(), of_root=of_users) == "crl-scope"

    def test_a_part_of_a_list_counts_for_those_that_point_to_it(self, desk: Desk) -> None:
        points = x509.CRLDistributionPoints([x509.DistributionPoint([PLACE], None, None, None)])
        leaf = desk.issuing.client(extra=[CLIENT_AUTH, (points, False)])

        assert desk.verify(desk.issuing.crl(extra=[point(full_name=[PLACE])]), leaf=leaf)
        other = desk.issuing.crl(extra=[point(full_name=[ELSEWHERE])])
        assert desk.refusal(other, leaf=leaf) == "crl-scope"


class TestKept:
    def test_a_list_seen_before_stands_in_for_one_that_is_not_sent(self, desk: Desk) -> None:
        assert desk.verify(kept=[desk.issuing.crl()])

    def test_a_list_seen_before_revokes(self, desk: Desk) -> None:
        assert desk.refusal(kept=[desk.issuing.crl(desk.leaf)]) == "revoked"

    def test_an_older_list_than_one_seen_before_is_refused(self, desk: Desk) -> None:
        seen = desk.issuing.crl(number=7)

        assert desk.refusal(desk.issuing.crl(number=6), kept=[seen]) == "crl-older"

    def test_the_time_tells_where_there_is_no_number(self, desk: Desk) -> None:
        seen = desk.issuing.crl(number=None)
        older = desk.issuing.crl(number=None, since=NOW - timedelta(hours=2))

        assert desk.refusal(older, kept=[seen]) == "crl-older"

    def test_a_higher_number_of_an_earlier_time_is_older(self, desk: Desk) -> None:
        seen = desk.issuing.crl(number=7)
        odd = desk.issuing.crl(number=8, since=NOW - timedelta(hours=2))

        assert desk.refusal(odd, kept=[seen]) == "crl-older"

    def test_the_same_list_once_more_is_welcome(self, desk: Desk) -> None:
        seen = desk.issuing.crl(number=7)

        assert desk.verify(seen, kept=[seen]).lists[0].number == 7

    def test_a_list_seen_before_that_has_ended_does_not_stand_in(self, desk: Desk) -> None:
        ended = desk.issuing.crl(since=NOW - 2 * DAY, until=NOW - DAY)

        assert desk.refusal(kept=[ended]) == "crl-stale"
        assert desk.verify(desk.issuing.crl(number=2), kept=[ended])

    def test_another_part_of_the_lists_is_not_older(self, desk: Desk) -> None:
        points = x509.CRLDistributionPoints([x509.DistributionPoint([PLACE], None, None, None)])
        leaf = desk.issuing.client(extra=[CLIENT_AUTH, (points, False)])
        whole = desk.issuing.crl(number=9)

        part = desk.issuing.crl(number=3, extra=[point(full_name=[PLACE])])

        assert desk.verify(part, kept=[whole], leaf=leaf)
