"""`tidan council gateways` against a node that answers as it is told."""

from __future__ import annotations

from typing import Any

GATEWAYS = "/v1/gateways?limit=50"


class TestGateways:
    def gateway(self, told: Any, **members: object) -> dict[str, object]:
        return {
            "gateway": "0x" + "5a" * 20,
            "name": "Demo Port",
            "recognised": True,
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

    def test_programs_get_all_of_it(self, node: Any, tidan: Any, told: Any) -> None:
        node.answer("GET", GATEWAYS, told.page(self.gateway(told)))

        ended = tidan("council", "gateways", "--json")

        assert ended.answer["items"] == [self.gateway(told)]
