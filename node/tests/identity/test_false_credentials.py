"""Credentials that a hostile issuer, holder or member might show, and what is made of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.identity.served import says, served_offices
from tests.identity.test_credentials import AUDIENCE, NONCE, Three, outcomes
from tests.office import Consortium
from tests.story import exchange_keys
from tidan_node.domain.credentials import read_presented
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.profiles import Identifier
from tidan_node.domain.sd_jwt import SdJwt
from tidan_node.domain.tokens import sign_token

Claims = dict[str, Any]  # Any: JSON


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Three]:
    consortium = Consortium(tmp_path)
    roles = (Role.REGULATOR, Role.CARRIER | Role.TRADER, Role.BANK)
    async with served_offices(consortium, *roles) as offices:
        yield Three(consortium, *offices)


async def signed(three: Three, change: Callable[[Claims], object], **issued: Any) -> str:
    """A credential of the issuer's own, changed before it signed it."""
    made = await three.issue(form="jwt", **issued)
    claims = json.loads(json.dumps(read_presented(made["credential"]).claims))
    change(claims)
    return sign_token(exchange_keys(three.issuer.party), claims, typ="vc+jwt")


def about(claims: Claims) -> Claims:
    subject: Claims = claims["credentialSubject"]
    return subject


async def url_of(three: Three, party: PartyIndex) -> str:
    return str((await three.verifier.get(f"/v1/parties/{party}")).json()["nodeUrl"])


class TestCopiedProfiles:
    async def copied(self, three: Three, party: PartyIndex) -> PartyIndex:
        """Another member has the same address, keys and numbers in its profile."""
        clone = three.consortium.enrol(Role.TRADER)
        members = vars_of(three, party) | {"node_url": await url_of(three, party)}
        says(three.consortium, clone, **members)
        await three.consortium.publish()
        return clone

    async def test_nobody_takes_a_credential_by_copying_its_subject(self, three: Three) -> None:
        made = await three.issue()
        await self.copied(three, three.subject.party)
        found = await three.verify(made["credential"])
        assert found["outcome"] == "verified", found["checks"]
        assert found["subject"]["index"] == three.subject.party

    async def test_nobody_makes_credentials_void_by_copying_their_issuer(
        self, three: Three
    ) -> None:
        made = await three.issue()
        await self.copied(three, three.issuer.party)
        found = await three.verify(made["credential"])
        assert found["outcome"] == "verified", found["checks"]
        assert found["issuer"]["index"] == three.issuer.party

    async def test_a_credential_that_names_no_party_is_then_nobodys(self, three: Three) -> None:
        text = await signed(three, lambda claims: about(claims).pop("party"))
        assert outcomes(await three.verify(text))["subject"] == "verified"
        await self.copied(three, three.subject.party)
        assert outcomes(await three.verify(text))["subject"] == "not-evaluable"

    @pytest.mark.parametrize("name", ["tidan:31337:3", "tidan:1:2", "tidan:31337:02", "2", ""])
    async def test_a_party_without_the_did_is_not_the_one_that_is_meant(
        self, three: Three, name: str
    ) -> None:
        text = await signed(three, lambda claims: about(claims).update(party=name))
        assert outcomes(await three.verify(text))["subject"] == "not-evaluable"

    async def test_a_number_that_two_state_is_vouched_for_by_nobody(self, three: Three) -> None:
        clone = await self.copied(three, three.subject.party)
        for party in (clone, three.subject.party):
            answer = await three.issuer.post("/v1/credentials", {"subject": str(party)})
            assert answer.json()["type"] == "/v1/problems/credential-not-possible"
            assert "another party" in answer.json()["detail"]
        three.consortium.story.change_status(clone, PartyStatus.REVOKED)
        await three.consortium.publish()
        await three.issue()

    async def test_a_number_that_cannot_exist_is_vouched_for_by_nobody(self, three: Three) -> None:
        url = await url_of(three, three.subject.party)
        wrong = (Identifier("LEI", "52990000000000000199"),)
        says(three.consortium, three.subject.party, node_url=url, identifiers=wrong)
        await three.consortium.publish()
        answer = await three.issuer.post("/v1/credentials", {"subject": str(three.subject.party)})
        assert answer.json()["type"] == "/v1/problems/credential-not-possible"


def vars_of(three: Three, party: PartyIndex) -> Claims:
    profile = three.consortium.story.profile_of(party)
    names = ("name", "identifiers", "codes", "signing_key", "encryption_key")
    return {name: getattr(profile, name) for name in names}


class TestVouchingForOneself:
    async def test_is_refused_where_it_is_issued(self, three: Three) -> None:
        answer = await three.issuer.post("/v1/credentials", {"subject": str(three.issuer.party)})
        assert (answer.status_code, answer.json()["field"]) == (409, "subject")

    async def test_is_worth_nothing_where_it_is_shown(self, three: Three) -> None:
        def own(claims: Claims) -> None:
            about(claims).update(
                id=claims["issuer"]["id"], party=claims["issuer"]["party"], roles=["REGULATOR"]
            )

        found = await three.verify(await signed(three, own))
        assert (found["outcome"], outcomes(found)["subject"]) == ("failed", "failed")


