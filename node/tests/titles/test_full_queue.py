"""A node that has enough under way: what it refuses leaves nothing behind, and can come again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.office import Consortium, Office, opened
from tests.papers import transport_document
from tidan_node.audit.operations import AnchorByOperation
from tidan_node.domain.parties import Role
from tidan_node.operations.backlog import Backlog


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def carrier(tmp_path: Path, seconds: Seconds) -> AsyncIterator[Office]:
    """A node that takes two operations at a time."""
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.CARRIER)
    async with opened(consortium, party, backlog=Backlog(2, seconds)) as office:
        await consortium.publish()
        yield office


def wish(number: int) -> dict[str, object]:
    return {"document": transport_document(f"TDB-{number}"), "titleholder": "1"}


async def issue(carrier: Office, number: int) -> httpx.Response:
    headers = {"Idempotency-Key": f"issue-{number}"}
    return await carrier.client.post("/v1/titles", json=wish(number), headers=headers)


async def fill(carrier: Office) -> None:
    for number in (1, 2):
        assert (await issue(carrier, number)).status_code == 202


async def test_beyond_the_limit_a_request_is_told_when_to_come_again(carrier: Office) -> None:
    await fill(carrier)
    before = await carrier.rows()

    refused = await issue(carrier, 3)

    assert (refused.status_code, refused.json()["type"]) == (429, "/v1/problems/queue-full")
    assert refused.headers["Retry-After"] == "5"
    assert refused.json()["rule"] == "queue_limit"
    assert await carrier.rows() == before


async def test_the_same_request_under_the_same_key_goes_through_later(
    carrier: Office, seconds: Seconds
) -> None:
    await fill(carrier)
    assert (await issue(carrier, 3)).status_code == 429
    await carrier.carry_out()
    seconds.now += 1

    taken, again = await issue(carrier, 3), await issue(carrier, 3)

    assert taken.status_code == again.status_code == 202
    assert taken.json() == again.json()
    assert len(await carrier.waiting()) == 1


async def test_a_batch_is_refused_as_a_whole_where_there_is_room_for_none(
    carrier: Office, seconds: Seconds
) -> None:
    await fill(carrier)
    before = await carrier.rows()
    requests = [{"path": "/v1/titles", "body": wish(number)} for number in (3, 4)]
    key = {"Idempotency-Key": "a-batch"}

    async def sent() -> httpx.Response:
        return await carrier.client.post(
            "/v1/operations:batch", json={"requests": requests}, headers=key
        )

    refused = await sent()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
    assert await carrier.rows() == before

    await carrier.carry_out()
    seconds.now += 1
    assert [each["status"] for each in (await sent()).json()["items"]] == [202, 202]


async def test_of_a_batch_what_there_is_no_room_for_is_refused_alone(carrier: Office) -> None:
    requests = [{"path": "/v1/titles", "body": wish(number)} for number in (1, 2, 3)]
    answer = await carrier.post("/v1/operations:batch", {"requests": requests})
    assert [each["status"] for each in answer.json()["items"]] == [202, 202, 429]
    assert len(await carrier.waiting()) == 2


async def test_what_the_node_does_of_itself_is_taken_all_the_same(carrier: Office) -> None:
    await fill(carrier)
    anchoring = AnchorByOperation(carrier.app.state.node.operations)
    async with carrier.database.writing() as connection:
        await anchoring.anchor(connection, 7, "0x" + "ab" * 32)
    assert [call.function for _, call in await carrier.waiting()][-1] == "anchor"
    assert (await issue(carrier, 3)).status_code == 429
