"""Health and figures."""

from __future__ import annotations

from typing import Any

from tidan_node.problems import NotFound
from tidan_node.web.health import Check


async def _well() -> str:
    return "lag 0"


async def _missing() -> str:
    raise NotFound("migration 0002 is pending")


async def _broken() -> str:
    raise RuntimeError("password=hunter2")


async def test_a_process_that_answers_is_alive_whatever_else_is_wrong(edge: Any) -> None:
    edge.checks.append(Check("chain", _broken))
    async with edge.client(None) as client:
        answer = await client.get("/health/live")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_node_whose_checks_are_well_is_ready(edge: Any) -> None:
    edge.checks += [Check("sql", _well), Check("chain", _well)]
    async with edge.client(None) as client:
        answer = await client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert [check["name"] for check in answer.json()["checks"]] == ["sql", "chain"]


async def test_what_does_not_work_is_named(edge: Any) -> None:
    edge.checks += [Check("sql", _well), Check("migrations", _missing), Check("chain", _broken)]
    async with edge.client(None) as client:
        answer = await client.get("/health/ready")

    assert answer.status_code == 503
    found = {check["name"]: (check["ok"], check["detail"]) for check in answer.json()["checks"]}
    assert found == {
        "sql": (True, "lag 0"),
        "migrations": (False, "migration 0002 is pending"),
        "chain": (False, "RuntimeError"),
    }


async def test_figures_are_for_those_who_run_the_node(edge: Any) -> None:
    async with edge.client("reader") as reader, edge.client() as admin:
        refused = await reader.get("/metrics")
        await admin.get("/v1/notes?cursor=secret")
        figures = (await admin.get("/metrics")).text

    assert refused.status_code == 403
    assert 'tidan_requests_total{method="GET",route="/v1/notes",status="200"} 1.0' in figures
    assert 'tidan_operations{status="pending"} 3.0' in figures
    assert "tidan_view_block 41.0" in figures
    assert "tidan_view_lag_blocks 2.0" in figures
    assert "tidan_surrenders_unanswered 1.0" in figures
    assert "secret" not in figures
