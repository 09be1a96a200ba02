"""`kill -9` while an act waits for approval, and while it is approved: done once, or not yet."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.system.consortium import Consortium, Member, wait_until
from tests.system.test_kill_nine import assert_issued_once, body_of

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON

MOMENTS = ("approval.before-commit", "approval.committed")


@dataclass
class Office:
    """A carrier whose titles somebody else approves, by a key of its own."""

    consortium: Consortium
    carrier: Member
    checker: str

    def ask(self, body: Json, key: str) -> str:
        """The id of the approval that issuing a title waits for."""
        answer = self.carrier.post("/v1/titles", body, key)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["approval"]["id"])

    def approve(self, approval: str, key: str) -> Json:
        headers = {"Authorization": f"Bearer {self.checker}", "Idempotency-Key": key}
        path = f"{self.carrier.access.url}/v1/approvals/{approval}/approval"
        answer = httpx.post(path, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        document: Json = answer.json()
        return document

    def waiting(self) -> list[str]:
        items = self.carrier.get("/v1/approvals?status=open&limit=200")["items"]
        return [each["id"] for each in items]

    def assert_done_once(self, approval: str) -> None:
        """It is done, by one operation, of which the chain has one event."""
        shown = self.carrier.get(f"/v1/approvals/{approval}")
        assert shown["status"] == "done"
        operation, title = shown["answer"]["operation"]["id"], shown["answer"]["title"]
        wait_until(lambda: self.carrier.operation_ended(operation), f"{operation} ended")
        assert_issued_once(self.consortium, self.carrier, title)


@pytest.fixture(scope="module")
def office(consortium: Consortium) -> Office:
    carrier = consortium.member("approving", "CARRIER", "SCAC:TDZQ", "SMDG:TDZ")
    carrier.serve()
    person = {"issuer": "https://login.example", "subject": "1", "name": "a checker"}
    added = carrier.post("/v1/users", person | {"roles": ["CHECKER"]}, str(uuid4()))
    assert added.status_code == 201, added.text
    ends = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    scopes = ["approvals:decide", "records:read", "documents:read", "operations:read"]
    wanted = {"name": "a key", "scopes": scopes, "user": added.json()["id"], "expiresAt": ends}
    made = carrier.post("/v1/keys", wanted, str(uuid4()))
    assert made.status_code == 201, made.text
    carrier.tidan("approval", "require", "title.issue", "1")
    return Office(consortium, carrier, made.json()["key"])


class TestAsking:
    @pytest.mark.parametrize("moment", MOMENTS)
    def test_what_was_asked_waits_once_whenever_the_node_dies(
        self, office: Office, transport_document: Json, moment: str
    ) -> None:
        key, body = str(uuid4()), body_of(office.carrier, transport_document)
        before = office.waiting()
        office.carrier.kill()
        office.carrier.serve(crash_at=moment)
        with contextlib.suppress(httpx.HTTPError):  # it dies before it can answer
            office.ask(body, key)
        office.carrier.wait_for_crash()

        office.carrier.serve()
        approval = office.ask(body, key)

        assert office.waiting() == [approval, *before]
        office.approve(approval, str(uuid4()))
        office.assert_done_once(approval)


class TestApproving:
    @pytest.mark.parametrize("moment", MOMENTS)
    def test_the_approval_and_its_act_are_one_whenever_the_node_dies(
        self, office: Office, transport_document: Json, moment: str
    ) -> None:
        approval = office.ask(body_of(office.carrier, transport_document), str(uuid4()))
        office.carrier.kill()
        office.carrier.serve(crash_at=moment)
        key = str(uuid4())
        with contextlib.suppress(httpx.HTTPError):
            office.approve(approval, key)
        office.carrier.wait_for_crash()

        office.carrier.serve()
        status = office.carrier.get(f"/v1/approvals/{approval}")["status"]
        again = office.approve(approval, key)

        assert status == ("open" if moment == "approval.before-commit" else "done")
        assert again["status"] == "done"
        office.assert_done_once(approval)


def test_the_command_line_says_that_it_waits(office: Office, transport_document: Json) -> None:
    approval = office.ask(body_of(office.carrier, transport_document), str(uuid4()))

    listed = office.carrier.tidan("approval", "list", "--status", "open").answer
    shown = office.carrier.tidan("approval", "show", approval).answer

    assert approval in [each["id"] for each in listed["items"]]
    assert shown["request"]["document"] == transport_document
    assert office.carrier.tidan("approval", "withdraw", approval).answer["status"] == "withdrawn"
