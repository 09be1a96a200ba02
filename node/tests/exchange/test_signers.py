"""Who signs is known by the headers alone; a signature is good once; strangers cost nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.exchange.conftest import packed
from tests.exchange.roads import brought, refusals, sealed, signed
from tests.papers import transport_document
from tidan_node.domain.parcels import MEDIA_TYPE
from tidan_node.domain.parties import PartyStatus
from tidan_node.exchange.signatures import digest_of
from tidan_node.exchange.signers import UNREAD
from tidan_node.web.allowance import Allowance

STRANGER = {"Content-Type": MEDIA_TYPE}


class Watched:
    """A body that knows whether anybody asked for it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.read = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.read = True
        yield self._body


async def watched(office: Any, body: bytes, headers: dict[str, str]) -> tuple[httpx.Response, bool]:
    """What the office answers, and whether it read the body for that."""
    sent = Watched(body)
    transport = httpx.ASGITransport(office.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://anywhere") as client:
        answer = await client.post("/v1/parcels", content=sent, headers=headers)
    return answer, sent.read


def few_strangers(office: Any, most: int) -> None:
    office.app.state.node = replace(office.app.state.node, strangers=Allowance(most))


class TestHeadersFirst:
    async def test_no_body_of_a_stranger_is_read(self, dealings: Any) -> None:
        body = sealed(b"{}")
        ours = signed(body)
        forged = ours | {"Signature": signed(body)["Signature"]}
        unknown = signed(body, signer=9)

        answers = [
            await watched(dealings.buyer, body, each) for each in (STRANGER, forged, unknown)
        ]

        assert [(answer.json()["rule"], read) for answer, read in answers] == [
            ("form", False),
            ("signature", False),
            ("key", False),
        ]
        assert {subject for subject, _, _ in await refusals(dealings.buyer)} == {UNREAD}

    async def test_no_body_of_a_suspended_party_is_read(self, dealings: Any) -> None:
        dealings.consortium.story.change_status(1, PartyStatus.SUSPENDED)
        await dealings.consortium.publish()
        body = sealed(b"{}")

        answer, read = await watched(dealings.buyer, body, signed(body))

        assert (answer.status_code, read) == (403, False)
        _, _, detail = (await dealings.buyer.trail())[-1]
        assert (detail["problem"], detail["from"]) == ("signer-not-active", 1)

    async def test_no_body_is_read_twice_under_one_signature(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"))
        headers = signed(body)
        first, read_first = await watched(dealings.buyer, body, headers)

        again, read_again = await watched(dealings.buyer, body, headers)

        assert (first.status_code, read_first) == (200, True)
        assert (again.status_code, read_again) == (401, False)

    async def test_a_body_that_was_not_signed_is_named_by_its_digest_and_not_parsed(
        self, dealings: Any
    ) -> None:
        """What stands there is no JSON: whoever parsed it would say so."""
        other = b"[" * 1000

        answer = await brought(dealings.buyer, other, signed(sealed(b"{}")))

        assert (answer.status_code, answer.json()["rule"]) == (401, "digest")
        subject = f"sha256:{digest_of(other)}"
        assert await refusals(dealings.buyer) == [(subject, "signature-refused", "digest")]


class TestGoodOnce:
    @pytest.mark.parametrize("fault", ["malformed", "misdirected", "seal", "reused", "package"])
    async def test_also_where_the_request_was_refused(self, dealings: Any, fault: str) -> None:
        body = sealed(await dealings.package("title"), name="ab" * 16)
        if fault == "reused":
            assert (await brought(dealings.buyer, body)).status_code == 200
        members = json.loads(body)
        members["jwe"]["tag"] = members["jwe"]["tag"][::-1]
        refused = {
            "malformed": b"{}",
            "misdirected": sealed(b"{}", recipient=3),
            "seal": json.dumps(members, sort_keys=True, separators=(",", ":")).encode(),
            "reused": sealed(b"{}", name="ab" * 16),
            "package": sealed(b"{}"),
        }[fault]
        headers = signed(refused)
        first = await brought(dealings.buyer, refused, headers)
        before = len(await dealings.buyer.trail())

        few_strangers(dealings.buyer, 0)
        again = await brought(dealings.buyer, refused, headers)

        assert first.status_code in {200, 403, 409, 422}
        assert first.json().get("rule") != "replayed"
        assert (again.status_code, again.json()["rule"]) == (401, "replayed")
        assert len(await dealings.buyer.trail()) == before

    async def test_also_where_the_record_was_not_read_yet(self, dealings: Any) -> None:
        answer = await dealings.carrier.post(
            "/v1/titles", {"document": transport_document(), "possessor": "2", "titleholder": "2"}
        )
        dealings.consortium.offices.remove(dealings.buyer)
        await dealings.carrier.carry_out()
        body = sealed(await packed(dealings.carrier, "title", answer.json()["title"]))
        headers = signed(body)

        early = await brought(dealings.buyer, body, headers)
        again = await brought(dealings.buyer, body, headers)

        assert (early.status_code, again.status_code) == (503, 401)
        assert again.json()["rule"] == "replayed"


class TestStrangers:
    async def test_they_cannot_fill_the_trail(self, dealings: Any) -> None:
        few_strangers(dealings.buyer, 2)

        answers = [await brought(dealings.buyer, b"{}", STRANGER) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [401] * 4
        assert len(await refusals(dealings.buyer)) == 2

    async def test_nor_can_who_replays_what_was_accepted(self, dealings: Any) -> None:
        few_strangers(dealings.buyer, 2)
        body = sealed(await dealings.package("title"))
        headers = signed(body)
        assert (await brought(dealings.buyer, body, headers)).status_code == 200

        answers = [await brought(dealings.buyer, body, headers) for _ in range(4)]

        assert {answer.json()["rule"] for answer in answers} == {"replayed"}
        assert len(await refusals(dealings.buyer)) == 2
