"""`tidan council gateways` and what a carrier says of them, against a node that answers as told."""

from __future__ import annotations

from typing import Any

import pytest

GATEWAYS = "/v1/gateways?limit=50"
GATEWAY = "0x" + "5a" * 20
ADMISSION = f"/v1/gateways/{GATEWAY}/admission"


class TestGateways:
    def gateway(self, told: Any, **members: object) -> dict[str, object]:
        return {
            "gateway": "0x" + "5a" * 20,
            "name": "Demo Port",
            "recognised": True,
            "admittedBy": [],
            "recognisedAt": told.as_of["time"],
            "changedAt": told.as_of["time"],
            "fault": None,
        } | members

    def test_people_read_where_a_title_can_be_locked_to(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        dismissed = self.gateway(told, gateway="0x" + "6b" * 20, recognised=False)
        node.answer("GET", GATEWAYS, told.page(self.gateway(told), dismissed))

        ended = tidan("council", "gateways")

        rows = {line.split()[0]: line for line in ended.out.splitlines() if "0x" in line}
        assert "recognised" in rows["0x" + "5a" * 20]
        assert "dismissed" in rows["0x" + "6b" * 20]

    def test_people_read_which_carriers_admit_it(self, node: Any, tidan: Any, told: Any) -> None:
        admitted = self.gateway(told, admittedBy=[told.carrier, told.shipper])
        node.answer("GET", GATEWAYS, told.page(admitted))

        shown = " ".join(tidan("council", "gateways").out.split())

        assert "admitted by" in shown
        for word in ("Paper", "Heron", "(1)", "Jade", "Kiln", "(2)"):
            assert word in shown

    def test_programs_get_all_of_it(self, node: Any, tidan: Any, told: Any) -> None:
        admitted = self.gateway(told, admittedBy=[told.carrier])
        node.answer("GET", GATEWAYS, told.page(admitted))

        ended = tidan("council", "gateways", "--json")

        assert ended.answer["items"] == [admitted]


@pytest.mark.parametrize(
    ("command", "path", "words"),
    [
        ("admit-gateway", ADMISSION, f"admitted the gateway {GATEWAY}"),
        ("withdraw-admission", f"{ADMISSION}/withdrawal", f"admits no more the gateway {GATEWAY}"),
    ],
)
class TestAdmission:
    def test_it_is_asked_of_the_node_and_told_once_it_is_on_the_chain(
        self, node: Any, tidan: Any, told: Any, *, command: str, path: str, words: str
    ) -> None:
        node.answer("POST", path, told.accepted("succeeded"), status=202)

        ended = tidan("council", command, "0x" + "5A" * 20, "--idempotency-key", "once")

        assert ended.code == 0, ended.err
        assert words in " ".join(ended.out.split())
        (asked,) = node.taken("POST", path)
        assert (asked.json, asked.headers["Idempotency-Key"]) == ({}, "once")

    def test_programs_get_the_operation(
        self, node: Any, tidan: Any, told: Any, *, command: str, path: str, words: str
    ) -> None:
        node.answer("POST", path, told.accepted("succeeded"), status=202)

        ended = tidan("council", command, GATEWAY, "--json")

        assert ended.answer["operation"]["status"] == "succeeded"

    def test_what_is_no_address_asks_for_nothing(
        self, node: Any, tidan: Any, told: Any, *, command: str, path: str, words: str
    ) -> None:
        ended = tidan("council", command, "0x5a", "--json")

        assert (ended.code, ended.problem["field"]) == (2, "ADDRESS")
        assert node.asked == []

    @pytest.mark.parametrize(
        ("slug", "step"),
        [
            ("gateway-unknown", "tidan council propose recognise-gateway"),
            ("gateway-already-admitted", "tidan council gateways"),
            ("gateway-not-admitted", "tidan council gateways"),
            ("role-missing", "by the carrier whose titles"),
        ],
    )
    def test_a_refusal_says_where_to_look(
        self, node: Any, tidan: Any, *, command: str, path: str, words: str, slug: str, step: str
    ) -> None:
        node.refuse("POST", path, slug, 409, detail="no", field="gateway")

        ended = tidan("council", command, GATEWAY)

        assert ended.code != 0
        assert step in " ".join(ended.err.split())
