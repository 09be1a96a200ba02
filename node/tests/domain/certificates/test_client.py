"""Chains of certificates: which are believed, for whom and until when."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.domain.authorities import (
    CLIENT_AUTH,
    DAY,
    LEI,
    NOW,
    Authority,
    Key,
    named,
)
from tests.domain.certificates.chains import FOR_NOBODY, SERVER_AUTH, Chain
from tidan_node.domain.profiles import Identifier


class TestWhoIsBelieved:
    def test_a_client_below_a_trusted_root_is_known_by_name_and_organisation(self) -> None:
        chain = Chain()

        client = chain.verify(chain.issuing.client())

        assert client.subject.name == f"CN=A maker,2.5.4.97=LEIXG-{LEI},C=SG"
        assert client.subject.organisation == Identifier("LEI", LEI)
        assert client.chain[1:] == (chain.issuing.der, chain.root.der)

    def test_the_end_is_that_of_the_first_list_or_certificate_to_end(self) -> None:
        chain = Chain()
        lists = [chain.root.crl(until=NOW + 3 * DAY), chain.issuing.crl(until=NOW + 2 * DAY)]

        assert chain.verify(chain.issuing.client(), crls=lists).valid_until == NOW + 2 * DAY
        short = chain.issuing.client(until=NOW + DAY)
        assert chain.verify(short, crls=lists).valid_until == NOW + DAY

    def test_an_issuing_authority_may_itself_be_what_is_trusted(self) -> None:
        chain = Chain()

        client = chain.verify(
            chain.issuing.client(), [], anchors=[chain.issuing], crls=[chain.issuing.crl()]
        )

        assert client.chain[1:] == (chain.issuing.der,)

    @pytest.mark.parametrize(
        "key",
        [
            ec.generate_private_key(ec.SECP384R1()),
            rsa.generate_private_key(65537, 2048),
            ed25519.Ed25519PrivateKey.generate(),
        ],
    )
    def test_its_key_may_be_of_any_usual_kind(self, key: Key) -> None:
        chain = Chain()

        assert chain.verify(chain.issuing.client(key=key)).subject.organisation is not None

    def test_an_authority_of_rsa_is_believed_as_well(self) -> None:
        chain = Chain()
        chain.root = Authority.root(key=rsa.generate_private_key(65537, 2048))

        found = chain.verify(chain.root.client(), [], crls=[chain.root.crl()])

        assert len(found.path) == 2

    def test_a_cross_signed_authority_leads_to_whichever_root_is_trusted(self) -> None:
        chain, other = Chain(), Authority.root("Other Demo Root")
        crossed = Authority(chain.issuing.name, chain.issuing.key)
        crossed.certificate = other.vouch_for(chain.issuing)
        leaf, lists = chain.issuing.client(), [other.crl(), chain.root.crl(), chain.issuing.crl()]

        by_other = chain.verify(leaf, [chain.issuing, crossed], anchors=[other], crls=lists)
        by_first = chain.verify(leaf, [crossed, chain.issuing], crls=lists)

        assert by_other.chain[1:] == (crossed.der, other.der)
        assert by_first.chain[1:] == (chain.issuing.der, chain.root.der)

    def test_a_cross_certificate_alone_does_not_lead_to_a_root_that_did_not_sign_it(self) -> None:
        chain, other = Chain(), Authority.root("Other Demo Root")
        crossed = Authority(chain.issuing.name, chain.issuing.key)
        crossed.certificate = other.vouch_for(chain.issuing)

        assert chain.refusal(chain.issuing.client(), [crossed]) == "path"

    def test_a_name_alone_does_not_make_an_authority(self) -> None:
        chain, impostor = Chain(), Authority(named("Demo Issuing"))
        impostor.certificate = chain.root.vouch_for(impostor)
        forger = Authority(named("Demo Issuing"))

        assert chain.verify(impostor.client(), [impostor], crls=[chain.root.crl(), impostor.crl()])
        assert chain.refusal(forger.client()) == "path"


class TestPaths:
    def test_an_unknown_root_leads_nowhere(self) -> None:
        chain, other = Chain(), Chain()

        assert chain.refusal(other.issuing.client(), [other.issuing]) == "path"

    def test_a_missing_link_leads_nowhere(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.issuing.client(), []) == "path"

    def test_an_expired_client_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.issuing.client(until=NOW - DAY / 2)) == "expired"

    def test_a_client_of_the_future_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.issuing.client(since=NOW + DAY)) == "not-yet-valid"

    def test_an_expired_authority_in_between_is_refused(self) -> None:
        chain = Chain(until=NOW - DAY / 2)

        assert chain.refusal(chain.issuing.client()) == "expired"

    def test_an_expired_root_is_refused_though_it_is_trusted(self) -> None:
        chain = Chain()
        chain.root = Authority.root(until=NOW - DAY / 2)

        assert chain.refusal(chain.root.client(), []) == "expired"

    def test_a_certificate_for_servers_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.issuing.client(extra=[SERVER_AUTH])) == "usage"

    def test_a_certificate_that_does_not_say_what_for_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.issuing.client(extra=[])) == "usage"

    def test_a_key_that_is_not_for_signing_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.issuing.client(usages=["key_agreement"])) == "usage"

    def test_an_authority_for_servers_vouches_for_no_client(self) -> None:
        chain = Chain(extra=[SERVER_AUTH])

        assert chain.refusal(chain.issuing.client()) == "path"

    def test_an_authority_that_may_not_sign_certificates_vouches_for_nobody(self) -> None:
        chain = Chain(usages=["crl_sign"])

        assert chain.refusal(chain.issuing.client()) == "path"

    def test_a_client_does_not_vouch_for_others(self) -> None:
        chain = Chain()
        middle = Authority(named("A maker"))
        middle.certificate = chain.issuing.client(middle.name, middle.key)

        assert chain.refusal(middle.client(), [middle, chain.issuing]) == "path"

    def test_an_authority_is_no_client(self) -> None:
        chain = Chain()
        both = Authority(named("Demo Both"))
        both.certificate = chain.issuing.vouch_for(
            both, usages=["digital_signature", "key_cert_sign"], extra=[CLIENT_AUTH]
        )

        assert chain.refusal(both.certificate) == "path"

    def test_a_client_that_may_sign_certificates_is_refused(self) -> None:
        chain = Chain()
        usages = ["digital_signature", "key_cert_sign"]

        assert chain.refusal(chain.issuing.client(usages=usages)) == "usage"

    def test_what_is_trusted_must_be_an_authority(self) -> None:
        chain = Chain()
        leaf = Authority(named("A maker"))
        leaf.certificate = chain.issuing.client(leaf.name, leaf.key)

        assert chain.refusal(leaf.certificate, [], anchors=[leaf]) == "anchor"

    def test_an_extension_that_must_be_understood_is_refused(self) -> None:
        chain = Chain()

        assert chain.refusal(chain.issuing.client(extra=[CLIENT_AUTH, FOR_NOBODY])) == "path"

    def test_a_weak_key_is_refused(self) -> None:
        chain = Chain()
        weak = rsa.generate_private_key(65537, 1024)  # noqa: S505  # what is refused

        assert chain.refusal(chain.issuing.client(key=weak)) == "key"

    def test_an_uncommon_key_is_refused(self) -> None:
        chain = Chain()
        uncommon = ec.generate_private_key(ec.SECP256K1())

        assert chain.refusal(chain.issuing.client(key=uncommon)) == "key"


def deep(count: int) -> tuple[Authority, list[Authority]]:
    """A root, and so many authorities below each other."""
    root = Authority.root()
    between: list[Authority] = []
    above = root
    for number in range(count):
        above = above.below(f"Demo {number}")
        between.append(above)
    return root, between


class TestDepth:
    def test_three_authorities_in_between_are_the_most(self) -> None:
        chain = Chain()
        chain.root, between = deep(3)
        lists = [each.crl() for each in (chain.root, *between)]

        assert len(chain.verify(between[-1].client(), between, crls=lists).path) == 5

    def test_four_are_too_many(self) -> None:
        chain = Chain()
        chain.root, between = deep(4)

        assert chain.refusal(between[-1].client(), between) == "depth"

    def test_an_authority_may_be_bound_to_have_none_below_it(self) -> None:
        chain = Chain(path_length=0)
        below = chain.issuing.below("Demo Below")

        assert chain.refusal(below.client(), [below, chain.issuing]) == "path"
