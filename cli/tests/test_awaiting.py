"""How a command waits for others of the party, and what it says of each way it can end."""

from __future__ import annotations

from typing import Any

import pytest

APPROVAL = "0199c5c2-8a41-7c3e-9d50-000000000001"
WHERE = f"/v1/approvals/{APPROVAL}"


def approval(status: str = "open", **members: object) -> dict[str, Any]:
    return {
        "id": APPROVAL,
        "act": "title.surrender",
        "target": "0x3f",
        "status": status,
        "maker": {"key": "0123", "user": None, "name": "a maker", "agent": False},
        "approvers": {"needed": 2, "given": 0, "able": 2},
        "createdAt": "2026-11-22T09:00:00Z",
        "expiresAt": "2026-11-29T09:00:00Z",
        "endedAt": None,
        "answer": None,
        "problem": None,
        "reason": None,
    } | members


@pytest.fixture
def surrender(node: Any, told: Any) -> tuple[str, ...]:
    """A command whose act the node keeps until it is approved."""
    where = f"/v1/titles/{told.title_id}/surrenders"
    node.answer("POST", where, {"approval": approval()}, status=202)
    return ("title", "surrender", told.title_id)


def test_without_waiting_that_it_is_kept_is_the_answer(tidan: Any, surrender: Any) -> None:
    program = tidan(*surrender, "--no-wait", "--json")
    human = tidan(*surrender, "--no-wait")

    assert program.code == human.code == 0
    assert program.answer["approval"]["id"] == APPROVAL
    assert "waits for 2 more approvers" in human.out
    assert f"tidan approval show {APPROVAL}" in human.out


def test_when_the_time_is_up_it_is_still_waiting(node: Any, tidan: Any, surrender: Any) -> None:
    node.answer("GET", WHERE, approval())

    ended = tidan(*surrender, "--timeout", "0.1", "--json")

    assert ended.code == 8
    assert ended.answer["approval"]["status"] == "open"
    assert ended.problem["type"] == "/v1/problems/awaits-approval"
    assert ended.problem["approval"] == APPROVAL


def test_once_approved_the_operation_is_followed_to_its_end(
    node: Any, tidan: Any, told: Any, surrender: Any
) -> None:
    node.answer("GET", WHERE, approval(), approval("done", answer=told.accepted()))
    node.answer("GET", f"/v1/operations/{told.operation_id}", told.operation())

    program = tidan(*surrender, "--json")
    node.answer("GET", WHERE, approval("done", answer=told.accepted()))
    human = tidan(*surrender)

    assert program.code == human.code == 0
    assert program.answer["operation"]["status"] == "succeeded"
    assert f"waits for 2 more approvers: tidan approval show {APPROVAL}" in human.err
    assert "surrendered" in human.out


@pytest.mark.parametrize("status", ["refused", "withdrawn", "expired"])
def test_what_was_not_approved_is_not_done(
    node: Any, tidan: Any, surrender: Any, status: str
) -> None:
    node.answer("GET", WHERE, approval(status, reason="wrong carrier"))

    ended = tidan(*surrender, "--json")

    assert ended.code == 1
    assert ended.problem["type"] == "/v1/problems/approval-not-given"
    assert f"is {status}: wrong carrier" in ended.problem["detail"]
    assert ended.out == ""


def test_what_no_longer_fitted_is_the_nodes_own_refusal(
    node: Any, tidan: Any, surrender: Any
) -> None:
    problem = {"type": "/v1/problems/stale-seq", "title": "moved on", "status": 409}
    node.answer("GET", WHERE, approval("failed", problem=problem))

    ended = tidan(*surrender, "--json")

    assert (ended.code, ended.problem) == (1, problem)


def test_it_says_when_too_few_people_could_approve(node: Any, tidan: Any, told: Any) -> None:
    where = f"/v1/titles/{told.title_id}/surrenders"
    short = approval(approvers={"needed": 2, "given": 0, "able": 1})
    node.answer("POST", where, {"approval": short}, status=202)

    ended = tidan("title", "surrender", told.title_id, "--no-wait")

    assert "only 1 can: `tidan user roles` makes a CHECKER" in ended.out


def test_a_command_that_follows_nothing_says_that_it_waits(node: Any, tidan: Any) -> None:
    node.answer("POST", "/v1/approval-rules", {"approval": approval()}, status=202)

    ended = tidan("approval", "require", "title.offer", "0", "--json")

    assert ended.code == 8
    assert ended.problem["approval"] == APPROVAL
