"""A platform's user signs in by a credential whose issuer the consortium knows by its DID."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.recognition.issuer import DID, DOCUMENT, HOLDER, LIST, Issuer
from tests.recognition.ports import Desk, lei_of
from tests.story import exchange_keys
from tidan_node.domain.credentials import date_time
from tidan_node.domain.platform_credentials import document_url
from tidan_node.domain.platforms import AnchorKind


class Counter:
    """The trader's desk, the issuer, and the one user that both know."""

    def __init__(self, desk: Desk, issuer: Issuer) -> None:
        self.desk = desk
        self.issuer = issuer

    async def sign_in(self, text: str | None = None) -> Any:
        return await self.desk.sign_in(text or self.issuer.shown(), [])

    async def rule(self, text: str | None = None) -> object:
        answer = await self.sign_in(text)
        assert answer.status_code == 403, answer.text
        return answer.json()["rule"]


@pytest.fixture
async def counter(unrecognised: Desk) -> Counter:
    desk = unrecognised
    issuer = Issuer(desk.port.now)
    desk.equip(issuer)
    await desk.recognise(kind=AnchorKind.DID, anchor=DID.encode())
    await desk.know("urn:uuid:user-1")
    return Counter(desk, issuer)


class TestBelieved:
    async def test_a_known_user_has_a_session(self, counter: Counter) -> None:
        answer = await counter.sign_in()

        assert answer.status_code == 201
        assert (await counter.desk.get("/v1/titles", answer.json()["token"])).status_code == 200

    async def test_the_session_ends_with_the_issuers_list(self, counter: Counter) -> None:
        counter.issuer.list_age, counter.issuer.list_life = timedelta(), timedelta(minutes=10)

        ends = datetime.fromisoformat((await counter.sign_in()).json()["expiresAt"])

        assert ends == counter.issuer.now + timedelta(minutes=10)

    async def test_the_session_ends_with_the_credential(self, counter: Counter) -> None:
        ends = counter.issuer.now + timedelta(minutes=10)
        credential = counter.issuer.credential(validUntil=date_time(ends))

        answer = await counter.sign_in(counter.issuer.shown(credential))

        assert datetime.fromisoformat(answer.json()["expiresAt"]) == ends

    async def test_the_session_ends_with_the_credentials_signature(self, counter: Counter) -> None:
        ends = counter.issuer.now + timedelta(minutes=10)
        soon = counter.issuer.credential(exp=int(ends.timestamp()))
        never = counter.issuer.credential(exp=1e300)

        answer = await counter.sign_in(counter.issuer.shown(soon))
        other = await counter.sign_in(counter.issuer.shown(never))

        assert datetime.fromisoformat(answer.json()["expiresAt"]) == ends
        assert other.status_code == 201

    async def test_a_withdrawn_recognition_ends_the_session(self, counter: Counter) -> None:
        token = (await counter.sign_in()).json()["token"]
        await counter.desk.recognise(kind=AnchorKind.DID, anchor=DID.encode(), days=0)

        assert (await counter.desk.get("/v1/titles", token)).status_code == 401


