"""Only the recipient's own receipt ends a parcel; whatever else comes back is a delay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.exchange.roads import (
    Roads,
    acts,
    delivered,
    issued,
    later,
    parcels,
    refusals,
    said,
    sent_by_hand,
)
from tests.office import opened
from tests.story import exchange_keys
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.identifiers import ContentRoot
from tidan_node.domain.parcels import read_parcel
from tidan_node.domain.parties import Role
from tidan_node.domain.title_events import TitleIssued
from tidan_node.exchange.receipts import Receipt
from tidan_node.exchange.signatures import digest_of


class TestAnswers:
    async def test_a_redirect_is_not_followed(self, dealings: Any, roads: Roads) -> None:
        await issued(dealings)

        async def elsewhere(request: httpx.Request, _: Any) -> httpx.Response:
            assert request.url.host == "node-2.example"
            return httpx.Response(307, headers={"Location": "https://node-4.example/v1/parcels"})

        roads.change = elsewhere
        await delivered(roads.courier(dealings.carrier))

        assert len(roads.seen) == 1
        (parcel,) = await parcels(dealings.carrier)
        assert (parcel["status"], parcel["problem"]) == ("queued", "recipient-redirects")

    @pytest.mark.parametrize(
        ("answer", "problem"),
        [
            (said(200, {"receipt": "a.b.c"}), "receipt-refused"),
            (said(200, b"<html>welcome</html>"), "answer-not-understood"),
            (said(200, b"x" * 70_000), "answer-not-understood"),
            (said(404, {"type": "/v1/problems/not-found"}), "not-found"),
            (said(400, {"type": "/v1/problems/<b>"}), "answer-not-understood"),
            (said(422, {"type": "/v1/problems/made-up"}), "answer-not-understood"),
            (said(500, b""), "answer-not-understood"),
        ],
    )
    async def test_only_a_receipt_ends_a_parcel(
        self, dealings: Any, roads: Roads, answer: httpx.Response, problem: str
    ) -> None:
        await issued(dealings)

        async def somebody(_: httpx.Request, __: Any) -> httpx.Response:
            return answer

        roads.change = somebody
        await delivered(roads.courier(dealings.carrier))

        (parcel,) = await parcels(dealings.carrier)
        assert (parcel["status"], parcel["problem"]) == ("queued", problem)

    async def test_a_receipt_of_somebody_else_ends_nothing(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)

        async def forger(request: httpx.Request, _: Any) -> httpx.Response:
            body = await request.aread()
            envelope, now = read_parcel(body).envelope, dealings.consortium.clock()
            receipt = Receipt(envelope, digest_of(body), "received", None, None, now)
            return said(200, {"receipt": receipt.sign(exchange_keys(4))})

        roads.change = forger
        courier = roads.courier(dealings.carrier)
        await delivered(courier)
        (waiting,) = await parcels(dealings.carrier)
        roads.change = None
        await later(dealings)
        await delivered(courier)

        assert (waiting["status"], waiting["problem"]) == ("queued", "receipt-refused")
        (parcel,) = await parcels(dealings.carrier)
        assert parcel["status"] == "delivered"

    async def test_a_receipt_for_another_parcel_ends_nothing(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)

        async def confused(request: httpx.Request, _: Any) -> httpx.Response:
            body = await request.aread()
            envelope, now = read_parcel(body).envelope, dealings.consortium.clock()
            other = replace(envelope, parcel_id="0" * 32)
            receipt = Receipt(other, digest_of(body), "received", None, None, now)
            return said(200, {"receipt": receipt.sign(exchange_keys(2))})

        roads.change = confused
        await delivered(roads.courier(dealings.carrier))

        (parcel,) = await parcels(dealings.carrier)
        assert parcel["problem"] == "receipt-refused"

    async def test_what_is_altered_on_the_way_is_on_both_records_and_arrives_in_the_end(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)

        async def altered(request: httpx.Request, road: Any) -> httpx.Response:
            body = bytearray(await request.aread())
            body[len(body) // 2] ^= 1
            changed = httpx.Request(
                "POST", request.url, headers=request.headers, content=bytes(body)
            )
            return await road(changed)  # type: ignore[no-any-return]  # as the road answers

        roads.change = altered
        courier = roads.courier(dealings.carrier)
        await delivered(courier)
        refused = await refusals(dealings.seller)
        (delayed,) = await acts(dealings.carrier, "parcel.delayed")
        roads.change = None
        await later(dealings)
        await delivered(courier)

        assert [(problem, rule) for _, problem, rule in refused] == [
            ("signature-refused", "digest")
        ]
        assert delayed["problem"] == "signature-refused"
        (parcel,) = await parcels(dealings.carrier)
        assert parcel["status"] == "delivered"
        assert (await dealings.seller.rows())[1] == 1


class TestRefused:
    async def test_a_final_refusal_is_on_both_records(self, dealings: Any, roads: Roads) -> None:
        title = await issued(dealings)
        story = dealings.consortium.story
        fifth = story.enrol(Role.TRADER)
        await dealings.consortium.publish()
        async with opened(dealings.consortium, fifth) as deceived:
            lied = [_with_another_root(each, title) for each in story.events]
            await deceived.read(lied, story.block)
            posted = await sent_by_hand(dealings, title, str(fifth))
            await delivered(roads.courier(dealings.carrier))
            refused = await refusals(deceived)

        shown = (await dealings.carrier.get(f"/v1/parcels/{posted['id']}")).json()
        assert (shown["status"], shown["problem"]) == ("refused", "package-refused")
        (entry,) = await acts(dealings.carrier, "parcel.refused")
        assert (entry["problem"], entry["rule"]) == ("package-refused", shown["rule"])
        assert refused == [(posted["id"], "package-refused", shown["rule"])]


def _with_another_root(happened: ChainEvent, title: str) -> ChainEvent:
    event = happened.event
    if isinstance(event, TitleIssued) and event.id == title:
        return replace(happened, event=replace(event, content_root=ContentRoot("0x" + "ab" * 32)))
    return happened
