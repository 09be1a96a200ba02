"""What one's own people ask about parcels, and what they may."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.roads import Roads, delivered, parcels
from tests.office import opened
from tidan_node.people.caller import EVERY_SCOPE, Scope


def wish(record: str, **more: str) -> dict[str, str]:
    return {"kind": "title", "record": record, "recipient": "4"} | more


class TestSending:
    async def test_a_disclosure_is_noted_with_its_trail(self, dealings: Any) -> None:
        office, title = await dealings.record("title")
        before = await office.rows()

        answer = await office.post("/v1/parcels/outgoing", wish(title))

        assert answer.status_code == 202
        parcel = answer.json()
        assert (parcel["direction"], parcel["status"], parcel["attempts"]) == ("out", "queued", 0)
        assert parcel["party"] == {"index": 4, "name": "Party 4 Ltd"}
        assert (await office.rows())[2] == before[2] + 1
        act, subject, detail = (await office.trail())[-1]
        assert (act, subject) == ("parcel.queued", title)
        assert detail == {"parcel": parcel["id"], "recipient": 4, "kind": "title"}

    async def test_sent_twice_under_one_key_it_is_one_parcel(self, dealings: Any) -> None:
        office, title = await dealings.record("title")
        key = office.new_key()
        path = "/v1/parcels/outgoing"

        first, second = [
            await office.client.post(path, json=wish(title), headers=key) for _ in range(2)
        ]

        assert first.json() == second.json()
        assert len(await parcels(office, record=title)) == 2  # its issue made the other

    @pytest.mark.parametrize(
        ("change", "status", "slug", "field"),
        [
            ({"recipient": "1"}, 422, "parcel-to-self", "recipient"),
            ({"recipient": "99"}, 404, "party-unknown", "recipient"),
            ({"record": "0x" + "ab" * 32}, 404, "title-unknown", "title"),
            ({"record": "0x" + "zz" * 32}, 422, "invalid-input", "record"),
            ({"kind": "letter"}, 422, "invalid-input", "kind"),
        ],
    )
    async def test_what_cannot_be_sent_is_refused(
        self, dealings: Any, change: dict[str, str], status: int, slug: str, field: str
    ) -> None:
        office, title = await dealings.record("title")
        before = await office.rows()

        answer = await office.post("/v1/parcels/outgoing", wish(title) | change)

        assert (answer.status_code, answer.json()["field"]) == (status, field)
        assert answer.json()["type"] == f"/v1/problems/{slug}"
        assert await office.rows() == before

    async def test_only_who_holds_the_content_can_send_it(self, dealings: Any) -> None:
        _, title = await dealings.record("title")

        answer = await dealings.insurer.post("/v1/parcels/outgoing", wish(title))

        assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/content-not-held")

    async def test_it_needs_a_scope_of_its_own(self, dealings: Any) -> None:
        office, title = await dealings.record("title")
        scopes = EVERY_SCOPE - {Scope.DOCUMENTS_SEND}
        async with opened(dealings.consortium, office.party, scopes) as clerk:
            answer = await clerk.post("/v1/parcels/outgoing", wish(title))

        assert (answer.status_code, answer.json()["scope"]) == (403, "documents:send")


class TestLooking:
    async def test_both_ways_are_listed_the_newest_first_page_by_page(self, dealings: Any) -> None:
        roads = Roads(dealings.consortium.offices)
        office, title = await dealings.record("title")
        await delivered(roads.courier(office))
        sent = []
        for _ in range(3):
            dealings.consortium.story.next_block()
            body = wish(title, recipient="3")
            sent.append((await dealings.seller.post("/v1/parcels/outgoing", body)).json()["id"])

        pages, cursor = [], {}
        while True:
            query = {"limit": "2"} | cursor
            page = (await dealings.seller.get("/v1/parcels", **query)).json()
            pages.append([each["id"] for each in page["items"]])
            if page["nextCursor"] is None:
                break
            cursor = {"cursor": page["nextCursor"]}

        (came,) = await parcels(dealings.seller, direction="in")
        assert [each for page in pages for each in page] == [*sent[::-1], came["id"]]
        assert [len(page) for page in pages] == [2, 2]

    async def test_they_are_filtered(self, dealings: Any) -> None:
        roads = Roads(dealings.consortium.offices)
        office, title = await dealings.record("title")
        _, other = await dealings.record("title", "TDB-0418")
        await delivered(roads.courier(office))
        await office.post("/v1/parcels/outgoing", wish(title))

        assert len(await parcels(office)) == 3
        assert len(await parcels(office, record=other)) == 1
        assert len(await parcels(office, record=title, status="queued")) == 1
        assert await parcels(office, direction="in") == []
        assert len(await parcels(dealings.seller, status="received")) == 2

    @pytest.mark.parametrize(
        ("path", "query", "status"),
        [
            (f"/{'ab' * 16}", {}, 404),
            ("/7", {}, 422),
            ("", {"direction": "up"}, 422),
            ("", {"record": "7"}, 422),
            ("", {"cursor": "7"}, 422),
        ],
    )
    async def test_what_is_not_there_is_told_so(
        self, dealings: Any, path: str, query: dict[str, str], status: int
    ) -> None:
        answer = await dealings.carrier.get(f"/v1/parcels{path}", **query)

        assert answer.status_code == status

    async def test_looking_needs_the_scope_of_documents(self, dealings: Any) -> None:
        scopes = EVERY_SCOPE - {Scope.DOCUMENTS_READ}
        async with opened(dealings.consortium, dealings.carrier.party, scopes) as clerk:
            answers = [
                await clerk.get(path) for path in ("/v1/parcels", f"/v1/parcels/{'ab' * 16}")
            ]

        assert [answer.json()["scope"] for answer in answers] == ["documents:read"] * 2
