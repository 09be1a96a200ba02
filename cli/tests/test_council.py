"""`tidan council …` against a node that answers as it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidan_cli.party_card import PartyCard
from tidan_node.domain.identifiers import Address, IssuerCode
from tidan_node.domain.parties import Role
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proofs.numbering import NumberingKey

PROPOSALS = "/v1/council/proposals"
ACCOUNT = "0x" + "1a" * 20


@pytest.fixture
def proposal(told: Any) -> dict[str, Any]:  # Any: JSON
    return {
        "number": 4,
        "kind": "suspend",
        "words": "suspend Jade Kiln Demo Exports (party 2)",
        "details": {"party": told.shipper, "reason": "review"},
        "reason": "review",
        "status": "OPEN",
        "proposer": told.carrier,
        "subject": None,
        "proposedAt": "2026-10-06T09:00:00Z",
        "approvals": [{"party": told.carrier, "counts": True}],
        "approvalsCounted": 1,
        "approvalsNeeded": 2,
        "objection": None,
        "executableFrom": None,
        "lapsesAt": "2026-11-05T09:00:00Z",
        "executedAt": None,
        "supersededBy": None,
        "call": {"contract": "PartyRegistry", "address": ACCOUNT, "data": "0x00"},
        "fault": None,
    }


def accepted(told: Any) -> dict[str, Any]:
    return {"operation": told.operation("succeeded", kind="council.propose")}


def made(told: Any, *proposals: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Where the command asks for what its operation has made, and the answer."""
    return f"{PROPOSALS}?operation={told.operation_id}", told.page(*proposals)


