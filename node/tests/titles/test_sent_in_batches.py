"""`POST /v1/operations:batch`: many acts in one request, each by its own rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.office import opened
from tests.papers import transport_document
from tests.shown import Credentials
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole

BATCH = "/v1/operations:batch"


def offer_of(title: str, to: str = "3") -> dict[str, object]:
    return {"path": f"/v1/titles/{title}/offers", "body": {"recipient": to}}


async def test_each_is_answered_as_if_it_had_been_sent_alone(trade: Any) -> None:
    first, second = await trade.issued("TDB-1"), await trade.issued("TDB-2")

    answer = await trade.seller.post(BATCH, {"requests": [offer_of(first), offer_of(second)]})

    assert answer.status_code == 200
    assert [each["status"] for each in answer.json()["items"]] == [202, 202]
    assert [each["body"]["title"] for each in answer.json()["items"]] == [first, second]
    assert [call.args[0] for _, call in await trade.seller.waiting()] == [first, second]


async def test_one_that_is_refused_changes_nothing_and_holds_up_no_other(trade: Any) -> None:
    title = await trade.issued()
    answer = await trade.seller.post(
        BATCH, {"requests": [offer_of(title, "99"), offer_of("0x" + "ab" * 32), offer_of(title)]}
    )

    unknown, not_found, done = answer.json()["items"]
    assert (unknown["status"], unknown["body"]["field"]) == (404, "recipient")
    assert not_found["status"] == 404
    assert done["status"] == 202
    assert [call.args[0] for _, call in await trade.seller.waiting()] == [title]
    assert {subject for _, subject, _ in await trade.seller.trail()} == {title}


async def test_one_sees_what_those_before_it_have_done(trade: Any) -> None:
    """The second issue of one number is refused as it would be a second later."""
    issue = {
        "path": "/v1/titles",
        "body": {
            "document": transport_document("TDB-7"),
            "possessor": "2",
            "titleholder": "2",
        },
    }
    answer = await trade.carrier.post(BATCH, {"requests": [issue, issue]})
    assert [each["status"] for each in answer.json()["items"]] == [202, 409]
    assert len(await trade.carrier.waiting()) == 1


async def test_a_batch_sent_twice_is_done_once(trade: Any) -> None:
    title = await trade.issued()
    body = {"requests": [offer_of(title)]}
    key = {"Idempotency-Key": "one-batch"}

    first = await trade.seller.client.post(BATCH, json=body, headers=key)
    second = await trade.seller.client.post(BATCH, json=body, headers=key)

    assert first.json() == second.json()
    assert len(await trade.seller.waiting()) == 1


async def test_a_key_does_no_more_in_a_batch_than_alone(trade: Any) -> None:
    title = await trade.issued()
    scopes = frozenset({Scope.OPERATIONS_READ})
    async with opened(trade.consortium, PartyIndex(2), scopes) as reader:
        answer = await reader.post(BATCH, {"requests": [offer_of(title)]})
        assert answer.json()["items"][0]["status"] == 403
        assert await reader.waiting() == []


async def test_an_act_that_needs_others_waits_for_them(trade: Any) -> None:
    title = await trade.issued()
    known = Credentials(trade.seller)
    await known.users_key(await known.user(UserRole.CHECKER))
    rule = {"act": "title.offer", "approvers": 1}
    assert (await trade.seller.post("/v1/approval-rules", rule)).status_code < 300

    answer = await trade.seller.post(BATCH, {"requests": [offer_of(title)]})

    assert answer.json()["items"][0]["body"]["approval"]["act"] == "title.offer"
    assert await trade.seller.waiting() == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/operations:batch",
        "/v1/api-keys",
        "/v1/titles",
        "/v1/trade-checks",
        "/health/live",
        "/nowhere",
        "v1/titles",
        "/v1/titles?limit=1",
    ],
)
async def test_nothing_else_is_asked_in_a_batch(trade: Any, path: str) -> None:
    """What has no operation for an answer, or nothing behind it, or a body that is not its own."""
    before = await trade.seller.rows()
    answer = await trade.seller.post(BATCH, {"requests": [{"path": path, "body": {"no": 1}}]})
    assert answer.status_code == 200
    assert answer.json()["items"][0]["status"] in (404, 405, 422)
    assert await trade.seller.rows() == before


@pytest.mark.parametrize("requests", [[], [{"path": "/v1/titles"}] * 101, [{}], [{"path": ""}]])
async def test_a_batch_has_between_one_and_a_hundred_requests(trade: Any, requests: Any) -> None:
    answer = await trade.seller.post(BATCH, {"requests": requests})
    assert (answer.status_code, answer.json()["field"].split(".")[0]) == (422, "requests")
