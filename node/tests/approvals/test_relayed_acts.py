"""An act that another key has signed waits for approval, and is then done in full."""

from __future__ import annotations

from typing import Any

from tests.signing import give_offline_key, signed

RELAY = "/v1/title-acts:relay"


async def offered(house: Any, maker: Any) -> dict[str, Any]:
    """What is relayed of an offer that the seller's offline key has signed."""
    give_offline_key(house.consortium.story, 2)
    await house.consortium.publish()
    offer = {"act": "offer", "arguments": {"id": house.title, "recipient": "Party 3 Ltd"}}
    prepared = await maker.post("/v1/title-acts:prepare", offer)
    assert prepared.status_code == 200, prepared.text
    return signed(prepared.json())


async def test_who_approves_reads_what_was_signed(house: Any) -> None:
    checker, maker = await house.checker(), await house.maker()
    await house.require("title.relay", 1)
    approval = await maker.waiting(RELAY, await offered(house, maker))

    intended = (await checker.get(f"/v1/approvals/{approval}")).json()["intended"]

    assert (intended["kind"], intended["target"]) == ("title.relay", house.title)
    details = intended["details"]
    assert (details["act"], details["recipient"], details["what"]) == ("offer", 3, 3)
    assert intended["parties"]["3"] == "Party 3 Ltd"
    assert await house.seller.waiting() == []


async def test_once_approved_it_does_all_that_the_direct_act_does(house: Any) -> None:
    checker, maker = await house.checker(), await house.maker()
    await house.require("title.relay", 1)
    approval = await maker.waiting(RELAY, await offered(house, maker))

    done = (await checker.approve(approval)).json()

    assert (done["status"], done["answer"]["onlyRelayed"]) == ("done", False)
    ((_, call),) = await house.seller.waiting()
    assert call.function == "relay"
    assert [act for act, *_ in await house.seller.trail()].count("parcel.queued") == 1
