"""Every failure is problem+json, also those that no endpoint of ours raised."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_node.people.problems import NotAuthenticated
from tidan_node.problems import InvalidInput, NotFound
from tidan_node.web.errors import PROBLEM_JSON, described, merged
from tidan_node.web.refusals import CursorInvalid


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/docs", 404, "not-found"),
        ("GET", "/v1/notes/", 404, "not-found"),
        ("DELETE", "/v1/notes", 405, "method-not-allowed"),
    ],
)
async def test_the_routers_own_refusals_are_problems(
    edge: Any, method: str, path: str, status: int, slug: str
) -> None:
    async with edge.client() as client:
        answer = await client.request(method, path)

    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert answer.json()["type"] == f"/v1/problems/{slug}"


def test_problems_of_one_status_are_described_together() -> None:
    responses = merged(described(NotAuthenticated, InvalidInput), described(CursorInvalid))

    assert set(responses) == {401, 422}
    schema = responses[422]["content"][PROBLEM_JSON]["schema"]
    assert schema["properties"]["type"]["enum"] == [
        "/v1/problems/invalid-input",
        "/v1/problems/cursor-invalid",
    ]


def test_describing_a_problem_twice_changes_nothing() -> None:
    assert merged(described(NotFound), described(NotFound)) == described(NotFound)
