"""`tidan party show|list` against a node that answers as it is told."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def party(told: Any) -> dict[str, Any]:  # Any: JSON
    return {
        "index": 2,
        "name": "Jade Kiln Demo Exports",
        "status": "SUSPENDED",
        "statusReason": "fee unpaid",
        "roles": ["TRADER"],
        "accounts": [
            {"account": "0x" + "1a" * 20, "active": True},
            {"account": "0x" + "2b" * 20, "active": False},
        ],
        "numberingKeys": [{"code": "LEI:TIDANDEMOSHIPPER0198", "key": "0x02"}],
        "identifiers": [{"scheme": "LEI", "value": "TIDANDEMOSHIPPER0198"}],
        "codes": ["LEI:TIDANDEMOSHIPPER0198"],
        "nodeUrl": "http://127.0.0.1:8751",
        "profileHash": None,
        "profileError": None,
        "rulebook": "tidan-rulebook-1",
        "governingLaw": "England and Wales",
        "enrolledAt": "2026-10-06T09:00:00Z",
        "changedAt": "2026-10-06T09:00:00Z",
        "fault": None,
        "asOf": told.as_of,
    }


def test_a_party_is_found_by_whatever_names_it(
    node: Any, tidan: Any, party: dict[str, Any]
) -> None:
    node.answer("GET", "/v1/parties/LEI%3ATIDANDEMOSHIPPER0198", party)
    node.answer("GET", "/v1/parties/A%2FS%20Line", party)

    ended = tidan("party", "show", "LEI:TIDANDEMOSHIPPER0198")

    assert ended.code == 0
    assert "SUSPENDED (fee unpaid)" in ended.out
    assert "0x" + "2b" * 20 + " (removed)" in ended.out
    assert tidan("party", "show", "A/S Line", "--json").answer == party


def test_who_succeeds_a_revoked_party_is_told_by_name_and_number(
    node: Any, tidan: Any, told: Any, party: dict[str, Any]
) -> None:
    node.answer("GET", "/v1/parties/7", party | {"status": "REVOKED", "successor": 3})
    node.answer("GET", "/v1/parties/3", party | {"index": 3, "name": "Elbe Demo Line"})

    assert "Elbe Demo Line (3)" in tidan("party", "show", "7").out
    assert tidan("party", "show", "7", "--json").answer["successor"] == 3


def test_a_list_names_roles_and_identifiers(
    node: Any, tidan: Any, told: Any, party: dict[str, Any]
) -> None:
    node.answer("GET", "/v1/parties?limit=50", told.page(party))

    ended = tidan("party", "list")

    assert "TRADER" in ended.out
    assert "LEI:TIDANDEMOSHIPPER0198" in ended.out
    assert tidan("party", "list", "--json").answer["items"] == [party]


def test_what_is_no_card_is_refused(tidan: Any, tmp_path: Any) -> None:
    (tmp_path / "card.json").write_text("{}")

    ended = tidan("party", "enrol", tmp_path / "card.json", "--chain-home", tmp_path, "--json")

    assert ended.code == 2
    assert ended.problem["type"] == "/v1/problems/card-unusable"
