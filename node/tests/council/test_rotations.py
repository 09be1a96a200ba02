"""A party exchanges its own accounts, and any of them can say no while there is time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.council.wishes import NEWCOMER
from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus

FOUR = PartyIndex(4)
ROTATIONS = "/v1/rotations"


async def requested(members: Any) -> str:
    """The trader exchanges its account for another; the account that goes."""
    removed = str(members.story.accounts[FOUR][0])
    answer = await members.trader.post(ROTATIONS, {"added": NEWCOMER, "removed": removed})
    assert answer.status_code == 202, answer.text
    await members.trader.carry_out()
    return removed


async def party(members: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await members.bank.get("/v1/parties/4")).json()
    return found


async def test_what_is_asked_for_is_seen_by_all_until_it_is_done(members: Any) -> None:
    removed = await requested(members)
    shown = await party(members)
    assert (shown["rotation"]["added"], shown["rotation"]["removed"]) == (NEWCOMER, removed)
    await members.later()
    answer = await members.bank.post(f"{ROTATIONS}/completion", {"party": 4})
    assert answer.status_code == 202, answer.text
    await members.bank.carry_out()
    shown = await party(members)
    assert shown["rotation"] is None
    assert shown["accounts"] == [
        {"account": NEWCOMER, "active": True},
        {"account": removed, "active": False},
    ]


async def test_it_is_not_done_before_its_time(members: Any) -> None:
    await requested(members)
    answer = await members.trader.post(f"{ROTATIONS}/completion")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/v1/problems/too-early")
    assert problem["completableFrom"] > members.story.now
    assert moment(problem["completableFrom"]) in problem["detail"]
    assert f"its clock is at {moment(members.story.now)}" in problem["detail"]


async def test_it_is_taken_back(members: Any) -> None:
    await requested(members)
    answer = await members.trader.post(f"{ROTATIONS}/cancellation")
    assert answer.status_code == 202, answer.text
    await members.trader.carry_out()
    assert (await party(members))["rotation"] is None
    again = await members.trader.post(f"{ROTATIONS}/cancellation")
    assert again.json()["type"] == "/v1/problems/no-rotation-open"


async def test_there_is_one_at_a_time(members: Any) -> None:
    await requested(members)
    answer = await members.trader.post(ROTATIONS, {"added": "0x" + "cd" * 20})
    assert answer.json()["type"] == "/v1/problems/rotation-open"


@pytest.mark.parametrize(
    ("body", "slug", "field"),
    [
        ({}, "empty-value", "added"),
        ({"added": "0x" + "00" * 20}, "empty-value", "added"),
        ({"added": "nobody"}, "invalid-input", "added"),
        ({"removed": NEWCOMER}, "account-not-of-party", "removed"),
    ],
)
async def test_a_wrong_wish_changes_nothing(
    members: Any, body: dict[str, Any], slug: str, field: str
) -> None:
    answer = await members.trader.post(ROTATIONS, body)
    assert answer.json()["type"] == f"/v1/problems/{slug}"
    assert answer.json()["field"] == field
    assert await members.trader.rows() == (0, 0, 0)


async def test_the_last_account_stays(members: Any) -> None:
    own = members.story.accounts[FOUR][0]
    answer = await members.trader.post(ROTATIONS, {"removed": own})
    assert answer.json()["type"] == "/v1/problems/last-account"


async def test_an_account_that_was_anybodys_is_not_used_again(members: Any) -> None:
    other = members.story.accounts[PartyIndex(5)][0]
    answer = await members.trader.post(ROTATIONS, {"added": other})
    assert answer.json()["type"] == "/v1/problems/account-taken"


async def test_a_suspended_party_may_save_its_account_a_revoked_one_not(members: Any) -> None:
    members.story.change_status(FOUR, PartyStatus.SUSPENDED)
    await members.consortium.publish()
    await requested(members)
    members.story.change_status(FOUR, PartyStatus.REVOKED)
    await members.consortium.publish()
    answer = await members.trader.post(ROTATIONS, {"added": "0x" + "cd" * 20})
    assert answer.json()["type"] == "/v1/problems/party-not-active"
