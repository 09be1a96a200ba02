"""What a node says of its party to everybody, without a key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.domain.authorities import Authority, der
from tests.identity.served import says, served_offices
from tests.office import Consortium, Office, opened
from tests.story import exchange_keys
from tidan_node.domain.credentials import encoded_list_of, read_presented
from tidan_node.domain.did import names_in, read_did_keys
from tidan_node.domain.parties import Role
from tidan_node.domain.status_list import decode_list, is_set
from tidan_node.domain.tokens import public_key


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.REGULATOR)
    async with opened(consortium, party) as office:
        await consortium.publish()
        yield office


async def unknown(office: Office, path: str) -> httpx.Response:
    """Asked by somebody without a key."""
    office.client.headers.pop("Authorization", None)
    return await office.client.get(path)


class TestDidDocument:
    async def test_has_the_keys_that_the_chain_has(self, office: Office) -> None:
        answer = await unknown(office, "/.well-known/did.json")

        assert answer.headers["content-type"] == "application/did+ld+json"
        assert "tidan:31337:1" in names_in(answer.content, "did:web:node-1.example")
        assert read_did_keys(answer.content, "did:web:node-1.example") == {
            "assertionMethod": [exchange_keys(1).signing_jwk],
            "keyAgreement": [exchange_keys(1).encryption_jwk],
        }

    async def test_of_a_party_without_an_address_there_is_none(self, office: Office) -> None:
        says(office.consortium, office.party, node_url=None)
        await office.consortium.publish()

        assert (await unknown(office, "/.well-known/did.json")).status_code == 404


class TestCertificates:
    async def test_are_the_chain_of_the_profile_in_its_order(self, office: Office) -> None:
        root = Authority.root()
        chain = (der(root.client()), root.der)
        says(office.consortium, office.party, certificates=chain)
        await office.consortium.publish()

        answer = await unknown(office, "/.well-known/certificates.pem")

        assert answer.headers["content-type"] == "application/pem-certificate-chain"
        read = x509.load_pem_x509_certificates(answer.content)
        assert tuple(each.public_bytes(Encoding.DER) for each in read) == chain

    async def test_of_a_party_that_states_none_there_are_none(self, office: Office) -> None:
        assert (await unknown(office, "/.well-known/certificates.pem")).status_code == 404


class TestStatusLists:
    async def test_tell_which_credentials_are_revoked(self, tmp_path: Path) -> None:
        consortium = Consortium(tmp_path)
        async with served_offices(consortium, Role.REGULATOR, Role.CARRIER) as (issuer, subject):
            wanted = {"subject": str(subject.party)}
            first, second = [
                (await issuer.post("/v1/credentials", wanted)).json() for _ in range(2)
            ]  # fmt: skip
            await issuer.post(f"/v1/credentials/{first['id']}/revocation", {"reason": "a mistake"})

            answer = await unknown(issuer, "/v1/status-lists/1")

            told = read_presented(answer.text)
            told.verify_signature(public_key(exchange_keys(issuer.party).signing_jwk))
            url = str(told.claims["id"])
            bits = decode_list(encoded_list_of(told, issuer=told.issuer, url=url))
            assert is_set(bits, first["statusIndex"])
            assert not is_set(bits, second["statusIndex"])
            assert sum(each.bit_count() for each in bits) == 1
            assert "a mistake" not in answer.text

    async def test_are_signed_once_until_something_is_revoked(self, tmp_path: Path) -> None:
        consortium = Consortium(tmp_path)
        async with served_offices(consortium, Role.REGULATOR, Role.CARRIER) as (issuer, subject):
            wanted = {"subject": str(subject.party)}
            made = (await issuer.post("/v1/credentials", wanted)).json()
            first = (await issuer.client.get("/v1/status-lists/1")).text
            consortium.story.next_block(10)
            assert (await issuer.client.get("/v1/status-lists/1")).text == first

            await issuer.post(f"/v1/credentials/{made['id']}/revocation", {"reason": "over"})

            told = read_presented((await issuer.client.get("/v1/status-lists/1")).text)
            encoded = encoded_list_of(told, issuer=told.issuer, url=str(told.claims["id"]))
            assert is_set(decode_list(encoded), made["statusIndex"])

    @pytest.mark.parametrize("number", ["1", "0", "-1", "x", "9" * 60, "%D9%A1"])
    async def test_a_list_that_was_never_begun_is_not_there(
        self, office: Office, number: str
    ) -> None:
        assert (await unknown(office, f"/v1/status-lists/{number}")).status_code == 404
