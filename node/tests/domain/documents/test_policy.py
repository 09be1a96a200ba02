"""Cargo policies: who insures whom, and until when."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tidan_node.domain.documents.policy import Policy, read_policy
from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.numbering import Named
from tidan_node.domain.proofs.problems import NumberMalformed
from tidan_node.domain.proofs.schema import schema_by_number


def read(fields: dict[str, Any]) -> Policy:
    return read_policy(json.dumps(fields).encode())


class TestReadPolicy:
    def test_it_says_who_insures_whom_until_when(self, policy: dict[str, Any]) -> None:
        found = read(policy)
        assert found.number == "MCP-2026-004417"
        assert found.endorsement is None
        assert (found.cover_from, found.cover_until) == (date(2026, 4, 17), date(2026, 7, 17))
        assert found.insurer_codes == ("LEI:549300ODCVXZ7WU5HM89",)
        assert found.insured_codes == ("UEN:201455778H",)

    def test_an_endorsement_keeps_the_name_of_its_policy(self, policy: dict[str, Any]) -> None:
        before, after = read(policy), read(policy | {"endorsementNumber": "2"})
        code = before.insurer_codes[0]
        assert after.endorsement == "2"
        assert after.name(code) == before.name(code)
        assert after.name(code).named is Named.POLICY

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"coverUntil": "2026-04-16"}, "/coverUntil"),
            ({"coverUntil": "2026-13-01"}, "/coverUntil"),
            ({"sumInsured": {"amount": 1}}, "/sumInsured/currency"),
            ({"sumInsured": {"amount": -1, "currency": "USD"}}, "/sumInsured/amount"),
            ({"sumInsured": {"amount": 0.001, "currency": "USD"}}, "/sumInsured/amount"),
            ({"clauses": []}, "/clauses"),
            ({"insurer": {"name": "X", "identifiers": []}}, "/insurer/identifiers"),
            ({"issuePlace": {}}, "/issuePlace"),
            ({"secret": 1}, "/secret"),
            ({"policyNumber": ""}, "/policyNumber"),
        ],
    )
    def test_a_broken_rule_is_named(
        self, policy: dict[str, Any], changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(DocumentMalformed) as refusal:
            read(policy | changes)
        assert refusal.value.field == field

    def test_a_number_of_blanks_is_refused(self, policy: dict[str, Any]) -> None:
        with pytest.raises(NumberMalformed) as refusal:
            read(policy | {"policyNumber": " "})
        assert refusal.value.field == "/policyNumber"


class TestCommitted:
    def test_the_sum_insured_is_a_figure(self, policy: dict[str, Any]) -> None:
        schema = schema_by_number(3)
        commitment = commit(read(policy), schema, secret=bytes(32), version=1)
        disclosed = commitment.disclose(["/sumInsured"]).verify(commitment.root, schema)
        assert disclosed.values == {
            "/sumInsured/amount": Figure(23_958_050, "USD", 2),
            "/sumInsured/currency": "USD",
        }
