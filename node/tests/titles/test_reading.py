"""What callers are told about titles, and the block that it was true at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.story import GATEWAY, GENESIS_TIME, hex_of
from tidan_node.domain.identifiers import PartyIndex, to_bytes
from tidan_node.domain.titles import TitleKind
from tidan_node.domain.titles.terms import packed


async def test_a_title_is_shown_with_its_parties_by_name(trade: Any) -> None:
    title = await trade.offered()

    answer = await trade.buyer.get(f"/v1/titles/{title}")

    shown = answer.json()
    assert shown["id"] == title
    assert shown["issuer"] == {"index": 1, "name": "Party 1 Ltd"}
    assert shown["offer"] == {
        "recipient": {"index": 3, "name": "Party 3 Ltd"},
        "what": ["possession", "title"],
        "deadline": shown["offer"]["deadline"],
        "expired": False,
        "consented": False,
        "enforced": False,
    }
    assert (shown["proposal"], shown["pledge"], shown["gateway"]) == (None, None, None)
    assert shown["rulebook"] == 0
    assert shown["terms"] == {"rulebook": "rules-1", "governingLaw": "SG"}
    assert (shown["status"], shown["kind"], shown["seq"]) == ("LIVE", "ORDER", 2)
    assert (shown["schema"], shown["version"], shown["fault"]) == (1, 1, None)
    assert shown["holdsContent"] is False
    assert shown["asOf"]["block"] == trade.consortium.story.block - 1


async def test_an_offer_past_its_deadline_is_shown_as_expired(trade: Any) -> None:
    title = await trade.offered()
    trade.consortium.story.next_block(14 * 24 * 3600)
    await trade.consortium.publish()

    assert (await trade.buyer.get(f"/v1/titles/{title}")).json()["offer"]["expired"] is True


async def test_a_deadline_beyond_every_calendar_can_be_shown(trade: Any) -> None:
    title = await trade.issued()
    trade.consortium.story.offer(title, 3, lasting=2**40 - 1 - GENESIS_TIME - 1000)
    await trade.consortium.publish()

    shown = (await trade.buyer.get(f"/v1/titles/{title}")).json()
    listed = (await trade.buyer.get("/v1/titles")).json()
    assert shown["offer"]["deadline"] == "9999-12-31T23:59:59Z"
    assert listed["items"][0]["offer"] == shown["offer"]


async def test_a_title_that_arrives_is_nobodys_until_it_is_accepted(trade: Any) -> None:
    story = trade.consortium.story
    names = (to_bytes(hex_of(name)) for name in ("number", "series", "root"))
    stated = (*names, packed(PartyIndex(2), PartyIndex(2), TitleKind.ORDER, 1, 1, 0))
    crossing = to_bytes(hex_of("transfer"))
    story.admit_gateway(PartyIndex(1))
    (title,) = story.on_title("importTitle", stated, PartyIndex(1), crossing, account=GATEWAY)
    await trade.consortium.publish()

    shown = (await trade.buyer.get(f"/v1/titles/{title}")).json()
    (arrived,) = (await trade.buyer.get(f"/v1/titles/{title}/history")).json()["acts"]
    checked = await trade.buyer.client.post("/v1/trade-checks", json={"title": title})

    assert (shown["status"], shown["possessor"]) == ("IN_TRANSIT", None)
    assert shown["offer"]["recipient"]["index"] == 2
    assert (arrived["act"], arrived["by"]) == ("IMPORT", None)
    assert arrived["details"]["gateway"] == GATEWAY
    assert arrived["details"]["issuer"] == {"index": 1, "name": "Party 1 Ltd"}
    assert checked.json()["title"]["possessor"] is None


async def test_a_history_tells_every_act_with_its_details(trade: Any) -> None:
    title = await trade.offered()
    await trade.seller.post(f"/v1/titles/{title}/offers/withdraw")
    await trade.seller.carry_out()
    await trade.seller.post(f"/v1/titles/{title}/surrenders")
    await trade.seller.carry_out()
    await trade.carrier.post(f"/v1/titles/{title}/surrenders/reject", {"reason": "OTHER"})
    await trade.carrier.carry_out()

    acts = (await trade.buyer.get(f"/v1/titles/{title}/history")).json()["acts"]

    assert [act["seq"] for act in acts] == [1, 2, 3, 4, 5]
    assert acts[0]["details"]["possessor"] == {"index": 2, "name": "Party 2 Ltd"}
    assert acts[1]["details"]["recipient"]["name"] == "Party 3 Ltd"
    assert (acts[2]["act"], acts[2]["details"]) == ("WITHDRAW", {})
    assert acts[3]["details"] == {"pending": "PENDING_DELIVERY"}
    assert acts[4]["details"] == {"reason": "OTHER"}
    assert len({act["head"] for act in acts}) == 5


async def test_a_list_goes_on_where_its_page_ended(trade: Any) -> None:
    titles = [await trade.issued(f"TDB-{number}") for number in range(5)]

    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    for _ in range(3):
        page = (await trade.buyer.get("/v1/titles", **query)).json()
        seen += [title["id"] for title in page["items"]]
        query["cursor"] = page["nextCursor"]

    assert seen == titles[::-1]
    assert page["nextCursor"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "LIVE"}, 2),
        ({"status": "DELIVERED"}, 0),
        ({"possessor": "2"}, 2),
        ({"possessor": "Party 3 Ltd"}, 0),
        ({"issuer": "1", "offeree": "3"}, 1),
        ({"issuer": "2"}, 0),
    ],
)
async def test_a_list_can_be_narrowed(trade: Any, query: dict[str, str], found: int) -> None:
    await trade.issued("TDB-1")
    await trade.offered("TDB-2")

    assert len((await trade.buyer.get("/v1/titles", **query)).json()["items"]) == found


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"status": "SUNK"}, 422, "status"),
        ({"possessor": "99"}, 404, "possessor"),
        ({"limit": "0"}, 422, "limit"),
        ({"limit": "201"}, 422, "limit"),
        ({"cursor": "nonsense"}, 422, "cursor"),
        ({"issuer": "a\x00b"}, 422, "issuer"),
    ],
)
async def test_a_wrong_question_names_its_field(
    trade: Any, query: dict[str, str], status: int, field: str
) -> None:
    answer = await trade.buyer.get("/v1/titles", **query)

    assert (answer.status_code, answer.json()["field"]) == (status, field)


@pytest.mark.parametrize("what", ["", "/history", "/document", "/package"])
async def test_a_title_that_is_not_there_is_unknown(trade: Any, what: str) -> None:
    answer = await trade.buyer.get(f"/v1/titles/0x{'ab' * 32}{what}")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/v1/problems/title-unknown"