class TestRefused:
    async def test_a_presentation_is_used_once(self, counter: Counter) -> None:
        text = counter.issuer.shown()
        await counter.sign_in(text)

        assert await counter.rule(text) == "replayed"

    async def test_a_nonce_is_used_once(self, counter: Counter) -> None:
        first, second = (counter.issuer.shown(nonce="the-same-nonce-twice") for _ in "ab")
        await counter.sign_in(first)

        assert await counter.rule(second) == "replayed"

    async def test_a_revoked_credential_is_refused(self, counter: Counter) -> None:
        counter.issuer.revoked = [7]

        assert await counter.rule() == "revoked"

    async def test_that_others_are_revoked_is_no_matter(self, counter: Counter) -> None:
        counter.issuer.revoked = [6, 8]

        assert (await counter.sign_in()).status_code == 201

    async def test_a_credential_without_a_status_is_refused(self, counter: Counter) -> None:
        text = counter.issuer.shown(counter.issuer.credential(credentialStatus=None))

        assert await counter.rule(text) == "status"

    async def test_a_list_out_of_date_is_refused(self, counter: Counter) -> None:
        counter.issuer.list_age, counter.issuer.list_life = timedelta(hours=2), timedelta(hours=1)

        assert await counter.rule() == "expired"

    async def test_an_old_list_is_refused_whatever_it_says(self, counter: Counter) -> None:
        counter.issuer.list_age = timedelta(days=10)
        counter.issuer.list_life = timedelta(days=365)

        assert await counter.rule() == "status"

    async def test_a_list_of_another_key_is_refused(self, counter: Counter) -> None:
        counter.issuer.list_keys = exchange_keys(902)

        assert await counter.rule() == "signature"

    async def test_a_list_at_another_address_is_not_asked_for(self, counter: Counter) -> None:
        entry = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": "https://elsewhere.example/status/1",
        }
        text = counter.issuer.shown(counter.issuer.credential(credentialStatus=entry))

        assert await counter.rule(text) == "status"
        assert counter.issuer.asked == [DOCUMENT]

    async def test_a_silent_issuer_is_no_yes(self, counter: Counter) -> None:
        counter.issuer.silent = True

        answer = await counter.sign_in()

        assert answer.status_code == 502
        assert answer.json()["type"].endswith("/issuer-not-reached")

    async def test_an_issuer_that_is_not_recognised_is_not_asked(self, counter: Counter) -> None:
        text = counter.issuer.shown(counter.issuer.credential(issuer="did:web:evil.example"))

        assert await counter.rule(text) == "issuer"
        assert counter.issuer.asked == []

    async def test_a_credential_of_another_key_is_refused(self, counter: Counter) -> None:
        forged = Issuer(counter.issuer.now, keys=exchange_keys(902)).shown()

        assert await counter.rule(forged) == "signature"
        assert LIST not in counter.issuer.asked

    async def test_somebody_elses_key_cannot_show_it(self, counter: Counter) -> None:
        assert await counter.rule(counter.issuer.shown(keys=exchange_keys(902))) == "signature"

    async def test_without_a_key_binding_nobody_has_shown_it(self, counter: Counter) -> None:
        assert await counter.rule(str(counter.issuer.credential())) == "form"

    async def test_what_was_shown_to_another_party_is_refused(self, counter: Counter) -> None:
        assert await counter.rule(counter.issuer.shown(party=1)) == "audience"

    async def test_what_was_shown_long_ago_is_refused(self, counter: Counter) -> None:
        before = counter.issuer.now - timedelta(minutes=6)

        assert await counter.rule(counter.issuer.shown(now=before)) == "time"

    async def test_an_expired_credential_is_refused(self, counter: Counter) -> None:
        ended = date_time(counter.issuer.now)
        text = counter.issuer.shown(counter.issuer.credential(validUntil=ended))

        assert await counter.rule(text) == "expired"

    async def test_the_end_of_its_signature_counts_as_well(self, counter: Counter) -> None:
        now = int(counter.issuer.now.timestamp())

        over = counter.issuer.shown(counter.issuer.credential(exp=now))
        early = counter.issuer.shown(counter.issuer.credential(nbf=now + 3600))
        odd = counter.issuer.shown(counter.issuer.credential(exp="tomorrow"))

        assert await counter.rule(over) == "expired"
        assert await counter.rule(early) == "not-yet-valid"
        assert await counter.rule(odd) == "form"

    async def test_a_credential_without_an_end_is_refused(self, counter: Counter) -> None:
        text = counter.issuer.shown(counter.issuer.credential(validUntil=None))

        assert await counter.rule(text) == "form"

    async def test_a_credential_of_another_kind_is_refused(self, counter: Counter) -> None:
        other = counter.issuer.credential(type=["VerifiableCredential", "TidanAccreditation"])

        assert await counter.rule(counter.issuer.shown(other)) == "typ"

    async def test_a_credential_that_names_no_key_is_refused(self, counter: Counter) -> None:
        bearer = counter.issuer.credential(cnf=None)

        assert await counter.rule(counter.issuer.shown(bearer)) == "form"

    @pytest.mark.parametrize("organisation", [f"LEI:{lei_of(1)}", "somebody", None])
    async def test_a_user_of_another_organisation_is_refused(
        self, counter: Counter, organisation: str | None
    ) -> None:
        subject = {"id": "urn:uuid:user-1", "organisation": organisation}
        text = counter.issuer.shown(counter.issuer.credential(credentialSubject=subject))

        assert await counter.rule(text) == "organisation"

    async def test_a_subject_without_a_name_is_refused(self, counter: Counter) -> None:
        text = counter.issuer.shown(counter.issuer.credential(credentialSubject={"id": "\u4e2d"}))

        assert await counter.rule(text) == "form"

    @pytest.mark.parametrize("text", ["~", "a~b", "a.b.c~", "a.b.c~~d.e.f"])
    async def test_what_is_no_credential_is_refused(self, counter: Counter, text: str) -> None:
        assert await counter.rule(text) in ("form", "disclosure")


def test_a_document_is_asked_over_https_save_on_this_very_machine() -> None:
    assert document_url(DID) == DOCUMENT
    assert document_url("did:web:127.0.0.1%3A8443") == "http://127.0.0.1:8443/.well-known/did.json"


def test_the_holder_is_not_the_issuer() -> None:
    assert HOLDER.signing_jwk != exchange_keys(900).signing_jwk
