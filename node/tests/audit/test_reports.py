"""A report is signed for one party, and whoever changes a byte of it is found out."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.audit.audited import CARRIER, SHIPPER
from tests.office import Consortium, Office, opened
from tests.story import CHAIN, exchange_keys
from tidan_node.audit.reports import (
    LARGEST,
    TYP,
    ReportMalformed,
    Statement,
    signer_of,
    verified,
)
from tidan_node.domain import events as told
from tidan_node.domain.exchange_keys import StatementRefused
from tidan_node.domain.parties import Role
from tidan_node.people.caller import Scope

REPORT = {"audit": "chain", "verdict": "verified", "findings": []}
KEYS = [exchange_keys(CARRIER).signing_jwk]


async def signed(office: Office, report: Any) -> str:
    answer = await office.client.post("/v1/audit/reports", json={"report": report})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["report"])


class TestSignReport:
    async def test_it_is_signed_for_the_nodes_party_and_the_trail_keeps_it(
        self, office: Office
    ) -> None:
        jws = await signed(office, REPORT)
        statement, key = verified(jws, KEYS)
        assert (statement.chain_id, statement.signer, key) == (CHAIN, CARRIER, 0)
        assert statement.report == REPORT
        ((act, subject, detail),) = await office.trail()
        assert (act, detail) == ("audit.report_signed", {})
        assert subject.startswith("sha256:")

    async def test_a_key_that_the_chain_does_not_have_signs_nothing(self, office: Office) -> None:
        story = office.consortium.story
        other = story.profile_of(SHIPPER).canonical()
        story.emit(told.ProfileChanged(CARRIER, "0x" + "00" * 32, other))
        await office.consortium.publish()
        answer = await office.client.post("/v1/audit/reports", json={"report": REPORT})
        assert (answer.status_code, answer.json()["type"]) == (
            409,
            "/v1/problems/signing-key-not-on-chain",
        )
        assert await office.trail() == []

    @pytest.mark.parametrize("body", [{}, {"report": {}}, {"report": []}, {"report": 1, "x": 2}])
    async def test_what_is_no_report_is_refused(self, office: Office, body: Any) -> None:
        answer = await office.client.post("/v1/audit/reports", json=body)
        assert answer.status_code == 422
        assert await office.trail() == []

    async def test_one_that_is_too_long_is_refused(self, tmp_path: Path) -> None:
        consortium = Consortium(tmp_path)
        party = consortium.enrol(Role.REGULATOR)
        async with opened(consortium, party) as office:
            await consortium.publish()
            long = {"report": {"text": "x" * LARGEST}}
            answer = await office.client.post("/v1/audit/reports", json=long)
        assert answer.status_code in (413, 422)

    async def test_it_needs_a_scope_of_its_own(self, tmp_path: Path) -> None:
        consortium = Consortium(tmp_path)
        party = consortium.enrol(Role.REGULATOR)
        scopes = frozenset(Scope) - {Scope.REPORTS_SIGN}
        async with opened(consortium, party, scopes) as office:
            await consortium.publish()
            answer = await office.client.post("/v1/audit/reports", json={"report": REPORT})
        assert (answer.status_code, answer.json()["scope"]) == (403, "reports:sign")


class TestVerified:
    async def test_any_changed_part_is_refused(self, office: Office) -> None:
        head, payload, signature = (await signed(office, REPORT)).split(".")
        text = base64.urlsafe_b64decode(payload + "==").replace(b'"verified"', b'"DIFFERS!"')
        forged = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
        flipped = ("B" if signature[0] == "A" else "A") + signature[1:]
        for jws in (
            ".".join((head, forged, signature)),
            ".".join((head, payload, flipped)),
            ".".join((head, payload, "")),
        ):
            with pytest.raises(StatementRefused):
                verified(jws, KEYS)

    async def test_another_partys_key_is_refused(self, office: Office) -> None:
        jws = await signed(office, REPORT)
        with pytest.raises(StatementRefused):
            verified(jws, [exchange_keys(SHIPPER).signing_jwk])
        with pytest.raises(StatementRefused):
            verified(jws, [])

    async def test_a_key_that_was_replaced_since_is_named_by_its_place(
        self, office: Office
    ) -> None:
        jws = await signed(office, REPORT)
        assert verified(jws, [exchange_keys(SHIPPER).signing_jwk, *KEYS])[1] == 1

    def test_a_statement_of_another_kind_is_no_report(self) -> None:
        payload = Statement(CHAIN, CARRIER, "2026-11-22T00:00:00Z", REPORT).payload()
        jws = exchange_keys(CARRIER).sign_statement("tidan-receipt+jws", payload)
        with pytest.raises(StatementRefused):
            verified(jws, KEYS)

    @pytest.mark.parametrize(
        "members",
        [{"version": 2}, {"format": "tidan/package"}, {"signer": 0}, {"more": 1}, {"report": []}],
    )
    def test_other_members_are_refused_though_they_are_signed(
        self, members: dict[str, object]
    ) -> None:
        payload = Statement(CHAIN, CARRIER, "2026-11-22T00:00:00Z", REPORT).payload()
        changed = json.loads(payload) | members
        raw = json.dumps(changed, sort_keys=True, separators=(",", ":")).encode()
        with pytest.raises(ReportMalformed):
            verified(exchange_keys(CARRIER).sign_statement(TYP, raw), KEYS)

    @pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "..", "a.%%%.c", "a.e30.c"])
    def test_what_is_no_report_names_no_signer(self, text: str) -> None:
        with pytest.raises(ReportMalformed):
            signer_of(text)
