"""Refusals say which party, bank or title they are about, in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import transport_document
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.title_problems import NotTheOfferee
from tidan_node.domain.titles.pledges import pledgee_of
from tidan_node.operations.operation import OperationStatus
from tidan_node.people.caller import Caller, Scope
from tidan_node.titles.acting import Acting
from tidan_node.web.own_party import own_standing


async def test_to_whom_a_title_is_on_offer_is_told_by_number_and_name(trade: Any) -> None:
    title = await trade.offered()

    answer = await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "4"})

    assert answer.json()["type"] == "/v1/problems/offer-already-open"
    assert answer.json()["detail"] == "the title is offered to party 3 (Party 3 Ltd)"


@pytest.mark.parametrize(
    ("pledged", "acts", "words"),
    [
        (False, ("accept", "decline"), "the pledge is proposed to party 4 (Party 4 Ltd)"),
        (True, ("consent", "release"), "the title is pledged to party 4 (Party 4 Ltd)"),
    ],
)
async def test_the_bank_that_alone_may_act_is_named(
    trade: Any, pledged: bool, acts: tuple[str, ...], words: str
) -> None:
    title = await trade.issued()
    await trade.bank.post_file("/v1/packages", await trade.package(title))
    await trade.seller.post_file("/v1/packages", await trade.package(title))
    await trade.seller.post(f"/v1/titles/{title}/pledges", {"pledgee": "4"})
    await trade.seller.carry_out()
    if pledged:
        await trade.bank.post(f"/v1/titles/{title}/pledges/accept")
        await trade.bank.carry_out()

    answers = [await trade.buyer.post(f"/v1/titles/{title}/pledges/{act}") for act in acts]

    for answer in answers:
        assert answer.json()["type"] == "/v1/problems/not-the-pledgee"
        assert answer.json()["detail"] == f"{words}, which alone may do this"


async def test_what_the_chain_refused_is_told_with_the_names_that_the_node_knows(
    trade: Any,
) -> None:
    title = await trade.offered()
    await trade.seller.post(f"/v1/titles/{title}/offers/withdraw")
    ((operation, _),) = await trade.seller.waiting()
    refused = NotTheOfferee("the offer is not made to party 2, nor to party 99", field="caller")
    await trade.seller.end(operation, OperationStatus.FAILED, refused)

    shown = (await trade.seller.get(f"/v1/operations/{operation}")).json()["problem"]
    listed = (await trade.seller.get("/v1/operations")).json()["items"]
    followed = (await trade.seller.get(f"/v1/operations/{operation}/events")).text

    words = "the offer is not made to party 2 (Party 2 Ltd), nor to party 99"
    assert shown["detail"] == words
    assert [each["problem"] for each in listed if each["id"] == operation] == [shown]
    assert words in followed


async def test_of_titles_that_cannot_be_combined_the_other_one_is_named(trade: Any) -> None:
    titles = [await trade.issued("TDB-1"), await trade.issued("TDB-2", straight=True)]
    for title in titles:
        reason = {"reason": "COMBINATION"}
        await trade.seller.post(f"/v1/titles/{title}/surrenders/amendment", reason)
        await trade.seller.carry_out()

    answer = await trade.carrier.post(
        "/v1/title-combinations",
        {"titles": titles, "document": transport_document("TDB-3"), "reason": "COMBINATION"},
    )

    told = answer.json()
    assert (told["type"], told["field"]) == ("/v1/problems/originals-differ", "titles.1")
    assert f"title {titles[1]} has another carrier" in told["detail"]


async def test_a_gate_that_is_asked_of_a_third_party_takes_it_for_a_stranger(trade: Any) -> None:
    node, buyer = trade.seller.app.state.node, PartyIndex(3)
    async with trade.seller.database.reading() as connection:
        acting = Acting(connection, node, Caller("k", "clerk", frozenset(Scope)))
        own = await own_standing(acting.records, node)
        gate = await acting.gate(own, PartyIndex(4))

    assert gate.may_take(pledgee_of(PartyIndex(4)))
    assert not gate.may_take(pledgee_of(buyer))
    assert not gate.acts_for(node.account, pledgee_of(buyer))
