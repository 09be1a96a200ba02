"""So many refusals of each party are written down in an hour; no other party notices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.exchange.roads import (
    Roads,
    brought,
    delivered,
    issued,
    parcels,
    refusals,
    sealed,
    signed,
)
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.web.allowance import Allowances


@pytest.fixture
def strict(dealings: Any) -> Any:
    """A buyer's node that writes down two refusals of each party."""
    node = dealings.buyer.app.state.node
    dealings.buyer.app.state.node = replace(node, members=Allowances(2))
    return dealings.buyer


async def junk(office: Any, sender: int = 1) -> httpx.Response:
    body = sealed(b"{}", sender=sender)
    return await brought(office, body, signed(body, signer=sender))


class TestAllowance:
    async def test_beyond_it_there_is_neither_receipt_nor_entry(self, strict: Any) -> None:
        answers = [await junk(strict) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
        assert answers[2].json()["type"] == "/v1/problems/refused-too-often"
        assert 0 < int(answers[2].headers["retry-after"]) <= 3600
        assert len(await parcels(strict, direction="in")) == 2
        assert len(await strict.trail()) == 4  # the package and the parcel, of each

    async def test_what_earns_no_receipt_counts_too(self, strict: Any) -> None:
        for body in (b"{}", sealed(b"{}", recipient=3)):
            assert (await brought(strict, body)).status_code in {403, 422}

        answer = await brought(strict, canonical_bytes({"format": "tidan/parcel"}))

        assert answer.status_code == 429
        assert len(await refusals(strict)) == 2

    async def test_a_true_package_is_taken_all_the_same(self, dealings: Any, strict: Any) -> None:
        package = await dealings.package("title")
        for _ in range(3):
            await junk(strict)

        answer = await brought(strict, sealed(package))

        assert answer.status_code == 200

    async def test_another_party_has_its_own(self, strict: Any) -> None:
        for _ in range(3):
            await junk(strict)

        answer = await junk(strict, sender=2)

        assert answer.status_code == 200

    async def test_an_hour_later_it_begins_anew(self, dealings: Any, strict: Any) -> None:
        for _ in range(3):
            await junk(strict)
        dealings.consortium.story.next_block(3600 // 5)
        await dealings.consortium.publish()

        answer = await junk(strict)

        assert answer.status_code == 200

    async def test_a_sender_waits_and_tries_again(self, dealings: Any, roads: Roads) -> None:
        node = dealings.seller.app.state.node
        dealings.seller.app.state.node = replace(node, members=Allowances(0))
        await issued(dealings)

        async def confused(request: httpx.Request, road: Any) -> httpx.Response:
            body = b"{}"
            sent = httpx.Request(
                "POST", request.url, headers=signed(body, recipient=2), content=body
            )
            return await road(sent)  # type: ignore[no-any-return]  # as the road answers

        roads.change = confused
        await delivered(roads.courier(dealings.carrier))

        (parcel,) = await parcels(dealings.carrier)
        assert (parcel["status"], parcel["problem"]) == ("queued", "refused-too-often")
