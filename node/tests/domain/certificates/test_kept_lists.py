"""Lists that are kept: of one name there may be several keys, and of one key several lists."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from cryptography import x509

from tests.domain.authorities import CLIENT_AUTH, NOW, Authority, Extra, der
from tidan_node.domain.certificates.client import CertificateRefused, ClientPath, VerifiedClient


def place(name: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(f"http://platform.example/{name}.crl")]


def pointing_to(name: str) -> Extra:
    points = [x509.DistributionPoint(place(name), None, None, None)]
    return x509.CRLDistributionPoints(points), False


def part(name: str) -> Extra:
    """A list of those certificates alone that point to this place."""
    no = {"only_contains_user_certs": False, "only_contains_ca_certs": False}
    point = x509.IssuingDistributionPoint(
        full_name=place(name), relative_name=None, only_some_reasons=None, indirect_crl=False,
        only_contains_attribute_certs=False, **no,
    )  # fmt: skip
    return point, True


def looked_up(
    leaf: x509.Certificate, below: Authority, crls: Sequence[bytes], kept: Sequence[bytes]
) -> VerifiedClient:
    return ClientPath.found(der(leaf), [], anchors=[below.der], at=NOW).looked_up(crls, kept)


class TestOthers:
    """What is kept of others stands in nobody's way."""

    def test_the_list_of_a_former_key_of_the_authority_does_not_count(self) -> None:
        former, now = Authority.root(), Authority.root()
        assert former.name == now.name

        sent = now.crl()
        client = looked_up(now.client(), now, [sent], [former.crl(number=9)])

        assert [each.der for each in client.lists] == [sent]

    def test_another_part_of_the_authoritys_lists_does_not_count(self) -> None:
        root = Authority.root()
        mine = root.client(extra=[CLIENT_AUTH, pointing_to("one")])
        sent, kept = root.crl(extra=[part("one")]), root.crl(number=9, extra=[part("two")])

        assert [each.der for each in looked_up(mine, root, [sent], [kept]).lists] == [sent]

    def test_alone_it_is_as_if_nothing_was_kept(self) -> None:
        former, now = Authority.root(), Authority.root()

        with pytest.raises(CertificateRefused) as caught:
            looked_up(now.client(), now, [], [former.crl()])

        assert caught.value.extra["rule"] == "crl-missing"


class TestLearnt:
    def test_the_refusal_of_a_revoked_client_has_the_list_and_the_authority(self) -> None:
        root = Authority.root()
        leaf = root.client()
        sent = root.crl(leaf)

        with pytest.raises(CertificateRefused) as caught:
            looked_up(leaf, root, [sent], [])

        learnt = caught.value.learnt
        assert learnt is not None
        assert (learnt.used.der, learnt.authority) == (sent, root.der)

    def test_other_refusals_teach_nothing(self) -> None:
        root = Authority.root()

        with pytest.raises(CertificateRefused) as caught:
            looked_up(root.client(), root, [], [])

        assert caught.value.learnt is None
