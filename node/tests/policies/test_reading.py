"""What callers are told about policies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import policy
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role


async def test_a_policy_is_shown_with_its_parties(trade: Any) -> None:
    issued = await trade.issued()
    await trade.act(trade.seller, issued, "assignment", lossPayee="1")

    shown = (await trade.bank.get(f"/v1/policies/{issued}")).json()

    assert (shown["id"], shown["status"], shown["seq"]) == (issued, "ASSIGNED", 2)
    assert (shown["insurer"]["index"], shown["insured"]["index"]) == (3, 2)
    assert shown["lossPayee"] == {"index": 1, "name": "Party 1 Ltd"}
    assert (shown["expires"], shown["expired"]) == ("2027-01-01T00:00:00Z", False)
    assert (shown["schema"], shown["holdsContent"]) == (3, False)


async def test_it_stands_under_the_rules_that_its_insurer_accepted(trade: Any) -> None:
    story = trade.consortium.story
    insurer = story.enrol(Role.INSURER, terms=("rules-2", "NO"))
    issued = story.issue_policy(insurer, PartyIndex(2))
    await trade.consortium.publish()

    shown = (await trade.bank.get(f"/v1/policies/{issued}")).json()
    (listed,) = (await trade.bank.get("/v1/policies")).json()["items"]

    assert shown["terms"] == listed["terms"] == {"rulebook": "rules-2", "governingLaw": "NO"}


async def test_after_its_last_day_it_is_shown_as_expired(trade: Any) -> None:
    issued = await trade.issued()
    trade.consortium.story.next_block(10**8)
    await trade.consortium.publish()

    shown = (await trade.bank.get(f"/v1/policies/{issued}")).json()
    assert (shown["lossPayee"], shown["expired"]) == (None, True)


async def test_its_document_is_with_who_holds_it(trade: Any) -> None:
    issued = await trade.issued()

    held = await trade.insurer.get(f"/v1/policies/{issued}/document")
    elsewhere = await trade.bank.get(f"/v1/policies/{issued}/document")

    assert held.json() == policy()
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (404, "/v1/problems/not-found")


@pytest.mark.parametrize("what", ["", "/document", "/history", "/package"])
async def test_a_policy_that_is_not_there_is_unknown(trade: Any, what: str) -> None:
    answer = await trade.bank.get(f"/v1/policies/0x{'ab' * 32}{what}")

    assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/record-unknown")


async def test_a_list_is_paged_and_narrowed(trade: Any) -> None:
    policies = [await trade.issued(f"POL-{number}") for number in range(3)]

    first = (await trade.bank.get("/v1/policies", limit="2", insured="2")).json()
    second = (await trade.bank.get("/v1/policies", cursor=first["nextCursor"])).json()
    none = (await trade.bank.get("/v1/policies", status="PAID", insurer="3")).json()

    assert [each["id"] for each in first["items"] + second["items"]] == policies[::-1]
    assert (second["nextCursor"], none["items"]) == (None, [])


async def test_policies_are_found_by_whom_they_pay(trade: Any) -> None:
    assigned = await trade.issued()
    await trade.issued("POL-2")
    await trade.act(trade.seller, assigned, "assignment", lossPayee="1")

    found = (await trade.bank.get("/v1/policies", lossPayee="1")).json()["items"]

    assert [each["id"] for each in found] == [assigned]


async def test_its_history_tells_every_act_and_ends_in_its_head(trade: Any) -> None:
    issued = await trade.issued()
    await trade.act(trade.insurer, issued, "endorsements", document=policy())
    await trade.act(trade.seller, issued, "assignment", lossPayee="1")
    await trade.act(trade.insurer, issued, "cancellation")

    history = (await trade.bank.get(f"/v1/policies/{issued}/history")).json()

    acts = history["acts"]
    assert [(act["seq"], act["act"], act["by"]["index"]) for act in acts] == [
        (1, "ISSUE", 3),
        (2, "ENDORSE", 3),
        (3, "ASSIGN", 2),
        (4, "CANCEL", 3),
    ]
    assert acts[0]["details"]["insured"] == {"index": 2, "name": "Party 2 Ltd"}
    assert acts[0]["details"]["expires"] == "2027-01-01T00:00:00Z"
    assert acts[1]["details"]["version"] == 2
    assert acts[2]["details"] == {"lossPayee": {"index": 1, "name": "Party 1 Ltd"}}
    shown = (await trade.bank.get(f"/v1/policies/{issued}")).json()
    assert history["policy"] == issued
    assert history["head"] == acts[-1]["head"] == shown["head"]
    assert shown["contentRoot"] == acts[1]["details"]["contentRoot"]


async def test_its_package_is_on_record_and_is_made_where_its_content_is(trade: Any) -> None:
    issued = await trade.issued()

    made = await trade.insurer.get(f"/v1/policies/{issued}/package")
    elsewhere = await trade.bank.get(f"/v1/policies/{issued}/package")

    assert made.headers["content-type"] == "application/vnd.tidan.package+json"
    assert (await trade.insurer.trail())[-1][:2] == ("policy.package_made", issued)
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (404, "/v1/problems/not-found")


async def test_its_history_proves_itself_against_the_chain(trade: Any) -> None:
    issued = await trade.issued()
    await trade.act(trade.seller, issued, "assignment", lossPayee="1")

    history = (await trade.bank.get(f"/v1/policies/{issued}/history", proof="true")).json()

    proof = history["proof"]
    assert (proof["seq"], proof["head"]) == (2, history["head"])
    assert [act["head"] for act in proof["acts"]] == [act["head"] for act in history["acts"]]
