"""What callers are told about policies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import policy
from tidan_node.domain import events as told


async def _issued(trade: Any, number: str = "POL-1") -> str:
    wish = {"document": policy(number), "insured": "2"}
    answer = await trade.insurer.post("/v1/policies", wish)
    await trade.insurer.carry_out()
    return str(answer.json()["policy"])


async def test_a_policy_is_shown_with_its_parties(trade: Any) -> None:
    issued = await _issued(trade)
    trade.consortium.story.emit(told.PolicyAssigned(issued, 2, 2, 1))
    await trade.consortium.publish()

    shown = (await trade.bank.get(f"/v1/policies/{issued}")).json()

    assert (shown["id"], shown["status"], shown["seq"]) == (issued, "ASSIGNED", 2)
    assert (shown["insurer"]["index"], shown["insured"]["index"]) == (3, 2)
    assert shown["lossPayee"] == {"index": 1, "name": "Party 1 Ltd"}
    assert (shown["expires"], shown["expired"]) == ("2027-01-01T00:00:00Z", False)
    assert (shown["schema"], shown["holdsContent"]) == (3, False)


async def test_after_its_last_day_it_is_shown_as_expired(trade: Any) -> None:
    issued = await _issued(trade)
    trade.consortium.story.next_block(10**8)
    await trade.consortium.publish()

    shown = (await trade.bank.get(f"/v1/policies/{issued}")).json()
    assert (shown["lossPayee"], shown["expired"]) == (None, True)


async def test_its_document_is_with_who_holds_it(trade: Any) -> None:
    issued = await _issued(trade)

    held = await trade.insurer.get(f"/v1/policies/{issued}/document")
    elsewhere = await trade.bank.get(f"/v1/policies/{issued}/document")

    assert held.json() == policy()
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (404, "/v1/problems/not-found")


@pytest.mark.parametrize("what", ["", "/document"])
async def test_a_policy_that_is_not_there_is_unknown(trade: Any, what: str) -> None:
    answer = await trade.bank.get(f"/v1/policies/0x{'ab' * 32}{what}")

    assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/record-unknown")


async def test_a_list_is_paged_and_narrowed(trade: Any) -> None:
    policies = [await _issued(trade, f"POL-{number}") for number in range(3)]

    first = (await trade.bank.get("/v1/policies", limit="2", insured="2")).json()
    second = (await trade.bank.get("/v1/policies", cursor=first["nextCursor"])).json()
    none = (await trade.bank.get("/v1/policies", status="PAID", insurer="3")).json()

    assert [each["id"] for each in first["items"] + second["items"]] == policies[::-1]
    assert (second["nextCursor"], none["items"]) == (None, [])
