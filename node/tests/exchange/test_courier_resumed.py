"""A parcel is delivered once in effect, wherever a courier or a recipient dies."""

from __future__ import annotations

from contextlib import suppress
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
)
from tests.papers import transport_document


class Died(BaseException):
    """The process is gone: nothing of it handles this."""


class DiesAt:
    def __init__(self, moment: str) -> None:
        self.moment = moment

    def reached(self, moment: str) -> None:
        if moment == self.moment:
            raise Died


class TestResumed:
    @pytest.mark.parametrize(
        "moment",
        ["parcel.sealed", "parcel.sent", "parcel.delivered.before-commit"],
    )
    async def test_a_courier_that_died_is_followed_by_one_that_goes_on(
        self, dealings: Any, roads: Roads, moment: str
    ) -> None:
        await issued(dealings)
        node = dealings.carrier.app.state.node
        dealings.carrier.app.state.node = replace(node, checkpoints=DiesAt(moment))
        with suppress(Died):
            await delivered(roads.courier(dealings.carrier))
        dealings.carrier.app.state.node = node
        (between,) = await parcels(dealings.carrier)

        await delivered(roads.courier(dealings.carrier))

        assert between["status"] == "queued"
        (parcel,) = await parcels(dealings.carrier)
        assert parcel["status"] == "delivered"
        assert len({body for _, body in roads.seen}) == 1
        assert (await dealings.seller.rows())[1] == 1
        assert len(await acts(dealings.seller, "parcel.received")) == 1
        assert len(await acts(dealings.carrier, "parcel.delivered")) == 1

    @pytest.mark.parametrize(
        ("moment", "kept"),
        [("parcel.received.before-commit", 0), ("parcel.received.committed", 1)],
    )
    async def test_a_recipient_that_died_keeps_it_once(
        self, dealings: Any, roads: Roads, moment: str, kept: int
    ) -> None:
        await issued(dealings)
        node = dealings.seller.app.state.node
        dealings.seller.app.state.node = replace(node, checkpoints=DiesAt(moment))

        async def torn(request: httpx.Request, road: Any) -> httpx.Response:
            try:
                return await road(request)  # type: ignore[no-any-return]  # as above
            except Died as death:
                raise httpx.ReadError("the line is dead") from death

        roads.change = torn
        courier = roads.courier(dealings.carrier)
        await delivered(courier)
        held = (await dealings.seller.rows())[1]
        dealings.seller.app.state.node = node
        await later(dealings)
        await delivered(courier)

        assert held == kept
        (parcel,) = await parcels(dealings.carrier)
        assert parcel["status"] == "delivered"
        assert (await dealings.seller.rows())[1] == 1
        assert len(await acts(dealings.seller, "parcel.received")) == 1

    async def test_what_died_before_its_commit_is_never_sent(
        self, dealings: Any, roads: Roads
    ) -> None:
        node = dealings.carrier.app.state.node
        dealings.carrier.app.state.node = replace(node, checkpoints=DiesAt("parcel.before-commit"))
        with suppress(Died):
            await dealings.carrier.post(
                "/v1/titles",
                {"document": transport_document(), "possessor": "2", "titleholder": "2"},
            )
        dealings.carrier.app.state.node = node

        assert await parcels(dealings.carrier) == []
        assert await dealings.carrier.rows() == (0, 0, 0)
