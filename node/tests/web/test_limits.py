"""No request is larger than the limit, whether or not it says how large it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

KEY = {"Idempotency-Key": "one"}
LIMIT = 2000


def _body(length: int) -> bytes:
    return b'{"text": "' + b"x" * (length - 12) + b'"}'


async def _in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 100):
        yield body[start : start + 100]


async def test_the_largest_body_is_taken(edge: Any) -> None:
    headers = KEY | {"Content-Type": "application/json"}
    async with edge.client() as client:
        answer = await client.post("/v1/notes", content=_body(LIMIT), headers=headers)

    assert answer.status_code == 202


async def test_one_byte_more_is_refused_by_its_announced_length(edge: Any) -> None:
    async with edge.client() as client:
        answer = await client.post("/v1/notes", content=_body(LIMIT + 1), headers=KEY)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["limit"]) == ("/v1/problems/too-large", LIMIT)
    assert (problem["field"], problem["rule"]) == ("body", "upload_limit")
    assert await edge.count() == 0


async def test_one_byte_more_is_refused_by_counting_where_no_length_is_announced(edge: Any) -> None:
    headers = KEY | {"Content-Type": "application/json"}
    async with edge.client() as client:
        answer = await client.post(
            "/v1/notes", content=_in_pieces(_body(LIMIT + 1)), headers=headers
        )

    assert "content-length" not in answer.request.headers
    assert answer.status_code == 413
    assert answer.json()["type"] == "/v1/problems/too-large"
    assert await edge.count() == 0


async def test_an_absurd_announcement_is_refused_too(edge: Any) -> None:
    headers = KEY | {"Content-Length": "9" * 5000}
    async with edge.client() as client:
        answer = await client.post("/v1/notes", content=_in_pieces(b"{}"), headers=headers)

    assert answer.status_code == 413
