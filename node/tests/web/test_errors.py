"""Every failure is problem+json, also those that no endpoint of ours raised."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import AwareDatetime, Field, ValidationError, field_validator

from tidan_node.people.problems import NotAuthenticated
from tidan_node.problems import InvalidInput, NotFound
from tidan_node.web.errors import PROBLEM_JSON, described, invalid_input, merged
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.shapes import Shape


class Wish(Shape):
    """A body with a member of each kind."""

    parts: list[int] = Field(default=[1, 2], min_length=2, max_length=3)
    kind: Literal["ORDER", "BLANK"] = "ORDER"
    seq: int = Field(default=1, ge=1)
    until: AwareDatetime | None = None
    name: str = ""

    @field_validator("name")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name == "twice":
            raise ValueError("it's named twice")
        return name


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


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("parts", [1], "must have a length of at least 2, not 1"),
        ("parts", [1, 2, 3, 4], "must have a length of at most 3"),
        ("parts", 1, "must be a list"),
        ("kind", "STRAIGHT", "must be one of ORDER or BLANK"),
        ("seq", 0, "must be 1 or more"),
        ("seq", "one", "must be a whole number"),
        ("until", "2026-05-31T12:00:00", "must have its zone, as 2026-05-31T12:00:00Z"),
        ("until", "soon", "must be a moment, as 2026-05-31T12:00:00Z"),
        ("name", "twice", "it's named twice"),
        ("name", None, "must be text"),
        ("recipient", "3", "is no member that is known here"),
    ],
)
def test_a_rule_of_form_is_told_in_words_and_not_in_a_librarys(
    member: str, value: object, words: str
) -> None:
    with pytest.raises(ValidationError) as broken:
        Wish.model_validate({member: value})

    (error,) = broken.value.errors()
    problem = invalid_input([{**error, "loc": ("body", member)}])

    assert problem.detail == f"/{member}: {words}"
