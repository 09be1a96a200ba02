"""What callers are told about invoices."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import invoice
from tidan_node.domain import events as told


async def _registered(trade: Any, number: str = "INV-1") -> str:
    wish = {"document": invoice(number), "buyer": "4"}
    answer = await trade.seller.post("/v1/invoices", wish)
    await trade.seller.carry_out()
    return str(answer.json()["invoice"])


async def test_an_invoice_is_shown_with_its_parties_and_titles(trade: Any) -> None:
    registered = await _registered(trade)
    title = "0x" + "ab" * 32
    trade.consortium.story.emit(told.InvoiceLinked(registered, 2, 2, title))
    await trade.consortium.publish()

    shown = (await trade.bank.get(f"/v1/invoices/{registered}")).json()

    assert (shown["id"], shown["status"], shown["seq"]) == (registered, "REGISTERED", 2)
    assert shown["seller"] == {"index": 2, "name": "Party 2 Ltd"}
    assert shown["buyer"] == {"index": 4, "name": "Party 4 Ltd"}
    assert shown["titles"] == [title]
    assert (shown["schema"], shown["version"], shown["holdsContent"]) == (2, 1, False)
    assert shown["asOf"]["block"] == trade.consortium.story.block - 1


async def test_its_document_is_what_its_seller_sent_to_the_letter(trade: Any) -> None:
    registered = await _registered(trade)

    answer = await trade.seller.get(f"/v1/invoices/{registered}/document")

    assert answer.headers["content-type"] == "application/xml"
    assert answer.text == invoice()
    assert (await trade.seller.get(f"/v1/invoices/{registered}")).json()["holdsContent"] is True


async def test_its_document_is_nowhere_else(trade: Any) -> None:
    answer = await trade.bank.get(f"/v1/invoices/{await _registered(trade)}/document")

    assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/not-found")


@pytest.mark.parametrize("what", ["", "/document"])
async def test_an_invoice_that_is_not_there_is_unknown(trade: Any, what: str) -> None:
    answer = await trade.bank.get(f"/v1/invoices/0x{'ab' * 32}{what}")

    assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/record-unknown")


async def test_a_list_is_paged_and_narrowed(trade: Any) -> None:
    invoices = [await _registered(trade, f"INV-{number}") for number in range(3)]

    first = (await trade.bank.get("/v1/invoices", limit="2", seller="2")).json()
    second = (await trade.bank.get("/v1/invoices", cursor=first["nextCursor"])).json()
    none = (await trade.bank.get("/v1/invoices", status="SETTLED", buyer="4")).json()

    assert [each["id"] for each in first["items"] + second["items"]] == invoices[::-1]
    assert (second["nextCursor"], none["items"]) == (None, [])