class TestPropose:
    @pytest.mark.parametrize(
        ("arguments", "body"),
        [
            (("suspend", "7"), {"kind": "suspend", "party": "7"}),
            (("reinstate", "LEI:X"), {"kind": "reinstate", "party": "LEI:X"}),
            (("revoke", "7"), {"kind": "revoke", "party": "7"}),
            (
                ("revoke", "7", "--successor", "3"),
                {"kind": "revoke", "party": "7", "successor": "3"},
            ),
            (
                ("name-successor", "7", "--successor", "3"),
                {"kind": "name-successor", "party": "7", "successor": "3"},
            ),
            (
                ("change-roles", "7", "--role", "bank", "--role", "TRADER"),
                {"kind": "change-roles", "party": "7", "roles": ["BANK", "TRADER"]},
            ),
            (
                ("register-code", "7", "--code", "SMDG:ABC", "--key", "0x02"),
                {"kind": "register-code", "party": "7", "code": "SMDG:ABC", "key": "0x02"},
            ),
            (
                ("recover", "7", "--added", "0xc"),
                {"kind": "recover", "party": "7", "added": "0xc"},
            ),
            (("add-seat", "7"), {"kind": "add-seat", "party": "7"}),
            (("remove-seat", "7"), {"kind": "remove-seat", "party": "7"}),
            (
                ("recognise-gateway", "0xc", "--name", "Port"),
                {"kind": "recognise-gateway", "gateway": "0xc", "name": "Port"},
            ),
            (("dismiss-gateway", "0xc"), {"kind": "dismiss-gateway", "gateway": "0xc"}),
        ],
    )
    def test_each_kind_sends_what_was_said(
        self, *, node: Any, tidan: Any, told: Any, proposal: Any, arguments: Any, body: Any
    ) -> None:
        node.answer("POST", PROPOSALS, accepted(told), status=202)
        node.answer("GET", *made(told, proposal))

        ended = tidan("council", "propose", *arguments, "--reason", "review")

        assert ended.code == 0, ended.err
        (asked,) = node.taken("POST", PROPOSALS)
        assert asked.json == body | {"reason": "review"}
        assert "proposal 4: 1 of 2 approvals; next: a member runs" in ended.out
        assert "`tidan council approve 4`" in ended.out

    @pytest.mark.parametrize("kind", ["suspend", "reinstate", "revoke"])
    def test_parties_have_the_same_commands(
        self, node: Any, tidan: Any, told: Any, proposal: Any, kind: str
    ) -> None:
        node.answer("POST", PROPOSALS, accepted(told), status=202)
        node.answer("GET", *made(told, proposal))

        ended = tidan("party", kind, "7", "--reason", "review", "--json")

        assert ended.answer["proposal"] == proposal
        assert node.taken("POST", PROPOSALS)[0].json["kind"] == kind

    def test_it_says_why(self, node: Any, tidan: Any) -> None:
        ended = tidan("council", "propose", "suspend", "7")
        assert ended.code == 2
        assert node.asked == []

    def test_who_has_no_seat_is_told_who_has(self, node: Any, tidan: Any) -> None:
        node.refuse("POST", PROPOSALS, "not-seated", 403, detail="party 4 has no seat")
        ended = tidan("party", "suspend", "7", "--reason", "review")
        assert ended.code == 1
        assert "next: `tidan council show` names the members" in ended.err

    def test_a_taken_account_is_no_reason_to_make_a_key_of_ones_own(
        self, node: Any, tidan: Any
    ) -> None:
        node.refuse("POST", PROPOSALS, "account-taken", 409, detail="of party 4")
        ended = tidan("party", "recover", "7", "--added", "0xc", "--reason", "lost")
        assert ended.code == 1
        assert "`tidan party list` shows who is enrolled" in " ".join(ended.err.split())
        assert "rotate-key" not in ended.err

    def test_a_card_becomes_a_proposal_of_all_that_it_says(
        self, node: Any, tidan: Any, told: Any, proposal: Any, tmp_path: Path
    ) -> None:
        code, key = IssuerCode("SMDG:NEW"), NumberingKey(bytes(31) + b"\7").public_key
        card = PartyCard(Profile("Newcomer"), Role.TRADER, Address(ACCOUNT), {code: key})
        (tmp_path / "card.json").write_bytes(card.to_json())
        node.answer("POST", PROPOSALS, accepted(told), status=202)
        node.answer("GET", *made(told, proposal))

        ended = tidan("party", "enrol", tmp_path / "card.json", "--node", node.url)

        assert ended.code == 0, ended.err
        assert node.taken("POST", PROPOSALS)[0].json == {
            "kind": "enrol",
            "roles": ["TRADER"],
            "account": ACCOUNT,
            "profile": {"name": "Newcomer", "identifiers": [], "codes": ["SMDG:NEW"]},
            "codes": [{"code": "SMDG:NEW", "key": "0x" + key.hex()}],
            "rulebook": "tidan-rulebook-1",
            "governingLaw": "England and Wales",
            "reason": "Newcomer asks to be a member",
        }

    def test_where_nobody_deployed_the_node_of_the_environment_is_asked(
        self, *, node: Any, tidan: Any, told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        card = PartyCard(Profile("Newcomer"), Role.TRADER, Address(ACCOUNT), {})
        (tmp_path / "card.json").write_bytes(card.to_json())
        monkeypatch.setenv("TIDAN_CHAIN_HOME", str(tmp_path / "nothing"))
        node.answer("POST", PROPOSALS, {"operation": told.operation("initialized")}, status=202)
        assert tidan("party", "enrol", tmp_path / "card.json", "--no-wait").code == 0
        assert len(node.taken("POST", PROPOSALS)) == 1

    def test_a_card_goes_one_way_only(self, node: Any, tidan: Any, tmp_path: Path) -> None:
        card = PartyCard(Profile("Newcomer"), Role.TRADER, Address(ACCOUNT), {})
        (tmp_path / "card.json").write_bytes(card.to_json())
        ended = tidan(
            *("party", "enrol", tmp_path / "card.json"),
            *("--node", node.url, "--chain-home", tmp_path),
        )
        assert ended.code == 2
        assert node.asked == []


class TestActs:
    @pytest.mark.parametrize(
        ("command", "path", "body"),
        [
            (("approve", "4"), "approval", {}),
            (("withdraw", "4"), "approval/withdrawal", {}),
            (("execute", "4"), "execution", {}),
            (("object", "4", "--reason", "not lost"), "objection", {"reason": "not lost"}),
        ],
    )
    def test_each_asks_for_its_act_and_says_what_comes_next(
        self,
        *,
        node: Any,
        tidan: Any,
        told: Any,
        proposal: Any,
        command: Any,
        path: str,
        body: Any,
    ) -> None:
        node.answer("POST", f"{PROPOSALS}/4/{path}", accepted(told), status=202)
        ready = proposal | {
            "status": "APPROVED",
            "approvalsCounted": 2,
            "executableFrom": "2026-10-07T09:00:00Z",
        }
        node.answer("GET", f"{PROPOSALS}/4", ready | {"asOf": told.as_of})

        ended = tidan("council", *command)

        assert ended.code == 0, ended.err
        assert node.taken("POST", f"{PROPOSALS}/4/{path}")[0].json == body
        assert "2 of 2 approvals; executable from 2026-10-07T09:00:00Z" in ended.out
        assert "`tidan council execute 4`" in ended.out

    @pytest.mark.parametrize(
        ("slug", "step"),
        [
            ("too-early", "run this again in a moment"),
            ("approvals-missing", "`tidan council approve 4`"),
            ("council-not-founded", "`tidan council found`"),
            ("already-decided", "`tidan council show 4` names the one that did it"),
            ("account-taken", "let it lapse, and propose what is still wanted anew"),
        ],
    )
    def test_a_refusal_says_what_to_do(self, node: Any, tidan: Any, slug: str, step: str) -> None:
        node.refuse("POST", f"{PROPOSALS}/4/execution", slug, 409, detail="no")
        ended = tidan("council", "execute", "4")
        assert (ended.code, step in " ".join(ended.err.split())) == (1, True)

    def test_an_objection_says_why(self, node: Any, tidan: Any) -> None:
        assert tidan("council", "object", "4").code == 2
        assert node.asked == []


class TestShow:
    def test_a_proposal_is_told_with_its_next_step(
        self, node: Any, tidan: Any, told: Any, proposal: Any
    ) -> None:
        node.answer("GET", f"{PROPOSALS}/4", proposal | {"asOf": told.as_of})
        ended = tidan("council", "show", "4")
        assert "4: suspend Jade Kiln Demo Exports (party 2)" in ended.out
        assert "1 of 2 approvals" in ended.out

    def test_who_may_still_object_is_named(
        self, node: Any, tidan: Any, told: Any, proposal: Any
    ) -> None:
        concerned = proposal | {"subject": told.shipper, "asOf": told.as_of}
        node.answer("GET", f"{PROPOSALS}/4", concerned)
        assert "Jade Kiln Demo Exports may say no" in tidan("council", "show", "4").out

    @pytest.mark.parametrize(
        ("members", "words"),
        [
            ({"status": "EXECUTED", "executedAt": "2026-10-08T00:00:00Z"}, "executed 2026-10-08"),
            ({"status": "LAPSED"}, "it can only be proposed anew"),
            (
                {"status": "SUPERSEDED", "supersededBy": 3, "approvalsCounted": 2},
                "superseded: proposal 3 has done the same",
            ),
        ],
    )
    def test_what_is_over_is_said_to_be(
        self, *, node: Any, tidan: Any, told: Any, proposal: Any, members: Any, words: str
    ) -> None:
        node.answer("GET", f"{PROPOSALS}?limit=50", told.page(proposal | members))
        assert words in " ".join(tidan("council", "list").out.split())

    @pytest.mark.parametrize("arguments", [("show",), ("show", "4"), ("list",)])
    def test_it_is_said_when_it_was_so(
        self, *, node: Any, tidan: Any, told: Any, proposal: Any, arguments: tuple[str, ...]
    ) -> None:
        terms = {"threshold": 2, "delay": 86400, "objectionWindow": 172800}
        council = {"founded": True, "foundedAt": "2026-10-06T09:00:00Z", "terms": terms}
        node.answer(
            "GET", "/v1/council", council | {"seats": [], "fault": None, "asOf": told.as_of}
        )
        node.answer("GET", f"{PROPOSALS}/4", proposal | {"asOf": told.as_of})
        node.answer("GET", f"{PROPOSALS}?limit=50", told.page(proposal))
        ended = tidan("council", *arguments)
        assert "block 17, 2026-10-06T09:30:00Z" in ended.out

    def test_the_council_is_told_with_its_terms(self, node: Any, tidan: Any, told: Any) -> None:
        seats = [
            {"party": told.carrier, "status": "ACTIVE"},
            {"party": told.shipper, "status": "SUSPENDED"},
        ]
        terms = {"threshold": 2, "delay": 86400, "objectionWindow": 172800}
        council = {"founded": True, "foundedAt": "2026-10-06T09:00:00Z", "terms": terms}
        answer = council | {"seats": seats, "fault": None, "asOf": told.as_of}
        node.answer("GET", "/v1/council", answer)
        ended = tidan("council", "show")
        assert "2 of 2" in ended.out
        assert "24 h" in ended.out
        assert "Jade Kiln Demo Exports (2), SUSPENDED: does not count" in ended.out

    def test_one_that_is_not_founded_says_how(self, node: Any, tidan: Any, told: Any) -> None:
        answer = {"founded": False, "foundedAt": None, "terms": None, "seats": [], "fault": None}
        node.answer("GET", "/v1/council", answer | {"asOf": told.as_of})
        assert "tidan council found" in tidan("council", "show").out
