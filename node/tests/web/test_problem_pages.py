"""Each `type` of problem has a page."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_node.domain import gateway_problems, title_problems
from tidan_node.problems import Problem, every_problem
from tidan_node.web.problem_pages import ProblemKind

OF_TITLES = (title_problems.__name__, gateway_problems.__name__)


async def test_every_listed_problem_has_its_page(edge: Any) -> None:
    async with edge.client(None) as client:
        listed = (await client.get("/v1/problems")).json()["items"]
        pages = [(await client.get(kind["type"])).json() for kind in listed]

    assert len(listed) > 20
    assert pages == listed


async def test_a_browser_gets_words(edge: Any) -> None:
    async with edge.client(None) as client:
        answer = await client.get(
            "/v1/problems/scope-missing", headers={"Accept": "text/html,application/xhtml+xml"}
        )

    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>The key or session does not cover this</h1>" in answer.text


async def test_a_problem_that_does_not_exist_has_no_page(edge: Any) -> None:
    async with edge.client(None) as client:
        answer = await client.get("/v1/problems/<script>")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/v1/problems/not-found"


@pytest.mark.parametrize(
    "kind",
    [each for each in every_problem() if each.__module__ in OF_TITLES],
    ids=lambda kind: kind.slug,
)
def test_what_is_refused_of_a_title_is_explained_beyond_its_name(kind: type[Problem]) -> None:
    page = ProblemKind.of(kind)

    assert page.explanation != page.title
    assert len(page.explanation) > 30
