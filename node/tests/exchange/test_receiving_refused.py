"""Parcels that are not what they must be are refused, on record, and leave nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.exchange.roads import brought, refusals, sealed, signed
from tests.office import UPLOAD_LIMIT, opened
from tidan_node.domain.parcels import read_parcel
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.exchange import signatures
from tidan_node.exchange.signatures import digest_of
from tidan_node.exchange.signers import UNREAD


async def _refused(office: Any, answer: Any, subject: str, problem: str, rule: str) -> None:
    """A refusal with its problem, on record, and nothing kept."""
    assert (answer.json()["type"], answer.json()["rule"]) == (f"/v1/problems/{problem}", rule)
    assert (await refusals(office))[-1] == (subject, problem, rule)
    assert (await office.rows())[1] == 0


class TestRefused:
    async def test_an_altered_body_is_refused_on_record(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"))
        at = body.index(b'"ciphertext":"') + 40
        altered = body[:at] + (b"A" if body[at : at + 1] != b"A" else b"B") + body[at + 1 :]

        answer = await brought(dealings.buyer, altered, signed(body))

        assert answer.status_code == 401
        subject = f"sha256:{digest_of(altered)}"
        await _refused(dealings.buyer, answer, subject, "signature-refused", "digest")

    async def test_an_altered_ciphertext_is_refused_even_from_its_signer(
        self, dealings: Any
    ) -> None:
        members = json.loads(sealed(await dealings.package("title")))
        text = members["jwe"]["ciphertext"]
        members["jwe"]["ciphertext"] = ("A" if text[0] != "A" else "B") + text[1:]
        body = canonical_bytes(members)

        answer = await brought(dealings.buyer, body)

        assert answer.status_code == 422
        assert answer.json()["type"] == "/v1/problems/seal-broken"
        assert await refusals(dealings.buyer) == [(members["id"], "seal-broken", None)]
        assert (await dealings.buyer.rows())[1] == 0

    @pytest.mark.parametrize(("sender", "change"), [(1, {"id": "0" * 32}), (2, {"from": 1})])
    async def test_the_seal_is_bound_to_the_envelope(
        self, dealings: Any, sender: int, change: dict[str, Any]
    ) -> None:
        """Somebody who may send takes the seal of a parcel and puts it under another envelope."""
        members = json.loads(sealed(await dealings.package("title"), sender=sender)) | change

        answer = await brought(dealings.buyer, canonical_bytes(members))

        assert (answer.status_code, answer.json()["type"]) == (422, "/v1/problems/seal-broken")
        assert answer.json()["field"] == "aad"

    async def test_the_wrong_signer_is_refused(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"))
        forged = signed(body, signer=2)
        forged["Signature-Input"] = forged["Signature-Input"].replace(':2"', ':1"')

        answer = await brought(dealings.buyer, body, forged)

        assert answer.status_code == 401
        await _refused(dealings.buyer, answer, UNREAD, "signature-refused", "signature")

    async def test_another_party_cannot_send_in_the_name_of_the_first(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"), sender=1)

        answer = await brought(dealings.buyer, body, signed(body, signer=2))

        assert answer.status_code == 403
        subject = read_parcel(body).envelope.parcel_id
        await _refused(dealings.buyer, answer, subject, "parcel-misdirected", "from")

    async def test_a_parcel_for_somebody_else_is_refused(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"), recipient=3)

        answer = await brought(dealings.buyer, body)

        subject = read_parcel(body).envelope.parcel_id
        await _refused(dealings.buyer, answer, subject, "parcel-misdirected", "to")

    async def test_a_signature_for_another_address_is_refused(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"))

        answer = await brought(dealings.buyer, body, signed(body, recipient=3))

        await _refused(dealings.buyer, answer, UNREAD, "signature-refused", "signature")

    async def test_an_unknown_party_is_refused(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"), sender=9)

        answer = await brought(dealings.buyer, body, signed(body, signer=9))

        await _refused(dealings.buyer, answer, UNREAD, "signature-refused", "key")

    async def test_what_is_not_signed_is_refused(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"))
        kind = {"Content-Type": signed(body)["Content-Type"]}

        answer = await brought(dealings.buyer, body, kind)

        await _refused(dealings.buyer, answer, UNREAD, "signature-refused", "form")

    @pytest.mark.parametrize("status", [PartyStatus.SUSPENDED, PartyStatus.REVOKED])
    async def test_a_party_that_may_not_act_cannot_send(
        self, dealings: Any, status: PartyStatus
    ) -> None:
        body = sealed(await dealings.package("title"))
        dealings.consortium.story.change_status(1, status)
        await dealings.consortium.publish()

        answer = await brought(dealings.buyer, body)

        assert answer.status_code == 403
        await _refused(dealings.buyer, answer, UNREAD, "signer-not-active", "standing")

    @pytest.mark.parametrize("minutes", [-7, 3])
    async def test_a_signature_out_of_its_time_is_refused(
        self, dealings: Any, monkeypatch: pytest.MonkeyPatch, minutes: int
    ) -> None:
        body = sealed(await dealings.package("title"))

        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return datetime.now(UTC) + timedelta(minutes=minutes)

        with monkeypatch.context() as patched:
            patched.setattr(signatures, "datetime", Clock)
            headers = signed(body)

        answer = await brought(dealings.buyer, body, headers)

        await _refused(dealings.buyer, answer, UNREAD, "signature-refused", "time")

    async def test_a_signature_that_lasts_longer_than_it_may_is_refused(
        self, dealings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = sealed(await dealings.package("title"))
        with monkeypatch.context() as patched:
            patched.setattr(signatures, "LIFE", timedelta(hours=1))
            headers = signed(body)

        answer = await brought(dealings.buyer, body, headers)

        assert answer.json()["rule"] == "time"

    async def test_a_request_replayed_as_it_was_is_refused(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"))
        headers = signed(body)
        assert (await brought(dealings.buyer, body, headers)).status_code == 200

        answer = await brought(dealings.buyer, body, headers)

        assert (answer.status_code, answer.json()["rule"]) == (401, "replayed")
        assert await refusals(dealings.buyer) == [(UNREAD, "signature-refused", "replayed")]

    async def test_another_body_under_a_known_name_is_refused(self, dealings: Any) -> None:
        package = await dealings.package("title")
        first, second = (sealed(package, name="ab" * 16) for _ in range(2))
        kept = await brought(dealings.buyer, first)

        answer = await brought(dealings.buyer, second)

        assert (answer.status_code, answer.json()["rule"]) == (409, "digest")
        assert await refusals(dealings.buyer) == [("ab" * 16, "parcel-id-reused", "digest")]
        assert (await brought(dealings.buyer, first)).json() == kept.json()

    async def test_names_of_one_sender_are_no_other_senders(self, dealings: Any) -> None:
        package = await dealings.package("title")
        mine = sealed(package, sender=2, name="ab" * 16)
        assert (await brought(dealings.buyer, mine, signed(mine, signer=2))).status_code == 200

        answer = await brought(dealings.buyer, sealed(package, name="ab" * 16))

        assert answer.status_code == 200

    async def test_an_oversized_parcel_is_refused(self, dealings: Any) -> None:
        body = sealed(b"x" * UPLOAD_LIMIT)

        answer = await brought(dealings.buyer, body)

        assert (answer.status_code, answer.json()["type"]) == (413, "/v1/problems/too-large")
        assert await dealings.buyer.rows() == (0, 0, 0)

    async def test_a_key_of_the_node_opens_nothing_here(self, dealings: Any) -> None:
        answer = await dealings.buyer.post("/v1/parcels", {"any": "thing"})

        assert (answer.status_code, answer.json()["rule"]) == (401, "form")

    async def test_a_parcel_that_is_none_is_refused_on_record(self, dealings: Any) -> None:
        body = canonical_bytes({"format": "tidan/parcel", "version": 2})

        answer = await brought(dealings.buyer, body)

        assert (answer.status_code, answer.json()["field"]) == (422, "version")
        assert await refusals(dealings.buyer) == [
            (f"sha256:{digest_of(body)}", "parcel-malformed", None)
        ]


async def test_a_node_without_an_address_takes_no_parcels(dealings: Any) -> None:
    """What is signed is the address that the chain has; there is none to compare with."""
    body = sealed(await dealings.package("title"), recipient=5)
    profile = Profile("Party 5 Ltd").canonical()
    party = dealings.consortium.story.enrol(Role.TRADER, profile)
    async with opened(dealings.consortium, party) as silent:
        story = dealings.consortium.story
        await silent.read(story.events, story.block)
        answer = await brought(silent, body, signed(body, recipient=5))

    assert (answer.status_code, answer.json()["rule"]) == (401, "target")
