"""The log says what happened, and nothing of what it happened to."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.logs import captured

KEY = {"Idempotency-Key": "key-that-stays-out"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    with captured() as stream:
        yield stream


async def test_a_request_is_one_json_line_with_its_id(edge: Any, log: io.StringIO) -> None:
    async with edge.client() as client:
        answer = await client.get("/v1/notes")

    (line,) = [json.loads(text) for text in log.getvalue().splitlines()]
    assert line["event"] == "request"
    assert line["request"] == answer.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/notes", 200)


async def test_no_query_body_or_key_is_ever_logged(edge: Any, log: io.StringIO) -> None:
    note = {"text": "forty bales of silk"}
    async with edge.client() as client:
        await client.get("/v1/notes?secret-query=1")
        await client.get("/v1/unknown/secret-path")
        await client.post("/v1/notes", json=note, headers=KEY)
        await client.post("/v1/notes/broken", json=note, headers={"Idempotency-Key": "b"})
        await client.post("/v1/notes", json=note | {"secret-field": 1}, headers=KEY)

    logged = log.getvalue()
    assert "request failed" in logged
    assert "RuntimeError" in logged
    for hidden in ("secret-", "silk", "stays-out", *edge.keys.values()):
        assert hidden not in logged
        assert hidden.rsplit("_", 1)[-1] not in logged


def test_a_library_that_logs_an_exception_tells_its_kind_and_not_its_words(
    log: io.StringIO,
) -> None:
    try:
        int("forty bales")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

    line = json.loads(log.getvalue())
    assert line["error"] == "ValueError"
    assert "bales" not in log.getvalue()
