"""A member that writes another's words into its own profile: nobody may take it for the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.domain.authorities import DAY, Authority, der, fresh_key, named
from tests.identity.served import says, served_offices
from tests.office import Consortium, Office
from tests.story import exchange_keys, hex_of
from tidan_node.domain import events as told
from tidan_node.domain.certificates.proof import prove_ownership
from tidan_node.domain.parties import Role

LEI = "52990000000000000293"


@pytest.fixture
async def looking(tmp_path: Path) -> AsyncIterator[Office]:
    """A bank that trusts an authority; a carrier with its certificate; a clone of the carrier."""
    consortium = Consortium(tmp_path)
    trusted = tmp_path / "trust-anchors"
    async with served_offices(consortium, Role.BANK, Role.CARRIER) as (looking, carrier):
        looking.app.state.node = replace(looking.app.state.node, trust_anchors=trusted)
        now, key = consortium.clock(), fresh_key()
        authority = Authority.root(since=now - 10 * DAY, until=now + 300 * DAY)
        holder = named("Party 2 Ltd", f"LEIXG-{LEI}")
        leaf = authority.client(holder, key, since=now - DAY, until=now + 50 * DAY)
        trusted.mkdir()
        (trusted / "authority.der").write_bytes(authority.der)
        (trusted / "1.crl").write_bytes(authority.crl(since=now - DAY, until=now + 30 * DAY))
        proof = prove_ownership(key, exchange_keys(2).signing_jwk, "tidan:31337:2")
        url = (await looking.get("/v1/parties/2")).json()["nodeUrl"]
        said = {"node_url": url, "certificates": (der(leaf),), "certificate_proof": proof}
        says(consortium, carrier.party, **said)
        clone = consortium.enrol(Role.TRADER)
        whole = replace(consortium.story.profile_of(carrier.party), tls_certificates=(), **said)
        raw = whole.canonical()
        consortium.story.emit(told.ProfileChanged(clone, hex_of(raw), raw))
        await consortium.publish()
        yield looking


async def verified(looking: Office, party: int) -> tuple[str, dict[str, str]]:
    answer = await looking.client.post(f"/v1/parties/{party}/verification")
    found: dict[str, Any] = answer.json()  # Any: JSON
    return found["outcome"], {each["check"]: each["outcome"] for each in found["checks"]}


async def test_whoever_copies_a_profile_has_neither_its_document_nor_its_certificate(
    looking: Office,
) -> None:
    outcome, checks = await verified(looking, 3)
    assert outcome == "failed"
    assert checks["did-document"] == "failed"
    assert checks["certificate-owner"] == "failed"


async def test_a_number_that_two_state_is_nobodys_by_itself(looking: Office) -> None:
    _, checks = await verified(looking, 3)
    assert checks["identifier-alone"] == "not-evaluable"


async def test_whom_its_authority_vouches_for_is_not_hurt_by_a_copy(looking: Office) -> None:
    outcome, checks = await verified(looking, 2)
    assert outcome == "verified", checks
