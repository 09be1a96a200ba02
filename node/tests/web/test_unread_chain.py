"""A refusal that may be for want of reading says why the chain is not read."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_node.domain.parties import NotEnrolled
from tidan_node.problems import Problem
from tidan_node.records.problems import NothingIndexed
from tidan_node.web.health import Check, NotReady


async def _well() -> str:
    return "chain 1337"


async def _silent() -> str:
    raise NotReady("the chain does not answer")


async def refused(edge: Any, problem: Problem) -> Any:  # Any: JSON
    @edge.app.get("/refused")
    async def refuse() -> None:
        raise problem

    async with edge.client() as client:
        answer = await client.get("/refused")
    assert answer.status_code == problem.status
    return answer.json()


@pytest.mark.parametrize("kind", [NotEnrolled, NothingIndexed])
async def test_where_the_chain_does_not_answer_that_is_the_cause(
    edge: Any, kind: type[Problem]
) -> None:
    edge.checks.append(Check("chain", _silent))

    problem = await refused(edge, kind("nobody has this account", field="caller"))

    assert (problem["type"], problem["field"]) == (f"/v1/problems/{kind.slug}", "caller")
    assert "nobody has this account" in problem["detail"]
    assert "the chain does not answer" in problem["detail"]
    assert "`chain_url`" in problem["detail"]


async def test_where_the_chain_is_well_nothing_is_said_of_it(edge: Any) -> None:
    edge.checks.append(Check("chain", _well))

    problem = await refused(edge, NotEnrolled("nobody has this account"))

    assert problem["detail"] == "nobody has this account"
