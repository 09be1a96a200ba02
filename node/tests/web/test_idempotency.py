"""Sending a POST twice does it once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.databases import POSTGRESQL
from tidan_node.web.idempotency import KEPT, forget_before
from tidan_node.web.keys_in_use import KeysInUse, RequestName

pytestmark = pytest.mark.usefixtures("sql")

NOTE = {"text": "forty bales"}
KEY = {"Idempotency-Key": "one"}


async def test_the_same_request_gets_the_same_answer_and_is_done_once(edge: Any) -> None:
    async with edge.client() as client:
        first = await client.post("/v1/notes", json=NOTE, headers=KEY)
        second = await client.post("/v1/notes", json=NOTE, headers=KEY)

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers["content-type"] == second.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert await edge.count() == 1


@pytest.mark.parametrize(("path", "text"), [("/v1/notes", "other"), ("/v1/notes/slow", "forty")])
async def test_a_key_names_one_request_only(edge: Any, path: str, text: str) -> None:
    edge.gate.set()
    async with edge.client() as client:
        await client.post("/v1/notes", json={"text": "forty"}, headers=KEY)
        answer = await client.post(path, json={"text": text}, headers=KEY)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/v1/problems/idempotency-key-reused"
    assert answer.json()["field"] == "Idempotency-Key"
    assert await edge.count() == 1


async def test_two_callers_may_choose_the_same_key(edge: Any) -> None:
    async with edge.client("all") as one, edge.client("other") as other:
        first = await one.post("/v1/notes", json={"text": "a"}, headers=KEY)
        second = await other.post("/v1/notes", json={"text": "b"}, headers=KEY)

    assert (first.json()["count"], second.json()["count"]) == (1, 2)


async def test_a_post_without_a_key_is_refused(edge: Any) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes", json=NOTE)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/v1/problems/idempotency-key-missing"
    assert await edge.count() == 0


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "ä".encode()])
async def test_a_key_is_short_and_visible(edge: Any, key: str | bytes) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes", json=NOTE, headers={"Idempotency-Key": key})

    assert answer.status_code == 422
    assert answer.json()["field"] == "Idempotency-Key"


async def test_while_the_first_is_being_answered_the_second_is_told_so(edge: Any) -> None:
    async with edge.client() as client:
        first = asyncio.create_task(client.post("/v1/notes/slow", json=NOTE, headers=KEY))
        await asyncio.wait_for(edge.begun.wait(), 5)
        second = await client.post("/v1/notes/slow", json=NOTE, headers=KEY)
        edge.gate.set()
        answered = await first
        third = await client.post("/v1/notes/slow", json=NOTE, headers=KEY)

    assert second.status_code == 409
    assert second.json()["type"] == "/v1/problems/idempotency-key-in-use"
    assert answered.status_code == third.status_code == 202
    assert third.headers["idempotency-replayed"] == "true"


async def test_a_refused_request_may_be_sent_again_under_its_key(edge: Any) -> None:
    async with edge.client() as client:
        refused = await client.post("/v1/notes", json={"wrong": 1}, headers=KEY)
        accepted = await client.post("/v1/notes", json=NOTE, headers=KEY)

    assert (refused.status_code, accepted.status_code) == (422, 202)


async def test_answers_are_kept_for_a_while_and_then_forgotten(edge: Any) -> None:
    async with edge.client() as client:
        await client.post("/v1/notes", json=NOTE, headers=KEY)
        now = datetime.now(UTC)
        async with edge.database.writing() as connection:
            early = await forget_before(connection, now - KEPT)
            late = await forget_before(connection, now + timedelta(seconds=1))
        again = await client.post("/v1/notes", json={"text": "new"}, headers=KEY)

    assert (early, late) == (0, 1)
    assert again.json() == {"count": 2}


class _OfAnotherProcess(KeysInUse):
    """Knows nothing of the requests that are answered here."""

    @contextmanager
    def claim(self, name: RequestName) -> Iterator[None]:
        yield


@pytest.mark.parametrize("sql", [POSTGRESQL], indirect=True)  # a SQLite file has one process
async def test_two_processes_that_are_sent_one_request_do_it_once(edge: Any) -> None:
    edge.app.state.node = replace(edge.app.state.node, keys_in_use=_OfAnotherProcess())
    async with edge.client() as client:
        sent = (client.post("/v1/notes", json=NOTE, headers=KEY) for _ in range(5))
        answers = await asyncio.gather(*sent)

    refused = [each.json()["type"] for each in answers if each.status_code != 202]
    assert len(refused) < len(answers)
    # the answer's key, or what was written before it: whichever of them was taken
    slugs = {each.rpartition("/")[2] for each in refused}
    assert slugs <= {"idempotency-key-in-use", "overtaken"}
    assert await edge.count() == 1
