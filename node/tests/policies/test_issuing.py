"""A policy becomes a record once, under its insurer's number, or the caller hears why not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.papers import policy
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.ledger.codec import encode_call


def _wish(**more: Any) -> dict[str, Any]:
    return {"document": policy(), "insured": "2"} | more


async def test_a_policy_is_kept_to_be_issued(trade: Any) -> None:
    answer = await trade.insurer.post("/v1/policies", _wish())

    assert answer.status_code == 202
    ((_, call),) = await trade.insurer.waiting()
    assert (call.contract, call.function) == ("PolicyRegistry", "issue")
    new_year = 1798761600
    assert record_id_of(PartyIndex(3), call.args[0]) == answer.json()["policy"]
    assert call.args[2:] == (2, new_year, 3, 1), "the last day is covered to its end"
    assert encode_call(call)
    assert await trade.insurer.rows() == (1, 1, 2)


@pytest.mark.parametrize(
    ("wish", "status", "slug", "field"),
    [
        ({"document": {}}, 422, "document-malformed", "/clauses"),
        ({"document": policy(until="2026-09-30")}, 422, "document-malformed", "/coverUntil"),
        ({"document": policy(code="SMDG:P4")}, 403, "code-not-ours", "/insurer/identifiers"),
        ({"document": "policy"}, 422, "invalid-input", "document"),
        ({"insured": "Nobody"}, 404, "party-unknown", "insured"),
    ],
)
async def test_a_wrong_wish_changes_nothing(
    trade: Any, wish: dict[str, Any], status: int, slug: str, field: str
) -> None:
    answer = await trade.insurer.post("/v1/policies", _wish(**wish))

    assert (answer.status_code, answer.json()["type"]) == (status, f"/v1/problems/{slug}")
    assert answer.json()["field"] == field
    assert await trade.insurer.rows() == (0, 0, 0)


async def test_a_cover_that_has_ended_is_not_issued(trade: Any) -> None:
    trade.consortium.story.next_block(10**8)
    await trade.consortium.publish()

    answer = await trade.insurer.post("/v1/policies", _wish())

    assert (answer.status_code, answer.json()["field"]) == (409, "/coverUntil")
    assert answer.json()["type"] == "/v1/problems/policy-expired"


async def test_only_an_insurer_insures(trade: Any) -> None:
    answer = await trade.seller.post(
        "/v1/policies", _wish(document=policy(code="SMDG:P2"), insured="4")
    )

    assert (answer.status_code, answer.json()["type"]) == (403, "/v1/problems/role-missing")


@pytest.mark.parametrize(("suspended", "field"), [(3, "caller"), (2, "insured")])
async def test_both_parties_are_in_good_standing(trade: Any, suspended: int, field: str) -> None:
    trade.consortium.story.change_status(suspended, PartyStatus.SUSPENDED)
    await trade.consortium.publish()

    answer = await trade.insurer.post("/v1/policies", _wish())

    assert (answer.status_code, answer.json()["field"]) == (409, field)


@pytest.mark.parametrize("on_chain", [False, True])
async def test_a_number_is_issued_once(trade: Any, on_chain: bool) -> None:
    await trade.insurer.post("/v1/policies", _wish())
    if on_chain:
        await trade.insurer.carry_out()

    answer = await trade.insurer.post("/v1/policies", _wish())

    assert (answer.status_code, answer.json()["field"]) == (409, "policy")
    assert answer.json()["type"] == "/v1/problems/already-registered"


async def test_of_many_requests_at_once_one_is_accepted(trade: Any) -> None:
    answers = await asyncio.gather(*(trade.insurer.post("/v1/policies", _wish()) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    assert await trade.insurer.rows() == (1, 1, 2)


async def test_its_content_goes_to_the_insured_in_the_same_commit(trade: Any) -> None:
    issued = (await trade.insurer.post("/v1/policies", _wish())).json()["policy"]

    (_, (act, subject, detail)) = await trade.insurer.trail()

    assert (act, subject) == ("parcel.queued", issued)
    assert (detail["recipient"], detail["kind"]) == (2, "policy")
