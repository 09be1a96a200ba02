"""A title as security: what is asked of the node, and how it is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

BANK = {"index": 4, "name": "Quay Demo Bank"}
PLEDGEE = f"0x{4:064x}"


def pledges(told: Any, act: str = "") -> str:
    return f"/v1/titles/{told.title_id}/pledges{act}"


class TestPledge:
    def test_it_is_proposed_to_a_bank_until_a_time(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", pledges(told), told.accepted("succeeded"), status=202)
        until = datetime(2026, 12, 1, tzinfo=UTC)
        proposal = {
            "pledgee": PLEDGEE,
            "bank": BANK,
            "deadline": "2026-12-01T00:00:00Z",
            "expired": False,
        }
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(proposal=proposal))

        ended = tidan(
            *("title", "pledge", told.title_id, "--to", "Quay Demo Bank"),
            *("--until", until.isoformat(), "--expected-seq", "3"),
        )

        assert node.taken("POST", pledges(told))[0].json == {
            "pledgee": "Quay Demo Bank",
            "deadline": "2026-12-01T00:00:00Z",
            "expectedSeq": 3,
        }
        assert "proposed as security: Quay Demo Bank (4) until 2026-12-01" in ended.out

    def test_a_proposal_that_was_answered_at_once_is_told_as_that(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", pledges(told), told.accepted("succeeded"), status=202)
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(proposal=None))

        ended = tidan("title", "pledge", told.title_id, "--to", "4")

        assert "the proposal has been answered already" in ended.out


class TestEnforcePledge:
    def test_it_offers_the_title_in_its_possessors_place(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        where = pledges(told, "/enforce")
        node.answer("POST", where, told.accepted("succeeded"), status=202)
        offer = {
            "recipient": BANK,
            "what": ["possession", "title", "final"],
            "deadline": "2026-12-06T09:00:00Z",
            "expired": False,
            "consented": False,
            "enforced": True,
        }
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(offer=offer))

        ended = tidan("title", "enforce-pledge", told.title_id, "--to", "4")

        assert node.taken("POST", where)[0].json == {"recipient": "4"}
        assert "possession and title (final) to Quay Demo Bank (4)" in ended.out
        assert ", by its pledgee" in ended.out

    def test_to_itself_no_package_leaves_though_one_did_for_the_enforcement_before(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        where = pledges(told, "/enforce")
        node.answer("POST", where, told.accepted("succeeded"), status=202)
        offer = {
            "recipient": BANK,
            "what": ["possession", "title"],
            "deadline": "2026-12-06T09:00:00Z",
            "expired": False,
            "consented": False,
            "enforced": True,
        }
        node.answer("GET", f"/v1/titles/{told.title_id}", told.title(offer=offer))
        before = {
            "id": "11" * 16,
            "party": {"index": 3, "name": "Elbe Demo Imports"},
            "status": "delivered",
            "problem": None,
        }
        sent = f"/v1/parcels?direction=out&record={told.title_id}&limit=1"
        node.answer("GET", sent, {"items": [before], "nextCursor": None})

        ended = tidan("title", "enforce-pledge", told.title_id, "--to", "4")
        program = tidan("title", "enforce-pledge", told.title_id, "--to", "4", "--json")

        assert "no package was sent" in ended.out
        assert "delivered" not in ended.out
        assert program.answer["parcel"] is None


class TestRefusals:
    @pytest.mark.parametrize(
        ("act", "refusal"),
        [
            (("accept", "offers/accept"), ("consent-missing", "`tidan title consent 0x")),
            (("consent", "pledges/consent"), ("not-pledged", "what became of the pledge")),
            (("surrender", "surrenders"), ("pledged", "names its pledgee")),
        ],
    )
    def test_each_says_who_can_go_on(
        self, node: Any, tidan: Any, told: Any, act: tuple[str, str], refusal: tuple[str, str]
    ) -> None:
        (command, path), (slug, step) = act, refusal
        node.refuse("POST", f"/v1/titles/{told.title_id}/{path}", slug, 409, detail="no")

        ended = tidan("title", command, told.title_id)

        assert ended.code == 1
        assert step in ended.err
