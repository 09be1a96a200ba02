"""Whether another party is who it says, as a node finds it out by itself."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.domain.authorities import DAY, Authority, der, fresh_key, named
from tests.identity.served import says, served_offices
from tests.office import Consortium, Office
from tests.on_loopback import served
from tests.story import exchange_keys
from tidan_node.domain.certificates.proof import prove_ownership
from tidan_node.domain.did import did_document
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.profiles import Identifier

LEI = "52990000000000000293"
NAME = "tidan:31337:2"


@dataclass
class Pair:
    """Who looks, and whom it looks at."""

    consortium: Consortium
    looking: Office
    other: Office
    trusted: Path
    url: str
    authority: Authority = field(init=False)

    def __post_init__(self) -> None:
        self.authority = self.new_authority()

    @property
    def now(self) -> datetime:
        return self.consortium.clock()

    def new_authority(self) -> Authority:
        return Authority.root(since=self.now - 10 * DAY, until=self.now + 300 * DAY)

    def list_of(self, *revoked: x509.Certificate, days: int = 30) -> bytes:
        since = self.now - DAY
        return self.authority.crl(*revoked, since=since, until=self.now + days * DAY)

    async def change(self, **members: Any) -> None:  # Any: members of a profile
        says(self.consortium, self.other.party, **({"node_url": self.url} | members))
        await self.consortium.publish()

    async def look(self) -> dict[str, Any]:
        answer = await self.looking.client.post(f"/v1/parties/{self.other.party}/verification")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def trust(self, *lists: bytes) -> None:
        self.trusted.mkdir(exist_ok=True)
        (self.trusted / "authority.der").write_bytes(self.authority.der)
        for number, each in enumerate(lists):
            (self.trusted / f"{number}.crl").write_bytes(each)


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    consortium = Consortium(tmp_path)
    trusted = tmp_path / "trust-anchors"
    async with served_offices(consortium, Role.BANK, Role.CARRIER) as (looking, other):
        looking.app.state.node = replace(looking.app.state.node, trust_anchors=trusted)
        url = (await looking.get("/v1/parties/2")).json()["nodeUrl"]
        yield Pair(consortium, looking, other, trusted, url)


def with_another_key(pair: Pair, purpose: str) -> Starlette:
    """A node whose document has one key more than the chain."""
    keys = exchange_keys(9)
    jwk = keys.signing_jwk if purpose == "assertionMethod" else keys.encryption_jwk

    async def show(_: Request) -> Response:
        profile = replace(pair.consortium.story.profile_of(pair.other.party), node_url=pair.url)
        document: dict[str, Any] = did_document(profile, NAME)
        did = document["id"]
        method = {"id": f"{did}#9", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
        document["verificationMethod"].append(method)
        document[purpose].append(method["id"])
        return JSONResponse(document)

    return Starlette(routes=[Route("/.well-known/did.json", show)])


def outcomes(found: dict[str, Any]) -> dict[str, str]:
    return {each["check"]: each["outcome"] for each in found["checks"]}


def reason(found: dict[str, Any], check: str) -> str:
    return str(next(each["reason"] for each in found["checks"] if each["check"] == check))


class TestDocument:
    async def test_the_keys_at_the_node_are_those_of_the_chain(self, pair: Pair) -> None:
        found = outcomes(await pair.look())
        assert found["did-document"] == "verified"
        assert (found["signing-key"], found["encryption-key"]) == ("verified", "verified")
        assert (found["standing"], found["identifier"]) == ("verified", "verified")

    async def test_a_node_with_another_key_is_found_out(self, pair: Pair) -> None:
        # the node that answers has not read of the new key yet: it serves the old one
        pair.consortium.offices.remove(pair.other)
        await pair.change(signing_key=exchange_keys(9).signing_jwk)
        found = await pair.look()
        assert (found["outcome"], outcomes(found)["signing-key"]) == ("failed", "failed")
        assert outcomes(found)["encryption-key"] == "verified"

    @pytest.mark.parametrize(
        ("purpose", "check"),
        [("assertionMethod", "signing-key"), ("keyAgreement", "encryption-key")],
    )
    async def test_a_document_with_a_key_more_is_found_out(
        self, pair: Pair, purpose: str, check: str
    ) -> None:
        async with served(with_another_key(pair, purpose)) as pair.url:
            await pair.change()
            found = await pair.look()
        assert outcomes(found)["did-document"] == "verified"
        assert (found["outcome"], outcomes(found)[check]) == ("failed", "failed")

    @pytest.mark.parametrize(
        ("status", "headers", "body", "outcome"),
        [
            (302, {"location": "http://127.0.0.1:1/"}, b"", "not-evaluable"),
            (500, {}, b"", "not-evaluable"),
            (200, {}, b"x" * 70_000, "not-evaluable"),
            (200, {"content-encoding": "gzip"}, gzip.compress(b"{}", mtime=0), "failed"),
            (200, {}, b"[" * 60_000, "failed"),
            (200, {}, b"\xff", "failed"),
            (200, {}, b'{"id":"did:web:other.example"}', "failed"),
        ],
    )
    async def test_what_is_no_document_proves_nothing(
        self, pair: Pair, status: int, headers: dict[str, str], body: bytes, outcome: str
    ) -> None:
        async def answer(_: Request) -> Response:
            return Response(body, status, headers)

        app = Starlette(routes=[Route("/{path:path}", answer)])
        async with served(app) as pair.url:
            await pair.change()
            found = await pair.look()
        assert outcomes(found)["did-document"] == outcome
        assert found["outcome"] != "verified"

    async def test_a_node_that_is_not_there_is_no_proof_of_anything(self, pair: Pair) -> None:
        pair.url = "http://127.0.0.1:1"
        await pair.change()
        found = await pair.look()
        assert outcomes(found)["did-document"] == "not-evaluable"
        assert found["outcome"] == "not-evaluable"

    async def test_plain_http_to_another_machine_is_not_tried(self, pair: Pair) -> None:
        pair.url = "http://node-2.example"
        await pair.change()
        assert "pins no certificate" in reason(await pair.look(), "did-document")

    async def test_a_did_elsewhere_is_not_followed(self, pair: Pair) -> None:
        await pair.change(did="did:web:127.0.0.1%3A1")
        found = await pair.look()
        assert outcomes(found)["did-document"] == "not-evaluable"
        assert "does not ask" in reason(found, "did-document")

    async def test_a_node_does_not_vouch_for_itself(self, pair: Pair) -> None:
        answer = await pair.looking.client.post(f"/v1/parties/{pair.looking.party}/verification")
        assert outcomes(answer.json())["did-document"] == "not-evaluable"


class TestIdentifiers:
    async def test_a_number_that_cannot_exist_is_told(self, pair: Pair) -> None:
        await pair.change(identifiers=(Identifier("LEI", "52990000000000000199"),))
        found = await pair.look()
        assert (found["outcome"], outcomes(found)["identifier"]) == ("failed", "failed")

    async def test_a_list_without_a_rule_is_not_taken_for_right(self, pair: Pair) -> None:
        await pair.change(identifiers=(Identifier("ACME", "1"),))
        assert outcomes(await pair.look())["identifier"] == "not-evaluable"

    async def test_a_suspended_party_is_not_in_good_standing(self, pair: Pair) -> None:
        pair.consortium.story.change_status(pair.other.party, PartyStatus.SUSPENDED)
        await pair.consortium.publish()
        assert outcomes(await pair.look())["standing"] == "failed"


class TestCertificates:
    async def certified(
        self,
        pair: Pair,
        organisation: str = f"LEIXG-{LEI}",
        **members: Any,
    ) -> x509.Certificate:
        key, since = fresh_key(), pair.now - DAY
        name = named("Party 2 Ltd", organisation)
        certificate = pair.authority.client(name, key, since=since, until=since + 50 * DAY)
        proof = prove_ownership(key, exchange_keys(pair.other.party).signing_jwk, NAME)
        stated = {"certificates": (der(certificate),), "certificate_proof": proof}
        await pair.change(**(stated | members))
        return certificate

    async def test_a_trusted_authority_vouches_for_the_party(self, pair: Pair) -> None:
        pair.trust(pair.list_of())
        await self.certified(pair)
        found = await pair.look()
        assert found["outcome"] == "verified", found["checks"]
        assert outcomes(found)["certificate-identifier"] == "verified"
        assert outcomes(found)["certificate-owner"] == "verified"

    async def test_what_it_has_revoked_is_worth_nothing(self, pair: Pair) -> None:
        certificate = await self.certified(pair)
        pair.trust(pair.list_of(certificate))
        found = await pair.look()
        assert (found["outcome"], outcomes(found)["certificates"]) == ("failed", "failed")
        assert reason(found, "certificates").startswith("revoked")

    @pytest.mark.parametrize("days", [None, 0])
    async def test_without_its_newest_list_nobody_knows(self, pair: Pair, days: int | None) -> None:
        await self.certified(pair)
        pair.trust(*([] if days is None else [pair.list_of(days=days)]))
        found = await pair.look()
        assert outcomes(found)["certificates"] == "not-evaluable"
        assert reason(found, "certificates").startswith("crl-")

    async def test_an_authority_that_is_not_trusted_vouches_for_nobody(self, pair: Pair) -> None:
        await self.certified(pair)
        assert outcomes(await pair.look())["certificates"] == "not-evaluable"
        pair.authority = pair.new_authority()
        pair.trust(pair.list_of())
        assert outcomes(await pair.look())["certificates"] == "failed"

    async def test_a_certificate_of_another_organisation_is_told(self, pair: Pair) -> None:
        pair.trust(pair.list_of())
        await self.certified(pair, "LEIXG-213800KUD8LAJWSQ9D15")
        assert outcomes(await pair.look())["certificate-identifier"] == "failed"

    async def test_somebody_elses_certificate_is_found_out(self, pair: Pair) -> None:
        pair.trust(pair.list_of())
        thief = fresh_key()
        proof = prove_ownership(thief, exchange_keys(pair.other.party).signing_jwk, NAME)
        await self.certified(pair, certificate_proof=proof)
        assert outcomes(await pair.look())["certificate-owner"] == "failed"

    async def test_without_a_proof_it_may_be_anybodys(self, pair: Pair) -> None:
        pair.trust(pair.list_of())
        await self.certified(pair, certificate_proof=None)
        found = await pair.look()
        assert outcomes(found)["certificate-owner"] == "not-evaluable"
        assert found["outcome"] == "not-evaluable"
