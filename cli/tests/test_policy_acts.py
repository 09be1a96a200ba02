"""The acts on a policy: what is asked of the node, and what is said afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

POLICY = "0x0b8e4415" + "ab" * 28


def at(act: str) -> str:
    return f"/v1/policies/{POLICY}/{act}"


def accepted(told: Any, kind: str) -> dict[str, Any]:
    return {"operation": told.operation(kind=kind, target=POLICY), "policy": POLICY}


class TestAssign:
    def test_the_loss_payee_is_named(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", at("assignment"), accepted(told, "policy.assign"), status=202)

        ended = tidan("policy", "assign", POLICY, "--to", "LEI:BANK")

        assert ended.code == 0
        assert node.taken("POST", at("assignment"))[0].json == {"lossPayee": "LEI:BANK"}
        assert "assigned 0x0b8e4415abab… to LEI:BANK" in ended.out

    def test_without_one_nothing_is_asked(self, node: Any, tidan: Any) -> None:
        ended = tidan("policy", "assign", POLICY, "--json")

        assert (ended.code, node.asked) == (2, [])
        assert "--to" in ended.problem["detail"]

    @pytest.mark.parametrize(
        ("slug", "next_step"),
        [
            ("not-the-insured", f"tidan policy show {POLICY}"),
            ("wrong-status", f"tidan policy history {POLICY}"),
        ],
    )
    def test_a_refusal_says_what_to_do_next(
        self, node: Any, tidan: Any, slug: str, next_step: str
    ) -> None:
        node.refuse("POST", at("assignment"), slug, 403, detail="no", field="caller")

        ended = tidan("policy", "assign", POLICY, "--to", "4")

        assert ended.code == 1
        assert next_step in ended.err


class TestEndorse:
    def test_the_document_goes_to_the_node_digit_for_digit(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        node.answer("POST", at("endorsements"), accepted(told, "policy.endorse"), status=202)
        (tmp_path / "policy.json").write_text('{"sum": 10.50}')

        ended = tidan("policy", "endorse", POLICY, tmp_path / "policy.json", "--expected-seq", "2")

        assert ended.code == 0
        (asked,) = node.taken("POST", at("endorsements"))
        assert asked.body == b'{"document":{"sum": 10.50},"expectedSeq":2}'
        assert "endorsed 0x0b8e4415abab…" in ended.out

    @pytest.mark.parametrize("text", ["no JSON", "[1]"])
    def test_a_file_that_is_no_document_is_named_first(
        self, node: Any, tidan: Any, tmp_path: Path, text: str
    ) -> None:
        (tmp_path / "policy.json").write_text(text)

        ended = tidan("policy", "endorse", POLICY, tmp_path / "policy.json", "--json")

        assert (ended.code, node.asked) == (2, [])
        assert "policy.json" in ended.problem["detail"]


class TestCancel:
    def test_it_asks_for_its_act(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("POST", at("cancellation"), accepted(told, "policy.cancel"), status=202)

        ended = tidan("policy", "cancel", POLICY, "--json")

        assert ended.answer["policy"] == POLICY
        assert node.taken("POST", at("cancellation"))[0].json == {}


class TestHistory:
    def test_each_act_is_a_line_that_says_what_it_says(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        issued = {"insured": told.shipper, "contentRoot": "0x", "expires": "2027-01-01T00:00:00Z"}
        acts = [
            told.act(1, "ISSUE") | {"details": issued},
            told.act(2, "ENDORSE") | {"details": {"contentRoot": "0x", "version": 2}},
            told.act(3, "ASSIGN") | {"details": {"lossPayee": told.carrier}},
            told.act(4, "CANCEL"),
        ]
        history = {"policy": POLICY, "head": acts[-1]["head"], "acts": acts}
        node.answer("GET", at("history"), history | {"asOf": told.as_of})

        human = tidan("policy", "history", POLICY)

        assert tidan("policy", "history", POLICY, "--json").answer["acts"] == acts
        for words in (
            "for Jade Kiln Demo Exports (2), until 2027-01-01T00:00:00Z",
            "version 2",
            "losses to Paper Heron Demo Line (1)",
            "CANCEL",
        ):
            assert words in human.out


class TestListed:
    def test_those_that_pay_a_party_are_listed(self, node: Any, tidan: Any, told: Any) -> None:
        policy = told.title(POLICY) | {
            "status": "ASSIGNED",
            "insurer": told.carrier,
            "insured": told.shipper,
            "lossPayee": {"index": 5, "name": "Harbour Lamp Demo Bank"},
            "expires": "2036-12-31T00:00:00Z",
        }
        node.answer("GET", "/v1/policies?limit=50&lossPayee=5", told.page(policy))

        assert "Harbour Lamp Demo Bank (5)" in tidan("policy", "list", "--loss-payee", "5").out


class TestPackage:
    def test_it_is_written_and_taken_in(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        node.answer("GET", at("package"), b"{}")
        node.answer("POST", "/v1/packages", {"kind": "policy", "record": POLICY}, status=201)
        file = tmp_path / "policy.tidan"

        written = tidan("policy", "package", POLICY, "-o", file, "--json")

        assert (written.code, file.read_bytes()) == (0, b"{}")
        assert tidan("policy", "receive", file, "--json").code == 0


class TestPackagesThatGoByThemselves:
    def test_an_assignment_tells_what_became_of_the_policys_package(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        node.answer("POST", at("assignment"), accepted(told, "policy.assign"), status=202)
        parcel = {"id": "ab", "status": "delivered", "party": told.carrier, "problem": None}
        query = f"/v1/parcels?direction=out&record={POLICY}&limit=1"
        node.answer("GET", query, told.page(parcel))

        ended = tidan("policy", "assign", POLICY, "--to", "1")

        assert "package delivered to Paper Heron Demo Line" in ended.out

    def test_one_is_sent_by_hand(self, node: Any, tidan: Any, told: Any) -> None:
        members = {"kind": "policy", "record": POLICY, "party": told.carrier, "problem": None}
        parcel = {"id": "ab", "status": "delivered"} | members
        node.answer("POST", "/v1/parcels/outgoing", parcel, status=202)

        ended = tidan("policy", "share", POLICY, "--to", "1", "--json")

        assert ended.answer == parcel
        (asked,) = node.taken("POST", "/v1/parcels/outgoing")
        assert asked.json == {"kind": "policy", "record": POLICY, "recipient": "1"}
