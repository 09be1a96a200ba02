"""The answer leaves after the commit, or not at all."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from sqlalchemy import event

pytestmark = pytest.mark.usefixtures("sql")

NOTE = {"text": "forty bales"}
KEY = {"Idempotency-Key": "one"}


async def test_what_an_accepted_request_wrote_is_there_when_its_answer_comes(edge: Any) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes", json=NOTE, headers=KEY)

    assert answer.status_code == 202
    assert answer.json() == {"count": 1}
    assert await edge.count() == 1


async def test_a_commit_that_fails_is_a_500_and_not_a_202(edge: Any) -> None:
    def fail(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    engine = edge.database._writer.sync_engine
    event.listen(engine, "commit", fail)
    async with edge.client() as client:
        answer = await client.post("/v1/notes", json=NOTE, headers=KEY)
    event.remove(engine, "commit", fail)

    assert answer.status_code == 500
    assert answer.json()["type"] == "/v1/problems/internal"
    assert await edge.count() == 0


async def test_a_refused_request_leaves_nothing_behind(edge: Any) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes/refused", json=NOTE, headers=KEY)

    assert answer.status_code == 404
    assert await edge.count() == 0


async def test_a_refusal_on_record_keeps_its_record(edge: Any) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes/recorded", json=NOTE, headers=KEY)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert await edge.count() == 1


async def test_a_request_that_breaks_down_leaves_nothing_behind_and_says_nothing(
    edge: Any,
) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes/broken", json=NOTE, headers=KEY)

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "bales" not in answer.text
    assert answer.json()["correlationId"] == answer.headers["x-request-id"]
    assert await edge.count() == 0


async def test_a_read_on_record_is_answered_once_its_record_is_kept(edge: Any) -> None:
    async with edge.client() as client:
        answer = await client.get("/v1/notes/recorded")

    assert answer.status_code == 200
    assert await edge.count() == 1


async def test_a_read_whose_record_cannot_be_kept_is_not_answered(edge: Any) -> None:
    def fail(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    engine = edge.database._writer.sync_engine
    event.listen(engine, "commit", fail)
    async with edge.client() as client:
        answer = await client.get("/v1/notes/recorded")
    event.remove(engine, "commit", fail)

    assert answer.status_code == 500
    assert await edge.count() == 0
