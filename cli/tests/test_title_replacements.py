"""Titles in the place of others: documents go as they are, successors are told by their ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def bills(tmp_path: Path) -> list[Path]:
    """Two documents whose figures must arrive digit for digit."""
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        file.write_text(f'{{"name": "{file.stem}", "weight": 12000.10}}')
    return files


def replaced(told: Any, *successors: str) -> Any:
    return told.accepted("succeeded") | {"titles": list(successors)}


@pytest.mark.parametrize(
    "act", [("amend", "amendments", "CORRECTION"), ("switch", "switches", "SWITCH")]
)
def test_one_title_takes_the_place_of_one(
    node: Any, tidan: Any, told: Any, bills: list[Path], act: tuple[str, str, str]
) -> None:
    command, path, reason = act
    where = f"/v1/titles/{told.title_id}/{path}"
    node.answer("POST", where, replaced(told, told.other_id), status=202)
    node.answer("GET", f"/v1/parcels?direction=out&record={told.other_id}&limit=1", told.page())

    ended = tidan("title", command, told.title_id, bills[0], "--expected-seq", "4")

    (asked,) = node.taken("POST", where)
    assert b'{"name": "one", "weight": 12000.10}' in asked.body
    assert {key: asked.json[key] for key in asked.json if key != "document"} == {
        "reason": reason,
        "expectedSeq": 4,
    }
    assert f"now {told.other_id}" in ended.out
    assert "no package was sent" in ended.out


def test_a_split_sends_every_document(node: Any, tidan: Any, told: Any, bills: list[Path]) -> None:
    where = f"/v1/titles/{told.title_id}/splits"
    third = "0x" + "99" * 32
    node.answer("POST", where, replaced(told, told.other_id, third), status=202)
    for each in (told.other_id, third):
        node.answer("GET", f"/v1/parcels?direction=out&record={each}&limit=1", told.page())

    ended = tidan("title", "split", told.title_id, *bills, "--json")

    (asked,) = node.taken("POST", where)
    assert [each["name"] for each in asked.json["documents"]] == ["one", "two"]
    assert asked.body.count(b"12000.10") == 2
    assert ended.answer["titles"] == [told.other_id, third]
    assert ended.answer["parcels"] == [None, None]


def test_titles_are_combined_by_their_ids(
    node: Any, tidan: Any, told: Any, bills: list[Path]
) -> None:
    third = "0x" + "99" * 32
    node.answer("POST", "/v1/title-combinations", replaced(told, third), status=202)
    node.answer("GET", f"/v1/parcels?direction=out&record={third}&limit=1", told.page())

    ended = tidan(
        *("title", "combine", told.title_id, told.other_id, "--into", bills[0]),
        *("--expected-seq", "2", "--expected-seq", "5"),
    )

    assert ended.code == 0
    (asked,) = node.taken("POST", "/v1/title-combinations")
    assert asked.json["titles"] == [told.title_id, told.other_id]
    assert asked.json["expectedSeqs"] == [2, 5]
    assert asked.json["reason"] == "COMBINATION"


def test_each_title_that_is_combined_has_its_seq_or_none_has(
    node: Any, tidan: Any, told: Any, bills: list[Path]
) -> None:
    ended = tidan(
        *("title", "combine", told.title_id, told.other_id, "--into", bills[0]),
        *("--expected-seq", "2"),
    )

    assert ended.code == 2
    assert node.asked == []


def test_a_batch_has_the_same_holders(node: Any, tidan: Any, told: Any, bills: list[Path]) -> None:
    issued = replaced(told, told.title_id, told.other_id)
    node.answer("POST", "/v1/title-batches", issued, status=202)

    ended = tidan("title", "issue-batch", *bills, "--titleholder", "LEI:X")

    (asked,) = node.taken("POST", "/v1/title-batches")
    assert [each["titleholder"] for each in asked.json["titles"]] == ["LEI:X", "LEI:X"]
    assert [each["document"]["name"] for each in asked.json["titles"]] == ["one", "two"]
    assert "issued 2 titles: " in ended.out


@pytest.mark.parametrize(
    ("field", "place"), [("titles.1.title", 1), ("expectedSeqs.1", 1), ("titles", 0)]
)
def test_the_title_that_is_in_the_way_is_told_as_it_was_typed(
    node: Any, tidan: Any, told: Any, bills: list[Path], *, field: str, place: int
) -> None:
    where = ("POST", "/v1/title-combinations", "no-surrender-pending", 409)
    node.refuse(*where, detail="the title is LIVE", field=field)
    titles = [told.title_id, told.other_id]

    ended = tidan("title", "combine", *titles, "--into", bills[0])

    assert ended.code == 1
    said = ended.err.replace("\n", "")
    assert f"tidan title show {titles[place]}" in said
    assert (f"{titles[1]}: the title is LIVE" in said) is (place == 1)


@pytest.mark.parametrize(
    ("command", "field"),
    [("split", "documents.1/carrierCode"), ("issue-batch", "titles.1/carrierCode")],
)
def test_the_document_that_is_wrong_is_told_by_its_file(
    node: Any, tidan: Any, told: Any, bills: list[Path], *, command: str, field: str
) -> None:
    where, title = "/v1/title-batches", []
    if command == "split":
        where, title = f"/v1/titles/{told.title_id}/splits", [told.title_id]
    node.refuse("POST", where, "code-not-ours", 403, detail="it is another's", field=field)

    ended = tidan("title", command, *title, *bills)

    assert ended.code == 1
    assert f"{bills[1]}: it is another's" in ended.err.replace("\n", "")
