"""`tidan operation batch`: many acts from a file, and what is told of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

BATCH = "/v1/operations:batch"
FULL = {"type": "/v1/problems/queue-full", "title": "full", "status": 429, "retryAfter": 0}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "acts.jsonl"


def write(file: Path, count: int) -> None:
    lines = [json.dumps({"path": f"/v1/titles/{number}/offers"}) for number in range(count)]
    file.write_text("\n\n".join(lines) + "\n")


def items(*statuses: int) -> dict[str, Any]:
    answers = {202: {"operation": {"id": "0"}}, 404: {"detail": "there is no such title"}}
    return {"items": [{"status": each, "body": answers.get(each, FULL)} for each in statuses]}


def keys(node: Any) -> list[str]:
    return [asked.headers["Idempotency-Key"] for asked in node.taken("POST", BATCH)]


def test_acts_are_sent_by_the_hundred_under_keys_that_follow_from_one(
    node: Any, tidan: Any, file: Path
) -> None:
    write(file, 150)
    node.answer("POST", BATCH, items(*[202] * 100), items(*[202] * 50))

    ended = tidan("operation", "batch", str(file), "--idempotency-key", "may", "--json")

    assert ended.code == 0, ended.err
    first, second = node.taken("POST", BATCH)
    assert [len(each.json["requests"]) for each in (first, second)] == [100, 50]
    assert first.json["requests"][0] == {"path": "/v1/titles/0/offers", "body": {}}
    assert keys(node) == ["may-1", "may-2"]
    assert len(ended.answer["items"]) == 150
    assert ended.answer["items"][1] == {
        "line": 3,
        "path": "/v1/titles/1/offers",
        "status": 202,
        "body": {"operation": {"id": "0"}},
    }


def test_one_that_is_refused_is_named_and_the_command_fails(
    node: Any, tidan: Any, file: Path
) -> None:
    write(file, 3)
    node.answer("POST", BATCH, items(202, 404, 202))

    human = tidan("operation", "batch", str(file))
    program = tidan("operation", "batch", str(file), "--json")

    assert human.code == program.code == 1
    assert "2 acts taken" in human.out
    assert "there is no such title" in human.out
    assert program.problem["type"] == "/v1/problems/some-refused"
    assert program.problem["idempotencyKey"] == program.answer["idempotencyKey"]
    assert [each["status"] for each in program.answer["items"]] == [202, 404, 202]


def test_a_full_queue_is_waited_for_under_the_same_key(node: Any, tidan: Any, file: Path) -> None:
    write(file, 2)
    node.answers["POST", BATCH] = [(429, FULL), (429, FULL), (200, items(202, 202))]

    ended = tidan("operation", "batch", str(file), "--idempotency-key", "may", "--json")

    assert ended.code == 0, ended.err
    assert keys(node) == ["may-1"] * 3


def test_what_had_no_room_in_a_batch_goes_again_alone(node: Any, tidan: Any, file: Path) -> None:
    write(file, 3)
    node.answer("POST", BATCH, items(202, 429, 429), items(202, 202))

    ended = tidan("operation", "batch", str(file), "--idempotency-key", "may", "--json")

    assert ended.code == 0, ended.err
    assert keys(node) == ["may-1", "may-1-1"]
    _, again = node.taken("POST", BATCH)
    assert [each["path"] for each in again.json["requests"]] == [
        "/v1/titles/1/offers",
        "/v1/titles/2/offers",
    ]
    assert [each["status"] for each in ended.answer["items"]] == [202, 202, 202]


def test_a_queue_that_stays_full_is_told_of_each(node: Any, tidan: Any, file: Path) -> None:
    write(file, 2)
    full = FULL | {"retryAfter": 3600}
    node.answers["POST", BATCH] = [(429, full)]

    ended = tidan("operation", "batch", str(file), "--timeout", "1", "--json")

    assert ended.code == 1
    assert [each["status"] for each in ended.answer["items"]] == [429, 429]


def test_a_node_that_goes_away_is_told_with_the_key_of_the_whole(
    node: Any, tidan: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, 2)
    monkeypatch.setenv("TIDAN_NODE_URL", "http://127.0.0.1:1")

    ended = tidan("operation", "batch", str(file), "--idempotency-key", "may", "--json")

    assert ended.code == 3
    assert ended.problem["idempotencyKey"] == "may"
    assert "0 of 2 acts" in ended.problem["detail"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no act"),
        ("\n\n", "no act"),
        ("{}", "line 1"),
        ('{"path": "/v1/titles"}\n[]', "line 2"),
        ('{"path": 1}', "line 1"),
        ('{"path": "/v1/titles", "body": []}', "line 1"),
        ('{"path": "/v1/titles", "bodies": {}}', "line 1"),
        ('{"path": ', "line 1"),
    ],
)
def test_a_file_with_anything_else_in_it_is_refused_before_anything_is_sent(
    node: Any, tidan: Any, file: Path, text: str, told: str
) -> None:
    file.write_text(text)

    ended = tidan("operation", "batch", str(file), "--json")

    assert ended.code == 2
    assert told in ended.problem["detail"]
    assert node.taken("POST", BATCH) == []
