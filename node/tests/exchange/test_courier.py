"""Parcels are brought, wait where they must, and are given up in the end."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from tests.exchange.roads import (
    Roads,
    acts,
    delivered,
    issued,
    later,
    parcels,
    sent_by_hand,
)
from tests.papers import transport_document
from tests.story import exchange_keys, hex_of
from tidan_node.domain.events import ProfileChanged
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.profiles import Profile
from tidan_node.exchange.courier import GIVES_UP_AFTER
from tidan_node.exchange.tables import parcels_outgoing
from tidan_node.operations.operation import OperationStatus


class TestDelivered:
    async def test_an_issued_title_brings_its_package_to_its_possessor(
        self, dealings: Any, roads: Roads
    ) -> None:
        title = await issued(dealings)

        await delivered(roads.courier(dealings.carrier))

        (out,) = await parcels(dealings.carrier)
        (came,) = await parcels(dealings.seller)
        assert (out["status"], came["status"], out["id"]) == ("delivered", "received", came["id"])
        assert (out["record"], came["record"]) == (title, title)
        assert (await dealings.seller.get(f"/v1/titles/{title}")).json()["holdsContent"] is True
        (entry,) = await acts(dealings.carrier, "parcel.delivered")
        assert entry == {"parcel": out["id"], "recipient": 2}

    async def test_an_offer_can_be_accepted_once_its_package_is_there(
        self, dealings: Any, roads: Roads
    ) -> None:
        title = await issued(dealings)
        await delivered(roads.courier(dealings.carrier))
        await dealings.seller.post(f"/v1/titles/{title}/offers", {"recipient": "4"})
        await dealings.seller.carry_out()
        accept = f"/v1/titles/{title}/offers/accept"

        early = await dealings.buyer.post(accept)
        await delivered(roads.courier(dealings.seller))
        after = await dealings.buyer.post(accept)

        assert (early.status_code, early.json()["type"]) == (409, "/v1/problems/package-missing")
        assert after.status_code == 202

    async def test_nothing_on_the_way_tells_what_it_is_about(
        self, dealings: Any, roads: Roads
    ) -> None:
        title = await issued(dealings)
        await delivered(roads.courier(dealings.carrier))

        ((request, body),) = roads.seen
        seen = (str(request.url) + str(request.headers) + body.decode()).lower()
        for secret in (title, title[2:], "tdb-0417", "party 2 ltd", "ceramic", "smdg:p1"):
            assert secret not in seen
        assert set(json.loads(body)) == {
            *("format", "version", "id", "chainId", "from", "to", "jwe")
        }

    async def test_what_ended_is_not_sent_again_and_its_bytes_are_let_go(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)
        courier = roads.courier(dealings.carrier)
        await delivered(courier)
        await later(dealings)

        await delivered(courier)

        assert len(roads.seen) == 1
        async with dealings.carrier.database.reading() as connection:
            row = (await connection.execute(parcels_outgoing.select())).one()
        assert row.body is None
        assert row.receipt

    @pytest.mark.parametrize("kind", ["title", "invoice", "policy"])
    async def test_records_of_every_kind_are_disclosed_by_hand(
        self, dealings: Any, roads: Roads, kind: str
    ) -> None:
        office, record = await dealings.record(kind)
        body = {"kind": kind, "record": record, "recipient": "Party 4 Ltd"}

        posted = (await office.post("/v1/parcels/outgoing", body)).json()
        await delivered(roads.courier(office))

        shown = (await office.get(f"/v1/parcels/{posted['id']}")).json()
        assert (shown["status"], shown["kind"], shown["attempts"]) == ("delivered", kind, 1)
        came = (await dealings.buyer.get(f"/v1/parcels/{posted['id']}")).json()
        assert (came["direction"], came["record"]) == ("in", record)
        assert (came["kind"], came["party"]["index"]) == (kind, office.party)


class TestWaiting:
    async def test_nothing_leaves_before_the_chain_shows_the_act(
        self, dealings: Any, roads: Roads
    ) -> None:
        await dealings.carrier.post(
            "/v1/titles", {"document": transport_document(), "possessor": "2", "titleholder": "2"}
        )
        courier = roads.courier(dealings.carrier)

        await delivered(courier)
        (waiting,) = await parcels(dealings.carrier)
        await dealings.carrier.carry_out()
        await delivered(courier)

        assert (waiting["status"], waiting["problem"]) == ("queued", "operation-under-way")
        assert waiting["attempts"] == 0
        (parcel,) = await parcels(dealings.carrier)
        assert parcel["status"] == "delivered"
        assert await acts(dealings.carrier, "parcel.delayed") == []

    async def test_what_the_chain_refused_discloses_nothing(
        self, dealings: Any, roads: Roads
    ) -> None:
        title = await issued(dealings)
        await delivered(roads.courier(dealings.carrier))
        roads.seen.clear()
        answer = await dealings.seller.post(f"/v1/titles/{title}/offers", {"recipient": "4"})
        await dealings.seller.end(answer.json()["operation"]["id"], OperationStatus.FAILED)

        await delivered(roads.courier(dealings.seller))

        (parcel,) = await parcels(dealings.seller, direction="out")
        assert (parcel["status"], parcel["problem"]) == ("expired", "operation-without-effect")
        assert roads.seen == []

    async def test_a_recipient_that_was_down_gets_it_when_it_is_up(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)
        courier = roads.courier(dealings.carrier)
        roads.down.add(dealings.seller.party)

        for _ in range(3):
            await delivered(courier)
            await later(dealings)
        (waiting,) = await parcels(dealings.carrier)
        roads.down.clear()
        await delivered(courier)

        assert (waiting["problem"], waiting["attempts"]) == ("recipient-unreachable", 3)
        (parcel,) = await parcels(dealings.carrier)
        assert (parcel["status"], parcel["attempts"]) == ("delivered", 4)
        assert len({body for _, body in roads.seen}) == 1
        assert [entry["problem"] for entry in await acts(dealings.carrier, "parcel.delayed")] == [
            "recipient-unreachable"
        ]

    async def test_a_record_that_the_recipient_has_not_read_yet_is_brought_again(
        self, dealings: Any, roads: Roads
    ) -> None:
        dealings.consortium.offices.remove(dealings.seller)
        roads.offices = [*dealings.consortium.offices, dealings.seller]
        await issued(dealings)
        courier = roads.courier(dealings.carrier)

        await delivered(courier)
        (waiting,) = await parcels(dealings.carrier)
        story = dealings.consortium.story
        await dealings.seller.read(story.events, story.block)
        await later(dealings)
        await delivered(courier)

        assert waiting["problem"] == "record-not-seen-yet"
        (parcel,) = await parcels(dealings.carrier)
        assert parcel["status"] == "delivered"
        assert await acts(dealings.carrier, "parcel.delayed") == []

    async def test_one_recipients_trouble_is_not_anothers(
        self, dealings: Any, roads: Roads
    ) -> None:
        title = await issued(dealings)
        await sent_by_hand(dealings, title, "4")
        roads.down.add(dealings.seller.party)

        await delivered(roads.courier(dealings.carrier))

        states = {
            each["party"]["index"]: each["status"] for each in await parcels(dealings.carrier)
        }
        assert states == {2: "queued", 4: "delivered"}

    async def test_a_party_without_an_address_keeps_it_queued(
        self, dealings: Any, roads: Roads
    ) -> None:
        title = await issued(dealings)
        story = dealings.consortium.story
        nameless = story.enrol(Role.TRADER, Profile("Party 5 Ltd").canonical())
        await dealings.consortium.publish()
        posted = await sent_by_hand(dealings, title, str(nameless))

        await delivered(roads.courier(dealings.carrier))

        shown = (await dealings.carrier.get(f"/v1/parcels/{posted['id']}")).json()
        assert (shown["status"], shown["problem"]) == ("queued", "recipient-unreachable")

    async def test_nothing_is_disclosed_to_a_party_that_was_revoked(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)
        dealings.consortium.story.change_status(2, PartyStatus.REVOKED)
        await dealings.consortium.publish()

        await delivered(roads.courier(dealings.carrier))

        assert roads.seen == []

    async def test_a_recipient_with_a_new_key_gets_it_under_that_key(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)
        courier = roads.courier(dealings.carrier)
        roads.down.add(dealings.seller.party)
        await delivered(courier)
        before = await _sealed_for(dealings.carrier)
        story = dealings.consortium.story
        key = exchange_keys(77).encryption_jwk
        moved = replace(story.profile_of(2), encryption_key=key).canonical()
        story.emit(ProfileChanged(PartyIndex(2), hex_of(moved), moved))
        await dealings.consortium.publish()
        await later(dealings)

        await delivered(courier)

        assert before == exchange_keys(2).encryption_jwk["x"]
        assert await _sealed_for(dealings.carrier) == exchange_keys(77).encryption_jwk["x"]

    async def test_it_gives_up_in_the_end(self, dealings: Any, roads: Roads) -> None:
        title = await issued(dealings)
        roads.down.add(dealings.seller.party)
        courier = roads.courier(dealings.carrier)
        await delivered(courier)
        async with dealings.carrier.database.writing() as connection:
            long_ago = dealings.consortium.clock() - GIVES_UP_AFTER
            await connection.execute(update(parcels_outgoing).values(created_at=long_ago))
        await later(dealings)

        await delivered(courier)

        (parcel,) = await parcels(dealings.carrier)
        assert (parcel["status"], parcel["problem"]) == ("expired", "recipient-unreachable")
        assert [subject for act, subject, _ in await dealings.carrier.trail()][-1] == title
        assert len(await acts(dealings.carrier, "parcel.expired")) == 1


class TestRunning:
    async def test_it_delivers_what_is_posted_while_it_runs(
        self, dealings: Any, roads: Roads
    ) -> None:
        courier = roads.courier(dealings.carrier)
        arrived = asyncio.Event()

        async def seen(request: httpx.Request, road: Any) -> httpx.Response:
            answer = await road(request)
            arrived.set()
            return answer  # type: ignore[no-any-return]  # as above

        roads.change = seen
        running = asyncio.create_task(courier.run())
        await issued(dealings)
        courier.blocks_read()
        async with asyncio.timeout(20):
            await arrived.wait()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

        assert (await dealings.seller.rows())[1] == 1


async def _sealed_for(office: Any) -> str:
    async with office.database.reading() as connection:
        row = (await connection.execute(parcels_outgoing.select())).one()
    return str(row.sealed_for)
