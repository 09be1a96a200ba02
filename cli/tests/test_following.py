"""How a command waits for an operation, and what it says of each end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Surrender:
    """One command that changes something, and what it asks the node."""

    command: tuple[str, ...]
    where: str
    operation: str


@pytest.fixture
def surrender(told: Any) -> Surrender:
    return Surrender(
        command=("title", "surrender", told.title_id),
        where=f"/v1/titles/{told.title_id}/surrenders",
        operation=f"/v1/operations/{told.operation_id}",
    )


class TestFollowing:
    def test_without_waiting_the_acceptance_is_the_answer(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        node.answer("POST", surrender.where, told.accepted(), status=202)

        program = tidan(*surrender.command, "--no-wait", "--json")
        human = tidan(*surrender.command, "--no-wait")

        assert program.code == human.code == 0
        assert program.answer["operation"]["status"] == "initialized"
        assert f"tidan operation show {told.operation_id}" in human.out

    def test_an_operation_that_fails_on_the_chain_is_a_refusal(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        problem = {
            "type": "/v1/problems/stale-seq",
            "title": "The record has moved on since you looked at it",
            "status": 409,
            "detail": "the title is at seq 5",
            "field": "expectedSeq",
        }
        node.answer("POST", surrender.where, told.accepted(), status=202)
        node.answer("GET", surrender.operation, told.operation("failed", problem=problem))

        ended = tidan(*surrender.command, "--json")

        assert ended.code == 1
        assert ended.problem == problem
        assert ended.out == ""

    def test_an_operation_whose_deadline_passed_is_reported_undone(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        node.answer("POST", surrender.where, told.accepted(), status=202)
        node.answer(
            "GET", surrender.operation, told.operation("undone", deadline="2026-10-06T09:00:00Z")
        )

        ended = tidan(*surrender.command, "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/operation-undone"

    def test_what_was_undone_is_told_with_how_to_do_it_after_all(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        node.answer("POST", surrender.where, told.accepted(), status=202)
        undone = told.operation("undone", deadline="2026-10-06T09:00:00Z")
        node.answer("GET", surrender.operation, undone)

        assert "next: nothing was done: run the command again" in tidan(*surrender.command).err

    def test_when_the_time_is_up_the_answer_is_the_pending_operation(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        node.answer("POST", surrender.where, told.accepted(), status=202)
        node.answer("GET", surrender.operation, told.operation("pending"))

        ended = tidan(*surrender.command, "--timeout", "0.05", "--json")

        assert ended.code == 4
        assert ended.answer["operation"]["status"] == "pending"
        assert ended.problem["operation"] == told.operation_id
        assert "chain_url" not in ended.problem["detail"]

    def test_when_the_time_is_up_a_chain_that_does_not_answer_is_named(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        node.answer("POST", surrender.where, told.accepted(), status=202)
        node.answer("GET", surrender.operation, told.operation("pending"))
        checks = [{"name": "chain", "ok": False, "detail": "the chain does not answer"}]
        node.answer("GET", "/health/ready", {"ready": False, "checks": checks}, status=503)

        ended = tidan(*surrender.command, "--timeout", "0.05", "--json")

        assert ended.code == 4
        assert "the chain does not answer: `chain_url`" in ended.problem["detail"]

    def test_the_key_that_was_given_is_the_one_that_is_sent(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        node.answer("POST", surrender.where, told.accepted("succeeded"), status=202)

        tidan(*surrender.command, "--idempotency-key", "invoice-run-7")
        tidan(*surrender.command)
        tidan(*surrender.command)

        keys = [asked.headers["Idempotency-Key"] for asked in node.taken("POST", surrender.where)]
        assert keys[0] == "invoice-run-7"
        assert len(set(keys)) == 3


class TestUnseen:
    """The node does what it was asked for, and the key does not cover the look at it."""

    def test_an_act_that_may_not_be_watched_is_asked_for_all_the_same(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        node.answer("POST", surrender.where, told.accepted(), status=202)
        lacking = "the session lacks the scope operations:read"
        node.refuse("GET", surrender.operation, "scope-missing", 403, detail=lacking)

        human = tidan(*surrender.command)
        program = tidan(*surrender.command, "--json")

        assert human.code == program.code == 0
        assert told.operation_id in human.out
        assert "tidan operation show" not in human.out + human.err
        said = " ".join(human.err.split())
        assert f"operation {told.operation_id} goes on at the node" in said
        assert lacking in said
        assert program.answer["operation"]["status"] == "initialized"

    def test_a_session_that_ends_meanwhile_takes_nothing_back(
        self, node: Any, tidan: Any, told: Any, surrender: Surrender
    ) -> None:
        node.answer("POST", surrender.where, told.accepted(), status=202)
        node.refuse("GET", surrender.operation, "not-authenticated", 401, detail="show a key")

        ended = tidan(*surrender.command)

        assert ended.code == 0
        assert "goes on at the node" in " ".join(ended.err.split())

    def test_an_approval_that_may_not_be_watched_is_still_waiting(
        self, node: Any, tidan: Any, surrender: Surrender
    ) -> None:
        approvers = {"needed": 1, "given": 0, "able": 1}
        kept = {"id": "77", "act": "title.surrender", "status": "open", "approvers": approvers}
        node.answer("POST", surrender.where, {"approval": kept}, status=202)
        node.refuse("GET", "/v1/approvals/77", "scope-missing", 403, detail="lacking")

        ended = tidan(*surrender.command, "--json")

        assert ended.code == 8
        assert ended.problem["approval"] == "77"

    def test_what_an_act_came_to_is_left_out_where_it_may_not_be_seen(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        where = "/v1/council/proposals"
        node.answer("POST", where, told.accepted("succeeded"), status=202)
        asked = f"{where}?operation={told.operation_id}"
        node.refuse("GET", asked, "scope-missing", 403, detail="the key lacks records:read")

        ended = tidan("party", "suspend", "7", "--reason", "review")

        assert ended.code == 0
        assert "cannot be looked up: the key lacks records:read" in ended.out

    def test_an_invoice_whose_registration_may_not_be_watched_is_not_linked_yet(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "invoice.xml").write_text("<Invoice/>")
        invoice = "0x77c1d0e2" + "ab" * 28
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title())
        node.answer("POST", "/v1/invoices", told.accepted(invoice=invoice), status=202)
        seen = f"/v1/operations/{told.operation_id}"
        node.refuse("GET", seen, "scope-missing", 403, detail="lacking")

        ended = tidan(
            *("invoice", "register", tmp_path / "invoice.xml", "--buyer", "3"),
            *("--title", told.title_id),
        )

        assert ended.code == 4
        assert f"tidan invoice link {invoice}" in " ".join(ended.err.split())
        assert [asked.path for asked in node.asked if asked.method == "POST"] == ["/v1/invoices"]


class TestFollow:
    def test_each_state_is_told_until_it_has_ended(self, node: Any, tidan: Any, told: Any) -> None:
        path = f"/v1/operations/{told.operation_id}/events"
        states = (("", told.operation("pending")), ("", told.operation("succeeded")))
        node.answer("GET", path, told.streamed(*states))

        human = tidan("operation", "follow", told.operation_id)
        program = tidan("operation", "follow", told.operation_id, "--json")

        assert human.code == program.code == 0
        assert "pending" in human.err
        assert told.transaction in human.out
        assert program.answer == told.operation("succeeded")

    def test_one_that_failed_is_a_refusal(self, node: Any, tidan: Any, told: Any) -> None:
        path = f"/v1/operations/{told.operation_id}/events"
        problem = {"type": "/v1/problems/stale-seq", "title": "moved on", "status": 409}
        failed = told.operation("failed", problem=problem)
        node.answer("GET", path, told.streamed(("", failed)))

        ended = tidan("operation", "follow", told.operation_id, "--json")

        assert (ended.code, ended.problem) == (1, problem)

    def test_when_the_time_is_up_it_is_still_pending(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        path = f"/v1/operations/{told.operation_id}/events"
        node.answer("GET", path, told.streamed(("", told.operation("pending"))))

        ended = tidan("operation", "follow", told.operation_id, "--timeout", "0.3", "--json")

        assert ended.code == 4
        assert ended.answer["status"] == "pending"
