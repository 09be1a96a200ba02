"""Before each attempt: may the recipient have it still, and what is it that it may have had?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.exchange.roads import Roads, acts, delivered, issued, later, parcels, sent_by_hand
from tests.story import exchange_keys, hex_of
from tidan_node.domain.events import ProfileChanged
from tidan_node.domain.exchange_keys import HeldKeys, KeyRing
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.packages import RecordKind
from tidan_node.domain.parcels import read_parcel
from tidan_node.domain.parties import PartyStatus
from tidan_node.exchange.chain_view import parties_concerned
from tidan_node.exchange.courier import Courier
from tidan_node.records.records import Records

BUYER = PartyIndex(4)


async def offered(dealings: Any, roads: Roads) -> tuple[str, Courier]:
    """A title that the seller has offered to the buyer, whose node was down until now."""
    title = await issued(dealings)
    await delivered(roads.courier(dealings.carrier))
    await _act(dealings, title, "offers", {"recipient": "4"})
    courier = roads.courier(dealings.seller)
    roads.down.add(BUYER)
    await delivered(courier)
    roads.down.clear()
    roads.seen.clear()
    return title, courier


async def _act(dealings: Any, title: str, path: str, body: dict[str, str] | None = None) -> None:
    answer = await dealings.seller.post(f"/v1/titles/{title}/{path}", body or {})
    assert answer.status_code == 202, answer.text
    await dealings.seller.carry_out()


async def _sent(dealings: Any) -> tuple[str, str | None]:
    (parcel,) = await parcels(dealings.seller, direction="out")
    return parcel["status"], parcel["problem"]


async def _status(dealings: Any, party: int, status: PartyStatus) -> None:
    dealings.consortium.story.change_status(PartyIndex(party), status)
    await dealings.consortium.publish()


class TestConcerned:
    async def test_an_offer_that_was_withdrawn_discloses_nothing(
        self, dealings: Any, roads: Roads
    ) -> None:
        title, courier = await offered(dealings, roads)
        await _act(dealings, title, "offers/withdraw")
        await later(dealings)

        await delivered(courier)

        assert await _sent(dealings) == ("expired", "recipient-not-concerned")
        assert roads.seen == []
        (entry,) = await acts(dealings.seller, "parcel.expired")
        assert entry["problem"] == "recipient-not-concerned"

    async def test_nor_does_one_that_has_run_out(self, dealings: Any, roads: Roads) -> None:
        title, courier = await offered(dealings, roads)
        offer = dealings.consortium.story.titles[title].offer
        dealings.consortium.story.next_block((offer.deadline - dealings.consortium.story.now) // 5)
        await later(dealings)

        await delivered(courier)

        assert await _sent(dealings) == ("expired", "recipient-not-concerned")
        assert roads.seen == []

    async def test_an_offer_that_stands_is_followed_by_its_package(
        self, dealings: Any, roads: Roads
    ) -> None:
        _, courier = await offered(dealings, roads)
        await later(dealings)

        await delivered(courier)

        assert await _sent(dealings) == ("delivered", None)

    async def test_what_is_disclosed_by_hand_needs_no_place_in_the_record(
        self, dealings: Any, roads: Roads
    ) -> None:
        posted = await sent_by_hand(dealings, await issued(dealings), "3")

        await delivered(roads.courier(dealings.carrier))

        shown = (await dealings.carrier.get(f"/v1/parcels/{posted['id']}")).json()
        assert shown["status"] == "delivered"

    @pytest.mark.parametrize(
        ("kind", "parties"), [("title", {2}), ("invoice", {2, 4}), ("policy", {2, 3})]
    )
    async def test_each_kind_of_record_has_its_parties(
        self, dealings: Any, kind: RecordKind, parties: set[int]
    ) -> None:
        office, record = await dealings.record(kind)

        async with office.database.reading() as connection:
            concerned = await parties_concerned(Records(connection), kind, record)

        assert concerned == parties


class TestStanding:
    async def test_nothing_is_sent_to_a_party_while_it_is_suspended(
        self, dealings: Any, roads: Roads
    ) -> None:
        _, courier = await offered(dealings, roads)
        await _status(dealings, BUYER, PartyStatus.SUSPENDED)
        await later(dealings)

        await delivered(courier)
        waiting, seen = await _sent(dealings), list(roads.seen)
        await _status(dealings, BUYER, PartyStatus.ACTIVE)
        await delivered(courier)

        assert (waiting, seen) == (("queued", "recipient-suspended"), [])
        assert await _sent(dealings) == ("delivered", None)
        told = [entry["problem"] for entry in await acts(dealings.seller, "parcel.delayed")]
        assert told == ["recipient-unreachable", "recipient-suspended"]

    async def test_nor_is_what_a_person_sends(self, dealings: Any, roads: Roads) -> None:
        posted = await sent_by_hand(dealings, await issued(dealings), "4")
        await _status(dealings, BUYER, PartyStatus.SUSPENDED)

        await delivered(roads.courier(dealings.carrier))

        shown = (await dealings.carrier.get(f"/v1/parcels/{posted['id']}")).json()
        assert (shown["status"], shown["problem"]) == ("queued", "recipient-suspended")


class TestSealedAnew:
    async def test_a_recipient_that_changed_its_key_after_it_had_the_parcel_still_gives_a_receipt(
        self, dealings: Any, roads: Roads
    ) -> None:
        """Its first receipt was lost on the way: it has the parcel's name, with other bytes."""
        await issued(dealings)
        courier = roads.courier(dealings.carrier)

        async def lossy(request: httpx.Request, road: Any) -> httpx.Response:
            await road(request)
            raise httpx.ReadTimeout("the answer is lost")

        roads.change = lossy
        await delivered(courier)
        roads.change = None
        await _takes_new_keys(dealings, 2, 77)
        await later(dealings)
        await delivered(courier)

        (parcel,) = await parcels(dealings.carrier)
        assert (parcel["status"], parcel["attempts"]) == ("delivered", 2)
        first, second = (read_parcel(body).envelope.parcel_id for _, body in roads.seen)
        assert first == parcel["id"] != second
        assert (await dealings.seller.rows())[1] == 1

    async def test_it_keeps_its_new_name_until_a_receipt_is_back(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)
        courier = roads.courier(dealings.carrier)
        roads.down.add(PartyIndex(2))
        await delivered(courier)
        await _takes_new_keys(dealings, 2, 77)
        for _ in range(2):
            await later(dealings)
            await delivered(courier)
        roads.down.clear()
        await later(dealings)

        await delivered(courier)

        first, *others = [body for _, body in roads.seen]
        assert len(others) == 3
        assert len(set(others)) == 1
        assert others[0] != first
        (parcel,) = await parcels(dealings.carrier)
        assert parcel["status"] == "delivered"


async def _takes_new_keys(dealings: Any, party: int, secret: int) -> None:
    """On the chain, and in its node."""
    story, keys = dealings.consortium.story, exchange_keys(secret)
    profile = replace(
        story.profile_of(party),
        signing_key=keys.signing_jwk,
        encryption_key=keys.encryption_jwk,
    )
    raw = profile.canonical()
    story.emit(ProfileChanged(PartyIndex(party), hex_of(raw), raw))
    node = dealings.seller.app.state.node
    dealings.seller.app.state.node = replace(node, exchange_keys=KeyRing(HeldKeys(keys)))
    await dealings.consortium.publish()
