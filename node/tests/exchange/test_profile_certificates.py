"""A party writes into its profile who vouches for it, with the proof that it is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from tests.domain.authorities import DAY, Authority, der, fresh_key, named
from tests.office import Consortium, Office, opened
from tests.story import GENESIS_TIME, exchange_keys, with_check_digits
from tidan_node.domain.certificates.proof import prove_ownership
from tidan_node.domain.identifiers import to_bytes
from tidan_node.domain.parties import Role
from tidan_node.domain.profiles import Profile, read_profile
from tidan_node.domain.tls_certificates import certificate_texts

KEY = fresh_key()
NOW = datetime.fromtimestamp(GENESIS_TIME, UTC)
LIFE: dict[str, Any] = {"since": NOW - DAY, "until": NOW + 50 * DAY}
ROOT = Authority.root(**LIFE)
OWN = named("A maker", f"LEIXG-{with_check_digits(f'5299{1:014d}')}")
CERTIFICATE = der(ROOT.client(OWN, KEY, **LIFE))
CERTIFICATES = certificate_texts([CERTIFICATE])


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.CARRIER)
    async with opened(consortium, party) as office:
        await consortium.publish()
        yield office


def proof(party: int = 1) -> str:
    return prove_ownership(KEY, exchange_keys(1).signing_jwk, f"tidan:31337:{party}")


async def wanted_profile(office: Office) -> Profile:
    ((_, call),) = await office.waiting()
    (raw,) = call.args
    return read_profile(to_bytes(str(raw)))


async def refused(office: Office, **body: Any) -> str:
    answer = await office.post("/v1/profile", body)
    assert answer.status_code == 422, answer.text
    assert await office.waiting() == []
    return str(answer.json()["field"])


async def test_all_else_stays_as_the_chain_has_it(office: Office) -> None:
    body = {"certificates": CERTIFICATES, "certificateProof": proof()}
    answer = await office.post("/v1/profile", body)

    assert answer.status_code == 202, answer.text
    wanted = await wanted_profile(office)
    assert wanted.certificates == (CERTIFICATE,)
    before = office.consortium.story.profile_of(office.party)
    assert (wanted.name, wanted.identifiers, wanted.signing_key) == (
        before.name,
        before.identifiers,
        before.signing_key,
    )


async def test_somebody_elses_certificate_is_refused(office: Office) -> None:
    body: dict[str, Any] = {"certificates": CERTIFICATES, "certificateProof": proof(2)}
    assert await refused(office, **body) == "certificateProof"
    of_another_key = prove_ownership(KEY, exchange_keys(2).signing_jwk, "tidan:31337:1")
    body["certificateProof"] = of_another_key
    assert await refused(office, **body) == "certificateProof"


async def test_certificates_come_with_their_proof(office: Office) -> None:
    assert await refused(office, certificates=CERTIFICATES) == "certificateProof"
    assert await refused(office, certificateProof=proof()) == "certificates"


@pytest.mark.parametrize(
    ("chain", "rule"),
    [
        ([ROOT.client(OWN, KEY, extra=(), **LIFE)], "usage"),
        ([ROOT.client(OWN, KEY, usages=("key_encipherment",), **LIFE)], "usage"),
        ([ROOT.client(key=KEY, **LIFE)], "subject"),
        ([ROOT.client(named("A maker"), KEY, **LIFE)], "subject"),
        ([ROOT.client(OWN, KEY, since=NOW - 9 * DAY, until=NOW - 8 * DAY)], "expired"),
        ([ROOT.client(OWN, KEY, **LIFE), Authority.root("Demo Other", **LIFE).certificate], "path"),
        ([ROOT.client(OWN, KEY, extra=(), **LIFE), ROOT.certificate], "usage"),
    ],
)
async def test_what_others_would_not_believe_is_refused_before_anything_is_changed(
    office: Office, chain: list[x509.Certificate], rule: str
) -> None:
    certificates = certificate_texts([der(each) for each in chain])
    body = {"certificates": certificates, "certificateProof": proof()}
    answer = await office.post("/v1/profile", body)
    told = answer.json()
    assert (answer.status_code, told["type"]) == (422, "/v1/problems/certificate-unfit")
    assert (told["field"], told["rule"]) == ("certificates", rule)
    assert told["detail"].startswith(f"{rule}: ")
    assert await office.waiting() == []


async def test_a_chain_that_leads_to_its_authority_is_taken(office: Office) -> None:
    issuing = ROOT.below(**LIFE)
    chain = certificate_texts([der(issuing.client(OWN, KEY, **LIFE)), issuing.der, ROOT.der])
    answer = await office.post("/v1/profile", {"certificates": chain, "certificateProof": proof()})
    assert answer.status_code == 202, answer.text


async def test_a_did_of_ones_own_is_stated(office: Office) -> None:
    await office.post("/v1/profile", {"did": "did:web:company.example"})
    assert (await wanted_profile(office)).did == "did:web:company.example"


async def test_what_is_no_did_is_refused(office: Office) -> None:
    assert await refused(office, did="did:key:z6Mk") == "did"