class TestClaims:
    @pytest.mark.parametrize("roles", ["CARRIER", {"0": "CARRIER"}, None, [["CARRIER"]], [1]])
    async def test_roles_in_another_form_are_no_roles(self, three: Three, roles: object) -> None:
        text = await signed(three, lambda claims: about(claims).update(roles=roles))
        assert outcomes(await three.verify(text))["roles"] == "failed"

    async def test_a_number_that_the_subject_no_longer_states_is_told(self, three: Three) -> None:
        other = [{"scheme": "LEI", "value": "213800KUD8LAJWSQ9D15"}]
        text = await signed(three, lambda claims: about(claims).update(identifiers=other))
        found = await three.verify(text)
        assert (found["outcome"], outcomes(found)["identifiers"]) == ("failed", "failed")

    async def test_without_an_end_its_time_cannot_be_told(self, three: Three) -> None:
        found = await three.verify(await signed(three, lambda claims: claims.pop("validUntil")))
        assert (found["outcome"], outcomes(found)["time"]) == ("not-evaluable", "not-evaluable")

    @pytest.mark.parametrize(
        "changed",
        [
            {"exp": 1},
            {"exp": 1.5},
            {"nbf": 4_000_000_000},
            {"exp": "later"},
            {"nbf": True},
            {"validFrom": "2099-01-01T00:00:00Z"},
            {"validFrom": "2020-01-01"},
            {"validUntil": "2020-01-01T00:00:00+01:00"},
            {"validUntil": ["2099-01-01T00:00:00Z"]},
        ],
    )
    async def test_the_time_of_its_signature_counts_like_its_own(
        self, three: Three, changed: Claims
    ) -> None:
        text = await signed(three, lambda claims: claims.update(changed))
        found = await three.verify(text)
        assert (found["outcome"], outcomes(found)["time"]) == ("failed", "failed")

    @pytest.mark.parametrize("claim", ["iss", "sub", "jti"])
    async def test_two_words_for_one_thing_must_agree(self, three: Three, claim: str) -> None:
        text = await signed(three, lambda claims: claims.update({claim: "did:web:else.example"}))
        body = {"credential": text}
        answer = await three.verifier.client.post("/v1/credentials/verification", json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, claim)

    @pytest.mark.parametrize("index", [131_072, 999_999_999])
    async def test_a_place_beyond_the_list_is_no_place(self, three: Three, index: int) -> None:
        def beyond(claims: Claims) -> None:
            claims["credentialStatus"]["statusListIndex"] = str(index)

        assert outcomes(await three.verify(await signed(three, beyond)))["status"] == "failed"

    @pytest.mark.parametrize(
        "status",
        [
            {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"},
            {"type": "TokenStatusList"},
            [{}, {}],
            "x",
            {},
        ],
    )
    async def test_a_status_that_is_not_understood_is_not_passed_over(
        self, three: Three, status: object
    ) -> None:
        text = await signed(three, lambda claims: claims.update(credentialStatus=status))
        assert outcomes(await three.verify(text))["status"] == "failed"

    async def test_a_credential_without_a_status_is_not_taken_for_right(self, three: Three) -> None:
        found = await three.verify(await signed(three, lambda each: each.pop("credentialStatus")))
        assert outcomes(found)["status"] == "not-evaluable"
        assert found["outcome"] == "not-evaluable"


class TestOneThingTakenForAnother:
    @pytest.mark.parametrize("typ", ["vc+sd-jwt", "kb+jwt", "tidan-sign-in+jwt", "JWT", ""])
    async def test_what_was_signed_as_something_else_is_no_credential(
        self, three: Three, typ: str
    ) -> None:
        made = await three.issue(form="jwt")
        claims = read_presented(made["credential"]).claims
        found = await three.verify(sign_token(exchange_keys(three.issuer.party), claims, typ=typ))
        assert outcomes(found)["signature"] == "failed"

    @pytest.mark.parametrize("form", ["jwt", "sd-jwt"])
    async def test_a_tilde_more_or_less_makes_no_other_credential(
        self, three: Three, form: str
    ) -> None:
        text = (await three.issue(form=form))["credential"]
        changed = text + "~" if form == "jwt" else SdJwt.parse(text).token
        assert outcomes(await three.verify(changed))["signature"] == "failed"

    async def test_a_status_list_is_about_no_party(self, three: Three) -> None:
        await three.issue()
        text = (await three.issuer.client.get("/v1/status-lists/1")).text
        found = await three.verify(text)
        assert outcomes(found)["subject"] == "not-evaluable"
        assert found["outcome"] == "not-evaluable"

    async def test_a_key_binding_that_nobody_asked_for_is_not_taken_for_right(
        self, three: Three
    ) -> None:
        shown = await three.present((await three.issue())["credential"], "roles")
        for text in (shown, shown[: shown.rindex("~") + 1] + "e30.e30.x"):
            found = await three.verify(text)
            assert (found["outcome"], outcomes(found)["holder"]) == (
                "not-evaluable",
                "not-evaluable",
            )

    async def test_a_key_binding_serves_for_no_other_choice_of_claims(self, three: Three) -> None:
        made = (await three.issue())["credential"]
        shown = await three.present(made, "roles")
        binding = shown[shown.rindex("~") + 1 :]
        more = str(SdJwt.parse(made).shown({"roles", "name"})) + binding
        found = await three.verify(more, audience=AUDIENCE, nonce=NONCE)
        assert (found["outcome"], found["holderProven"]) == ("failed", False)
