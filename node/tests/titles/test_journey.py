"""The main journey of a title, through the API of three nodes."""

from __future__ import annotations

from typing import Any


async def test_a_title_goes_from_its_carrier_to_the_buyer_and_back(trade: Any) -> None:
    title = await trade.issued()
    package = await trade.package(title)
    assert (await trade.seller.post_file("/v1/packages", package)).status_code == 201
    handed_on = (await trade.seller.get(f"/v1/titles/{title}/package")).content
    assert handed_on == package

    offer = await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "Party 3 Ltd"})
    assert offer.status_code == 202
    await trade.seller.carry_out()
    taken = await trade.buyer.post_file("/v1/packages", handed_on)
    assert taken.json() == {
        "kind": "title",
        "record": title,
        "root": (await trade.buyer.get(f"/v1/titles/{title}")).json()["contentRoot"],
        "numbering": "verified",
    }
    accepted = await trade.buyer.post(f"/v1/titles/{title}/offers/accept")
    assert accepted.json()["operation"]["kind"] == "title.accept"
    await trade.buyer.carry_out()
    assert (await trade.buyer.post(f"/v1/titles/{title}/surrenders")).status_code == 202
    await trade.buyer.carry_out()
    assert (await trade.carrier.post(f"/v1/titles/{title}/surrenders/accept")).status_code == 202
    await trade.carrier.carry_out()

    shown = (await trade.seller.get(f"/v1/titles/{title}")).json()
    assert (shown["status"], shown["possessor"]["name"]) == ("DELIVERED", "Party 3 Ltd")
    history = (await trade.seller.get(f"/v1/titles/{title}/history")).json()
    assert [(act["act"], act["by"]["index"]) for act in history["acts"]] == [
        ("ISSUE", 1),
        ("OFFER", 2),
        ("ACCEPT", 3),
        ("SURRENDER_FOR_DELIVERY", 3),
        ("ACCEPT_SURRENDER", 1),
    ]
    assert history["head"] == history["acts"][-1]["head"] == shown["head"]
