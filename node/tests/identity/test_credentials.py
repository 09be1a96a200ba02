"""Credentials from one node to another: issued, shown, checked, revoked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.identity.served import says, served_offices
from tests.office import Consortium, Office
from tests.story import exchange_keys
from tidan_node.domain.credentials import read_presented
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.sd_jwt import SdJwt
from tidan_node.domain.tokens import public_key, sign_token

AUDIENCE, NONCE = "harbour-bank", "nonce-of-the-bank"


@dataclass
class Three:
    """Who vouches, about whom, and who wants to know."""

    consortium: Consortium
    issuer: Office
    subject: Office
    verifier: Office

    async def issue(self, **wanted: Any) -> dict[str, Any]:  # Any: JSON
        asked = {"subject": str(self.subject.party), "form": "sd-jwt"} | wanted
        answer = await self.issuer.post("/v1/credentials", asked)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def revoke(self, made: dict[str, Any]) -> None:
        path = f"/v1/credentials/{made['id']}/revocation"
        assert (await self.issuer.post(path, {"reason": "no longer so"})).status_code == 200

    async def present(self, credential: str, *disclose: str) -> str:
        asked = {"credential": credential, "disclose": list(disclose)}
        asked |= {"audience": AUDIENCE, "nonce": NONCE}
        answer = await self.subject.post("/v1/credentials/presentations", asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["presentation"])

    async def verify(self, credential: str, **asked: str) -> dict[str, Any]:
        body = {"credential": credential} | asked
        answer = await self.verifier.client.post("/v1/credentials/verification", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Three]:
    consortium = Consortium(tmp_path)
    roles = (Role.REGULATOR, Role.CARRIER | Role.TRADER, Role.BANK)
    async with served_offices(consortium, *roles) as offices:
        yield Three(consortium, *offices)


def outcomes(verified: dict[str, Any]) -> dict[str, str]:
    return {each["check"]: each["outcome"] for each in verified["checks"]}


class TestIssue:
    async def test_says_whom_it_is_about_and_until_when(self, three: Three) -> None:
        made = await three.issue(form="jwt", roles=["CARRIER"])

        presented = read_presented(made["credential"])
        presented.verify_signature(public_key(exchange_keys(three.issuer.party).signing_jwk))
        about = presented.claims["credentialSubject"]
        assert isinstance(about, dict)
        assert (about["name"], about["roles"]) == ("Party 2 Ltd", ["CARRIER"])
        assert about["party"] == f"tidan:31337:{three.subject.party}"
        assert presented.claims["@context"][0] == "https://www.w3.org/ns/credentials/v2"
        assert presented.claims["validUntil"] == made["validUntil"]

    async def test_is_in_the_trail_without_its_text(self, three: Three) -> None:
        made = await three.issue()

        ((act, subject, detail),) = await three.issuer.trail()
        assert (act, subject) == ("credential.issued", made["id"])
        assert detail == {"subject": int(three.subject.party), "roles": "CARRIER TRADER"}

    async def test_a_role_that_the_chain_does_not_give_is_refused(self, three: Three) -> None:
        wanted = {"subject": str(three.subject.party), "roles": ["BANK"]}
        answer = await three.issuer.post("/v1/credentials", wanted)
        assert answer.json()["type"] == "/v1/problems/credential-roles-refused"
        assert await three.issuer.trail() == []

    async def test_nobody_is_accredited_while_suspended(self, three: Three) -> None:
        three.consortium.story.change_status(three.subject.party, PartyStatus.SUSPENDED)
        await three.consortium.publish()
        answer = await three.issuer.post("/v1/credentials", {"subject": str(three.subject.party)})
        assert answer.json()["type"] == "/v1/problems/party-not-active"

    async def test_a_key_that_the_chain_does_not_have_signs_nothing(self, three: Three) -> None:
        others = exchange_keys(9).signing_jwk
        says(three.consortium, three.issuer.party, signing_key=others)
        await three.consortium.publish()
        answer = await three.issuer.post("/v1/credentials", {"subject": str(three.subject.party)})
        assert answer.json()["type"] == "/v1/problems/credential-not-possible"

    async def test_its_end_is_within_five_years(self, three: Three) -> None:
        for until in ("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"):
            wanted = {"subject": str(three.subject.party), "validUntil": until}
            answer = await three.issuer.post("/v1/credentials", wanted)
            assert (answer.status_code, answer.json()["field"]) == (422, "validUntil")

    async def test_pages_lead_through_all_that_were_issued(self, three: Three) -> None:
        made = [(await three.issue())["id"] for _ in range(3)]
        first = (await three.issuer.get("/v1/credentials", limit="2")).json()
        cursor = first["nextCursor"]
        rest = (await three.issuer.get("/v1/credentials", limit="2", cursor=cursor)).json()
        listed = [each["id"] for each in first["items"] + rest["items"]]
        assert sorted(listed) == sorted(made)
        assert rest["nextCursor"] is None
        assert "credential" not in first["items"][0]


class TestVerify:
    @pytest.mark.parametrize("form", ["jwt", "sd-jwt"])
    async def test_another_node_checks_it_all(self, three: Three, form: str) -> None:
        made = await three.issue(form=form)

        found = await three.verify(made["credential"])

        assert found["outcome"] == "verified", str(found["checks"])
        assert set(outcomes(found)) == {
            *("issuer", "signature", "time", "status", "subject", "roles", "identifiers"),
        }
        assert found["issuer"]["index"] == three.issuer.party
        assert found["subject"]["index"] == three.subject.party
        assert found["holderProven"] is False

    async def test_what_is_revoked_is_worth_nothing(self, three: Three) -> None:
        made = await three.issue()
        await three.revoke(made)

        found = await three.verify(made["credential"])

        assert (found["outcome"], outcomes(found)["status"]) == ("failed", "failed")

    async def test_its_own_issuer_knows_it_without_asking(self, three: Three) -> None:
        made = await three.issue()
        three.verifier = three.issuer
        assert (await three.verify(made["credential"]))["outcome"] == "verified"
        await three.revoke(made)
        assert (await three.verify(made["credential"]))["outcome"] == "failed"

    async def test_where_the_issuers_node_is_silent_nobody_knows(self, three: Three) -> None:
        made = await three.issue()
        gone = read_presented(made["credential"]).issuer  # the same DID, with nobody behind it
        url = "http://" + gone.removeprefix("did:web:").replace("%3A", ":")
        three.consortium.story.change_status(three.issuer.party, PartyStatus.ACTIVE)
        says(three.consortium, three.issuer.party, node_url=url, tls_certificates=(b"\x30\x00",))
        await three.consortium.publish()

        found = await three.verify(made["credential"])

        assert (found["outcome"], outcomes(found)["status"]) == ("not-evaluable", "not-evaluable")

    async def test_of_a_suspended_issuer_it_is_worth_nothing(self, three: Three) -> None:
        made = await three.issue()
        three.consortium.story.change_status(three.issuer.party, PartyStatus.SUSPENDED)
        await three.consortium.publish()
        found = await three.verify(made["credential"])
        assert (found["outcome"], outcomes(found)["issuer"]) == ("failed", "failed")

    async def test_roles_that_the_chain_has_taken_are_told(self, three: Three) -> None:
        made = await three.issue()
        three.consortium.story.change_roles(three.subject.party, Role.TRADER)
        await three.consortium.publish()
        found = await three.verify(made["credential"])
        assert (found["outcome"], outcomes(found)["roles"]) == ("failed", "failed")

    async def test_after_its_time_it_is_worth_nothing(self, three: Three) -> None:
        end = three.consortium.clock() + timedelta(seconds=20)
        made = await three.issue(validUntil=end.isoformat())
        three.consortium.story.next_block(10)
        found = await three.verify(made["credential"])
        assert (found["outcome"], outcomes(found)["time"]) == ("failed", "failed")

    async def test_what_somebody_else_has_signed_is_not_believed(self, three: Three) -> None:
        made = await three.issue(form="jwt")
        claims = read_presented(made["credential"]).claims
        forged = sign_token(exchange_keys(three.subject.party), claims, typ="vc+jwt")
        found = await three.verify(forged)
        assert outcomes(found) == {"issuer": "verified", "signature": "failed"}

    async def test_of_an_issuer_whom_the_chain_does_not_know_nothing_is_said(
        self, three: Three
    ) -> None:
        made = await three.issue(form="jwt")
        claims = read_presented(made["credential"]).claims | {"issuer": "did:web:other.example"}
        found = await three.verify(sign_token(exchange_keys(9), claims, typ="vc+jwt"))
        assert outcomes(found) == {"issuer": "not-evaluable"}

    async def test_a_status_list_elsewhere_is_not_asked(self, three: Three) -> None:
        made = await three.issue(form="jwt")
        claims = json.loads(json.dumps(read_presented(made["credential"]).claims))
        claims["credentialStatus"]["statusListCredential"] = "http://127.0.0.1:9/v1/status-lists/1"
        signed = sign_token(exchange_keys(three.issuer.party), claims, typ="vc+jwt")
        assert outcomes(await three.verify(signed))["status"] == "failed"

    @pytest.mark.parametrize("text", ["x", "a.b.c", "~", "e30.e30.x"])
    async def test_what_is_no_credential_is_refused(self, three: Three, text: str) -> None:
        body = {"credential": text}
        answer = await three.verifier.client.post("/v1/credentials/verification", json=body)
        assert answer.status_code == 422


class TestPresent:
    async def test_shows_only_what_is_named_to_whom_is_named(self, three: Three) -> None:
        made = await three.issue()

        shown = await three.present(made["credential"], "roles")
        found = await three.verify(shown, audience=AUDIENCE, nonce=NONCE)

        assert (found["outcome"], found["holderProven"]) == ("verified", True), found["checks"]
        assert set(found["says"]["credentialSubject"]) == {"id", "party", "roles"}
        assert "Party 2 Ltd" not in json.dumps(found["says"])

    async def test_without_what_was_asked_with_it_is_not_known_who_shows_it(
        self, three: Three
    ) -> None:
        shown = await three.present((await three.issue())["credential"], "roles")
        found = await three.verify(shown)
        assert (found["outcome"], outcomes(found)["holder"]) == ("not-evaluable", "not-evaluable")
        assert found["holderProven"] is False

    async def test_serves_for_no_other_audience_and_no_other_nonce(self, three: Three) -> None:
        shown = await three.present((await three.issue())["credential"], "roles")
        for asked in (
            {"audience": "somebody-else", "nonce": NONCE},
            {"audience": AUDIENCE, "nonce": "another-nonce"},
        ):
            found = await three.verify(shown, **asked)
            assert (found["outcome"], found["holderProven"]) == ("failed", False)

    async def test_without_its_holder_a_credential_proves_no_holder(self, three: Three) -> None:
        for form in ("jwt", "sd-jwt"):
            made = await three.issue(form=form)
            found = await three.verify(made["credential"], audience=AUDIENCE, nonce=NONCE)
            assert (found["outcome"], outcomes(found)["holder"]) == ("failed", "failed")

    async def test_only_its_subject_can_present_it(self, three: Three) -> None:
        made = await three.issue()
        asked = {"credential": made["credential"], "disclose": []}
        asked |= {"audience": AUDIENCE, "nonce": NONCE}
        answer = await three.verifier.post("/v1/credentials/presentations", asked)
        assert answer.json()["type"] == "/v1/problems/credential-not-presentable"

    async def test_what_was_concealed_before_cannot_be_shown(self, three: Three) -> None:
        made = await three.issue()
        less = str(SdJwt.parse(made["credential"]).shown({"roles"}))
        asked = {"credential": less, "disclose": ["name"], "audience": AUDIENCE, "nonce": NONCE}
        answer = await three.subject.post("/v1/credentials/presentations", asked)
        assert answer.json()["field"] == "disclose"

    async def test_is_in_the_trail_of_its_subject(self, three: Three) -> None:
        made = await three.issue()
        await three.present(made["credential"], "roles", "name")
        ((act, subject, detail),) = await three.subject.trail()
        assert (act, subject) == ("credential.presented", made["id"])
        assert detail == {"disclosed": "name roles"}


class TestRevoke:
    async def test_a_credential_is_revoked_once(self, three: Three) -> None:
        made = await three.issue()
        await three.revoke(made)
        path = f"/v1/credentials/{made['id']}/revocation"
        answer = await three.issuer.post(path, {"reason": "again"})
        assert answer.json()["type"] == "/v1/problems/credential-already-revoked"
        (listed,) = (await three.issuer.get("/v1/credentials")).json()["items"]
        assert listed["revocationReason"] == "no longer so"

    async def test_only_its_issuer_knows_it(self, three: Three) -> None:
        made = await three.issue()
        path = f"/v1/credentials/{made['id']}/revocation"
        answer = await three.subject.post(path, {"reason": "not mine"})
        assert answer.json()["type"] == "/v1/problems/credential-unknown"
