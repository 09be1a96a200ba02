"""What callers are told about invoices."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import invoice
from tidan_node.domain import events as told
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role


async def test_an_invoice_is_shown_with_its_parties_and_titles(trade: Any) -> None:
    registered, title = await trade.registered(), await trade.title()
    await trade.act(trade.seller, registered, "links", title=title)

    shown = (await trade.bank.get(f"/v1/invoices/{registered}")).json()

    assert (shown["id"], shown["status"], shown["seq"]) == (registered, "REGISTERED", 2)
    assert shown["seller"] == {"index": 2, "name": "Party 2 Ltd"}
    assert shown["buyer"] == {"index": 4, "name": "Party 4 Ltd"}
    assert shown["titles"] == [title]
    assert (shown["schema"], shown["version"], shown["holdsContent"]) == (2, 1, False)
    assert shown["asOf"]["block"] == trade.consortium.story.block - 1


async def test_it_stands_under_the_rules_that_its_seller_accepted(trade: Any) -> None:
    story = trade.consortium.story
    seller = story.enrol(Role.TRADER, terms=("rules-2", "NO"))
    registered = story.register_invoice(seller, PartyIndex(4))
    await trade.consortium.publish()

    shown = (await trade.bank.get(f"/v1/invoices/{registered}")).json()
    (listed,) = (await trade.bank.get("/v1/invoices")).json()["items"]

    assert shown["terms"] == listed["terms"] == {"rulebook": "rules-2", "governingLaw": "NO"}


async def test_its_document_is_what_its_seller_sent_to_the_letter(trade: Any) -> None:
    registered = await trade.registered()

    answer = await trade.seller.get(f"/v1/invoices/{registered}/document")

    assert answer.headers["content-type"] == "application/xml"
    assert answer.text == invoice()
    assert (await trade.seller.get(f"/v1/invoices/{registered}")).json()["holdsContent"] is True


async def test_its_document_is_nowhere_else(trade: Any) -> None:
    answer = await trade.bank.get(f"/v1/invoices/{await trade.registered()}/document")

    assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/not-found")


@pytest.mark.parametrize("what", ["", "/document", "/history", "/package"])
async def test_an_invoice_that_is_not_there_is_unknown(trade: Any, what: str) -> None:
    answer = await trade.bank.get(f"/v1/invoices/0x{'ab' * 32}{what}")

    assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/record-unknown")


async def test_a_list_is_paged_and_narrowed(trade: Any) -> None:
    invoices = [await trade.registered(f"INV-{number}") for number in range(3)]

    first = (await trade.bank.get("/v1/invoices", limit="2", seller="2")).json()
    second = (await trade.bank.get("/v1/invoices", cursor=first["nextCursor"])).json()
    none = (await trade.bank.get("/v1/invoices", status="SETTLED", buyer="4")).json()

    assert [each["id"] for each in first["items"] + second["items"]] == invoices[::-1]
    assert (second["nextCursor"], none["items"]) == (None, [])


async def test_the_invoices_of_a_title_are_found(trade: Any) -> None:
    linked, title = await trade.registered(), await trade.title()
    await trade.registered("INV-2")
    await trade.act(trade.seller, linked, "links", title=title)

    found = (await trade.bank.get("/v1/invoices", title=title)).json()["items"]
    none = (await trade.bank.get("/v1/invoices", title="0x" + "ab" * 32)).json()["items"]

    assert ([each["id"] for each in found], none) == ([linked], [])


async def test_what_is_no_title_finds_no_invoices(trade: Any) -> None:
    answer = await trade.bank.get("/v1/invoices", title="0x12")

    assert (answer.status_code, answer.json()["field"]) == (422, "title")


async def test_its_history_tells_every_act_and_ends_in_its_head(trade: Any) -> None:
    registered, title = await trade.received(), await trade.title()
    await trade.act(trade.buyer, registered, "dispute", reason="QUALITY")
    await trade.act(trade.seller, registered, "links", title=title)
    await trade.act(trade.buyer, registered, "acceptance")
    await trade.act(trade.seller, registered, "settlement")

    history = (await trade.bank.get(f"/v1/invoices/{registered}/history")).json()

    acts = history["acts"]
    assert [(act["seq"], act["act"], act["by"]["index"]) for act in acts] == [
        (1, "REGISTER", 2),
        (2, "DISPUTE", 4),
        (3, "LINK", 2),
        (4, "ACCEPT", 4),
        (5, "SETTLE", 2),
    ]
    assert acts[0]["details"]["buyer"] == {"index": 4, "name": "Party 4 Ltd"}
    assert acts[1]["details"] == {"reason": "QUALITY"}
    assert acts[2]["details"] == {"title": title}
    shown = (await trade.bank.get(f"/v1/invoices/{registered}")).json()
    assert history["invoice"] == registered
    assert history["head"] == acts[-1]["head"] == shown["head"]
    assert {act["txHash"] for act in acts} != set()


async def test_a_reason_that_has_no_name_is_told_by_its_number(trade: Any) -> None:
    registered = await trade.registered()
    trade.consortium.story.emit(told.InvoiceDisputed(registered, 2, 4, 77))
    await trade.consortium.publish()

    history = (await trade.bank.get(f"/v1/invoices/{registered}/history")).json()

    assert history["acts"][1]["details"] == {"reason": 77}


async def test_its_package_is_on_record_and_is_made_where_its_content_is(trade: Any) -> None:
    registered = await trade.registered()

    made = await trade.seller.get(f"/v1/invoices/{registered}/package")
    elsewhere = await trade.buyer.get(f"/v1/invoices/{registered}/package")

    assert made.headers["content-type"] == "application/vnd.tidan.package+json"
    assert (await trade.seller.trail())[-1][:2] == ("invoice.package_made", registered)
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (404, "/v1/problems/not-found")


async def test_its_history_proves_itself_against_the_chain(trade: Any) -> None:
    registered = await trade.received()
    await trade.act(trade.buyer, registered, "dispute", reason="QUALITY")

    history = (await trade.bank.get(f"/v1/invoices/{registered}/history", proof="true")).json()

    proof = history["proof"]
    assert (proof["seq"], proof["head"]) == (2, history["head"])
    assert [act["head"] for act in proof["acts"]] == [act["head"] for act in history["acts"]]
