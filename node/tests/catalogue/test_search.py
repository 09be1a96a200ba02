"""Searching what a node holds, by numbers as people have them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.logs import captured
from tests.office import Consortium, Office, opened
from tests.papers import invoice, transport_document
from tidan_node.domain.parties import Role


@dataclass
class Trade:
    """P1 carries, P2 sells; P2 holds nothing of the carrier's."""

    carrier: Office
    seller: Office

    async def issued(self, number: str, **members: Any) -> str:
        document = transport_document(number) | members
        answer = await self.carrier.post(
            "/v1/titles", {"document": document, "possessor": "2", "titleholder": "2"}
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["title"])


@pytest.fixture
async def trade(tmp_path: Path) -> AsyncIterator[Trade]:
    consortium = Consortium(tmp_path)
    parties = [consortium.enrol(role) for role in (Role.CARRIER, Role.TRADER, Role.TRADER)]
    async with AsyncExitStack() as stack:
        offices = [
            await stack.enter_async_context(opened(consortium, each)) for each in parties[:2]
        ]
        await consortium.publish()
        yield Trade(*offices)


async def search(office: Office, text: str, **wanted: Any) -> list[dict[str, Any]]:
    answer = await office.client.post("/v1/search", json={"text": text} | wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_title_is_found_by_its_number_however_it_is_typed(trade: Trade) -> None:
    title = await trade.issued("TDB-0417")
    await trade.carrier.carry_out()

    for text in ("TDB-0417", " tdb 0417", "tdb\u20110417", "\uff34\uff24\uff22-0417"):
        (found,) = await search(trade.carrier, text)
        assert found == {
            "kind": "title",
            "record": title,
            "scheme": "bill-of-lading",
            "value": "TDB-0417",
            "whole": True,
            "current": True,
            "status": "LIVE",
            "parties": {
                "issuer": {"index": 1, "name": "Party 1 Ltd"},
                "possessor": {"index": 2, "name": "Party 2 Ltd"},
                "titleholder": {"index": 2, "name": "Party 2 Ltd"},
            },
        }


@pytest.mark.parametrize(
    ("text", "scheme"),
    [("TDZU 000101-7", "container"), ("TDBBKG417", "booking"), ("26CN999", "customs-declaration")],
)
async def test_it_is_found_by_what_it_names(trade: Trade, text: str, scheme: str) -> None:
    customs = [{"type": "PEB", "countryCode": "CN", "values": ["26CN-999"]}]
    title = await trade.issued("TDB-1", customsReferences=customs)

    found = await search(trade.carrier, text)

    assert [(each["record"], each["scheme"]) for each in found] == [(title, scheme)]


async def test_an_invoice_is_found_by_its_number(trade: Trade) -> None:
    wish = {"document": invoice("INV 7/26"), "buyer": "3"}
    registered = (await trade.seller.post("/v1/invoices", wish)).json()["invoice"]
    await trade.seller.carry_out()

    (found,) = await search(trade.seller, "inv7/26", kind="invoice")

    assert (found["record"], found["status"]) == (registered, "REGISTERED")
    assert set(found["parties"]) == {"seller", "buyer"}


async def test_what_begins_so_comes_after_what_is_so(trade: Trade) -> None:
    for number in ("TDB-10", "TDB-1", "TDB-100", "TDC-1"):
        await trade.issued(number)

    found = await search(trade.carrier, "tdb1")
    whole = await search(trade.carrier, "tdb1", whole=True)

    assert [(each["value"], each["whole"]) for each in found] == [
        ("TDB-1", True),
        ("TDB-10", False),
        ("TDB-100", False),
    ]
    assert [each["value"] for each in whole] == ["TDB-1"]


async def test_a_scheme_and_a_limit_narrow_it(trade: Trade) -> None:
    for number in ("TD-1", "TD-2", "TD-3"):
        await trade.issued(number)

    bills = await search(trade.carrier, "TD", scheme="bill-of-lading")
    answer = await trade.carrier.client.post("/v1/search", json={"text": "TD", "limit": 2})

    assert {each["scheme"] for each in bills} == {"bill-of-lading"}
    assert (len(answer.json()["items"]), answer.json()["more"]) == (2, True)


async def test_one_that_the_chain_does_not_have_has_no_status(trade: Trade) -> None:
    await trade.issued("TDB-1")

    (found,) = await search(trade.carrier, "TDB-1")

    assert (found["status"], found["current"], found["parties"]) == (None, False, {})


async def test_only_what_the_node_holds_is_found(trade: Trade) -> None:
    title = await trade.issued("TDB-1")
    await trade.carrier.carry_out()
    assert await search(trade.seller, "TDB-1") == []

    package = await trade.carrier.get(f"/v1/titles/{title}/package")
    taken = await trade.seller.post_file("/v1/packages", package.content)

    assert taken.status_code == 201, taken.text
    assert [each["record"] for each in await search(trade.seller, "TDB-1")] == [title]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " - "}, "text"),
        ({"text": "a\tb"}, "text"),
        ({"text": "x", "scheme": "colour"}, "scheme"),
        ({"text": "x", "kind": "party"}, "kind"),
        ({"text": "x", "limit": 0}, "limit"),
    ],
)
async def test_what_has_not_the_form_is_refused(
    trade: Trade, wish: dict[str, Any], field: str
) -> None:
    answer = await trade.carrier.client.post("/v1/search", json=wish)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("text", ["%", "_DB", "TDB%", "' OR 1=1 --"])
async def test_no_character_means_more_than_itself(trade: Trade, text: str) -> None:
    await trade.issued("TDB-1")
    assert await search(trade.carrier, text) == []


async def test_what_was_searched_for_is_in_no_log(trade: Trade) -> None:
    await trade.issued("TDB-0417")
    with captured() as log:
        await search(trade.carrier, "TDB-0417")
        written = log.getvalue()
    assert "/v1/search" in written
    assert "0417" not in written


class TestTitles:
    async def test_a_title_is_shown_with_the_number_of_the_document_that_is_held(
        self, trade: Trade
    ) -> None:
        title = await trade.issued("TDB-0417")
        await trade.carrier.carry_out()

        shown = (await trade.carrier.get(f"/v1/titles/{title}")).json()
        (listed,) = (await trade.carrier.get("/v1/titles")).json()["items"]
        elsewhere = (await trade.seller.get(f"/v1/titles/{title}")).json()

        assert (shown["number"], listed["number"], elsewhere["number"]) == (
            "TDB-0417",
            "TDB-0417",
            None,
        )
