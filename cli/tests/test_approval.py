"""`tidan approval …` against a node that answers as it is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from tidan_cli import approval_reset
from tidan_node.approvals.tables import approval_rules
from tidan_node.people.users import utc_now
from tidan_node.storage.database import Database
from tidan_node.storage.metadata import metadata
from tidan_node.trail.tables import trail_entries

APPROVAL = "0199c5c2-8a41-7c3e-9d50-000000000001"
OTHER = "0199c5c2-8a41-7c3e-9d50-000000000002"


def approval(id_: str = APPROVAL, **members: object) -> dict[str, Any]:
    return {
        "id": id_,
        "act": "title.offer",
        "target": "0x3f2a91c0" + "ab" * 28,
        "status": "open",
        "maker": {"key": "0123", "user": "4567", "name": "a maker", "agent": True},
        "approvers": {"needed": 2, "given": 1, "able": 3},
        "createdAt": "2026-11-22T09:00:00Z",
        "expiresAt": "2026-11-29T09:00:00Z",
        "endedAt": None,
        "answer": None,
        "problem": None,
    } | members


def details(**members: object) -> dict[str, Any]:
    intended = {
        "kind": "title.offer",
        "target": "0x3f",
        "details": {"recipient": 3, "what": 3, "deadline": 1797341164, "expectedSeq": 1},
        "parties": {"3": "Jade Kiln Demo Exports"},
    }
    shown = {
        "fingerprint": "00",
        "path": "/v1/titles/0x3f/offers",
        "request": {},
        "intended": intended,
        "withheld": [],
        "approvals": [{"user": "89", "name": "a checker", "at": "2026-11-22T09:00:00Z"}],
        "endedBy": None,
        "reason": None,
    }
    return approval() | shown | members


def test_the_list_says_how_far_each_is(node: Any, tidan: Any) -> None:
    page = {"items": [approval(), approval(OTHER, status="done")], "nextCursor": None}
    node.answer("GET", "/v1/approvals?limit=50&status=open", page)

    ended = tidan("approval", "list", "--status", "open")

    assert "open 1/2" in ended.out
    assert "a maker" in ended.out


def test_one_is_shown_in_fields_with_names(node: Any, tidan: Any) -> None:
    node.answer("GET", f"/v1/approvals/{APPROVAL}", details())

    ended = tidan("approval", "show", APPROVAL)

    assert "3 (Jade Kiln Demo Exports)" in ended.out
    assert "possession and title" in ended.out
    assert "2026-12-15T13:26:04Z" in ended.out
    assert "1797341164" not in ended.out
    assert "a maker (an agent)" in ended.out
    assert "1 of 2" in ended.out
    assert "waits for 1 more approver" in ended.out


@pytest.mark.parametrize(
    ("kind", "told", "words"),
    [
        ("title.offer", {"what": 7}, "possession and title (final)"),
        ("title.offer", {"what": 1, "expectedSeq": 3}, "expectedSeq 3\n"),
        ("title.endorse", {"kind": 3}, "BLANK"),
        ("title.surrender_for_amendment", {"reason": 2}, "CHANGE_OF_DESTINATION"),
        ("title.reject_surrender", {"reason": 1}, "FREIGHT_UNPAID"),
        ("title.relay", {"act": "rejectSurrender", "reason": 1}, "FREIGHT_UNPAID"),
        ("title.relay", {"act": "amend", "reason": 1}, "CORRECTION"),
        ("title.relay", {"act": "amend", "reason": 99}, "reason 99\n"),
        (
            "title.amend",
            {"successor": {"possessor": 3, "kind": 1}},
            "possessor 3 (Jade Kiln Demo Exports), kind ORDER",
        ),
        (
            "title.issue_batch",
            {"issuances": [{"possessor": 3}, {"titleholder": 3}]},
            "1: possessor 3 (Jade Kiln Demo Exports); 2: titleholder 3 (Jade Kiln Demo Exports)",
        ),
    ],
)
def test_whoever_decides_reads_names_and_not_numbers(
    node: Any, tidan: Any, kind: str, told: dict[str, object], words: str
) -> None:
    parties = {"3": "Jade Kiln Demo Exports"}
    intended = {"kind": kind, "target": "0x3f", "details": told, "parties": parties}
    node.answer("GET", f"/v1/approvals/{APPROVAL}", details(intended=intended))

    ended = tidan("approval", "show", APPROVAL)

    said = "\n".join(" ".join(line.split()) for line in ended.out.splitlines()) + "\n"
    assert words in said or words in said.replace("\n", " ")


def test_what_a_key_may_not_see_is_said(node: Any, tidan: Any) -> None:
    hidden = details(request=None, intended=None, withheld=["documents:read"])
    node.answer("GET", f"/v1/approvals/{APPROVAL}", hidden)

    ended = tidan("approval", "show", APPROVAL)

    assert "not shown to this key: documents:read" in ended.out


@pytest.mark.parametrize(
    ("command", "path", "body"),
    [
        (("approve", APPROVAL), "approval", {}),
        (("refuse", APPROVAL, "--reason", "wrong buyer"), "refusal", {"reason": "wrong buyer"}),
        (("withdraw", APPROVAL), "withdrawal", {}),
    ],
)
def test_a_decision_is_told_under_the_key_that_was_given(
    node: Any, tidan: Any, command: tuple[str, ...], path: str, body: object
) -> None:
    where = f"/v1/approvals/{APPROVAL}/{path}"
    node.answer("POST", where, details())

    ended = tidan("approval", *command, "--idempotency-key", "once")

    (asked,) = node.taken("POST", where)
    assert (asked.json, asked.headers["Idempotency-Key"]) == (body, "once")
    assert "is open" in ended.out
    assert "waits for 1 more approver" in ended.out


def test_the_last_approval_names_the_operation(node: Any, tidan: Any, told: Any) -> None:
    done = details(status="done", answer=told.accepted())
    node.answer("POST", f"/v1/approvals/{APPROVAL}/approval", done)

    ended = tidan("approval", "approve", APPROVAL)

    assert "is done" in ended.out
    assert f"tidan operation show {told.operation_id}" in ended.out


def test_an_approval_that_could_not_be_carried_out_is_a_refusal(node: Any, tidan: Any) -> None:
    problem = {"type": "/v1/problems/stale-seq", "title": "moved on", "status": 409}
    where = f"/v1/approvals/{APPROVAL}/approval"
    node.answer("POST", where, details(status="failed", problem=problem))

    ended = tidan("approval", "approve", APPROVAL, "--json")

    assert (ended.code, ended.problem) == (1, problem)


def test_one_that_waits_is_found_by_how_its_id_begins(node: Any, tidan: Any) -> None:
    page = {"items": [approval()], "nextCursor": None}
    node.answer("GET", "/v1/approvals?limit=200&status=open", page)
    node.answer("GET", f"/v1/approvals/{APPROVAL}", details())

    ended = tidan("approval", "show", APPROVAL[:8], "--json")

    assert ended.answer["id"] == APPROVAL


def test_a_beginning_that_several_have_is_refused(node: Any, tidan: Any) -> None:
    page = {"items": [approval(), approval(OTHER)], "nextCursor": None}
    node.answer("GET", "/v1/approvals?limit=200&status=open", page)

    ended = tidan("approval", "approve", APPROVAL[:8], "--json")

    assert ended.problem["type"] == "/v1/problems/identifier-ambiguous"
    assert [each.method for each in node.asked] == ["GET"]


def test_the_rules_say_when_nobody_could_satisfy_them(node: Any, tidan: Any) -> None:
    items = [{"act": "title.offer", "approvers": 2}, {"act": "title.issue", "approvers": 0}]
    node.answer("GET", "/v1/approval-rules", {"items": items, "able": 1})

    ended = tidan("approval", "rules")

    assert "1 person can approve" in ended.out
    assert "tidan approval reset" in ended.out


def test_a_rule_says_what_it_was_before(node: Any, tidan: Any) -> None:
    rule = {"act": "title.offer", "approvers": 2, "before": 0}
    node.answer("POST", "/v1/approval-rules", rule)

    ended = tidan("approval", "require", "title.offer", "2")

    assert node.asked[0].json == {"act": "title.offer", "approvers": 2}
    assert "title.offer needs 2 people (before: nobody else)" in ended.out


def test_whoever_approves_last_is_shown_the_credential(node: Any, tidan: Any) -> None:
    answer = {"id": "urn:uuid:1", "credential": "eyJh.eyJi.c2ln"}
    done = details(act="credential.issue", status="done", answer=answer)
    node.answer("POST", f"/v1/approvals/{APPROVAL}/approval", done)

    ended = tidan("approval", "approve", APPROVAL)

    assert "eyJh.eyJi.c2ln" in ended.out
    assert "not shown again" in ended.out


class TestReset:
    def test_it_drops_the_rules_where_the_node_is_and_notes_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = f"sqlite+aiosqlite:///{tmp_path}/node.db"
        settings = type("Settings", (), {"home": tmp_path, "database_url": url})
        monkeypatch.setattr(approval_reset, "settings_of", lambda home: settings)
        asyncio.run(_with_a_rule(url))

        answer = approval_reset.reset_rules(tmp_path)

        assert answer == {"dropped": {"title.offer": 2}}
        assert asyncio.run(_left(url)) == ([0], ["approval-rule.dropped"])


async def _with_a_rule(url: str) -> None:
    database = Database(url)
    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
        rule = {"act": "title.offer", "approvers": 2, "set_by": "0123", "set_at": utc_now()}
        await connection.execute(insert(approval_rules).values(**rule))
    await database.close()


async def _left(url: str) -> tuple[list[int], list[str]]:
    database = Database(url)
    async with database.reading() as connection:
        rules = await connection.scalars(select(approval_rules.c.approvers))
        acts = await connection.scalars(select(trail_entries.c.act))
        left = list(rules), list(acts)
    await database.close()
    return left
