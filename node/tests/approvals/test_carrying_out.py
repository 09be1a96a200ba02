"""What was approved is what is done, or nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from tests.papers import invoice, transport_document
from tests.story import hex_of
from tidan_node.approvals.tables import approvals
from tidan_node.domain import events as told
from tidan_node.domain.title_problems import OfferAlreadyOpen
from tidan_node.indexer.tables import checkpoints
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole
from tidan_node.storage.content_tables import contents
from tidan_node.web.approval_answers import ApprovalStatus
from tidan_node.web.tables import answers

pytestmark = pytest.mark.usefixtures("sql")

OFFER = {"recipient": "3"}


class TestWhatWasApproved:
    async def test_the_seq_and_the_deadline_are_those_of_the_asking(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        approval = await maker.waiting(house.offers, OFFER)
        intended = (await checker.get(f"/v1/approvals/{approval}")).json()["intended"]["details"]
        await house.pass_days(3)

        await checker.approve(approval)

        ((_, call),) = await house.seller.waiting()
        assert call.args[:2] == (house.title, intended["expectedSeq"])
        assert call.args[4] == intended["deadline"]

    async def test_a_title_that_has_moved_on_is_not_acted_on(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        first = await maker.waiting(house.offers, OFFER)
        second = await maker.waiting(house.offers, OFFER)
        await checker.approve(first)
        await house.seller.carry_out()
        before = await house.seller.rows()

        answer = (await checker.approve(second)).json()

        assert answer["status"] == "failed"
        assert answer["problem"]["type"] == "/v1/problems/stale-seq"
        assert answer["answer"] is None
        operations, _, trail = await house.seller.rows()
        assert (operations, trail) == (before[0], before[2] + 2)

    async def test_why_it_failed_is_told_with_the_names_of_parties(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        approval = await maker.waiting(house.offers, OFFER)
        open_already = OfferAlreadyOpen("the title is offered to party 3").document()
        async with house.seller.database.writing() as connection:
            await connection.execute(
                update(approvals).values(status=ApprovalStatus.FAILED, problem=open_already)
            )

        answer = (await checker.get(f"/v1/approvals/{approval}")).json()

        assert answer["problem"]["detail"] == "the title is offered to party 3 (Party 3 Ltd)"

    async def test_a_name_that_means_another_now_is_not_taken_for_the_first(
        self, house: Any
    ) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        approval = await maker.waiting(house.offers, {"recipient": "Party 3 Ltd"})
        story = house.consortium.story
        for party, name in ((3, "Other Ltd"), (1, "Party 3 Ltd")):
            raw = replace(story.profile_of(party), name=name).canonical()
            story.emit(told.ProfileChanged(party, hex_of(raw), raw))
        await house.consortium.publish()

        answer = (await checker.approve(approval)).json()

        assert answer["problem"]["type"] == "/v1/problems/approval-outdated"
        assert "recipient" in answer["problem"]["detail"]
        assert await house.operations() == []

    async def test_a_request_altered_in_the_database_is_not_carried_out(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        async with house.seller.database.writing() as connection:
            await connection.execute(update(approvals).values(body=b'{"recipient": "1"}'))

        answer = (await checker.approve(approval)).json()

        assert answer["problem"]["type"] == "/v1/problems/approval-outdated"
        assert await house.operations() == []

    async def test_a_fault_of_the_node_leaves_it_waiting(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        approval = await (await house.maker()).waiting(house.offers, OFFER)
        async with house.seller.database.writing() as connection:
            kept = (await connection.execute(checkpoints.select())).mappings().all()
            await connection.execute(delete(checkpoints))

        away = await checker.approve(approval)
        async with house.seller.database.writing() as connection:
            await connection.execute(checkpoints.insert(), [dict(row) for row in kept])
        back = await checker.approve(approval)

        assert away.status_code == 503
        assert back.json()["status"] == "done"


class TestDocuments:
    async def test_a_document_waits_with_its_request_and_is_kept_once(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("invoice.register", 1)
        maker = await house.maker()
        held = await self._held(house)

        approval = await maker.waiting("/v1/invoices", {"document": invoice(), "buyer": "3"})

        assert await self._held(house) == held
        details = (await checker.get(f"/v1/approvals/{approval}")).json()
        assert details["request"]["document"] == invoice()
        answer = (await checker.approve(approval)).json()
        assert answer["status"] == "done"
        assert answer["answer"]["invoice"] == details["target"]
        assert await self._held(house) == held + 1

    async def test_when_it_is_done_nothing_of_the_request_is_kept(self, house: Any) -> None:
        first, second = await house.checker("first"), await house.checker("second")
        await house.require("invoice.register", 2)
        body = {"document": invoice(), "buyer": "3"}
        approval = await (await house.maker()).waiting("/v1/invoices", body)
        shown = await first.approve(approval, key="yes")
        again = await first.approve(approval, key="yes")
        await second.approve(approval)

        async with house.seller.database.reading() as connection:
            kept = [bytes(body) for body in await connection.scalars(select(answers.c.body))]

        assert (shown.json()["request"], again.json()["request"]) == (body, None)
        assert len(kept) > 2
        assert not any(b"INV-1" in body for body in kept)

    async def test_it_is_shown_to_nobody_who_may_not_read_documents(self, house: Any) -> None:
        reads = [Scope.RECORDS_READ, Scope.OPERATIONS_READ, Scope.APPROVALS_DECIDE]
        narrow = await house.person("narrow", UserRole.CHECKER, scopes=reads)
        await house.require("invoice.register", 1)
        maker = await house.maker()
        approval = await maker.waiting("/v1/invoices", {"document": invoice(), "buyer": "3"})

        details = await narrow.get(f"/v1/approvals/{approval}")
        approved = await narrow.approve(approval)

        assert details.json()["withheld"] == ["documents:read"]
        assert "INV-1" not in details.text
        assert (approved.status_code, approved.json()["type"].rsplit("/", 1)[-1]) == (
            403,
            "approval-not-seen",
        )

    @pytest.mark.parametrize("act", ["title.issue", "title.replace"])
    async def test_none_of_several_is_shown_to_who_may_not_read_documents(
        self, house: Any, act: str
    ) -> None:
        reads = [Scope.RECORDS_READ, Scope.OPERATIONS_READ, Scope.APPROVALS_DECIDE]
        narrow = await house.person("narrow", UserRole.CHECKER, scopes=reads)
        maker = await house.maker()
        bills = [transport_document(f"TDB-{number}", code="SMDG:P2") for number in range(2)]
        path: str = "/v1/title-batches"
        body: object = {"titles": [{"document": bill, "titleholder": "3"} for bill in bills]}
        if act == "title.replace":
            path = f"/v1/titles/{await _surrendered(house)}/splits"
            body = {"documents": bills, "reason": "SPLIT"}
        await house.require(act, 1)
        approval = await maker.waiting(path, body)

        details = await narrow.get(f"/v1/approvals/{approval}")

        assert details.json()["withheld"] == ["documents:read"]
        assert "TDB-" not in details.text

    async def test_the_parts_of_a_title_are_put_in_its_place_once_approved(
        self, house: Any
    ) -> None:
        checker, maker = await house.checker(), await house.maker()
        title = await _surrendered(house)
        await house.require("title.replace", 1)
        bills = [transport_document(f"TDB-{number}", code="SMDG:P2") for number in range(2)]
        parts = {"documents": bills, "reason": "SPLIT"}
        approval = await maker.waiting(f"/v1/titles/{title}/splits", parts)

        approved = (await checker.approve(approval)).json()
        await house.seller.carry_out()

        assert approved["status"] == "done", approved
        shown = [
            (await house.carrier.get(f"/v1/titles/{part}")).json()["status"]
            for part in approved["answer"]["titles"]
        ]
        assert shown == ["LIVE", "LIVE"]

    async def test_several_documents_are_fixed_though_their_secrets_are_not(
        self, house: Any
    ) -> None:
        checker = await house.checker()
        await house.require("title.issue", 1)
        maker = await house.maker()
        bills = [transport_document(f"TDB-{number}", code="SMDG:P2") for number in range(2)]
        wish = {"titles": [{"document": bill, "titleholder": "3"} for bill in bills]}
        approval = await maker.waiting("/v1/title-batches", wish)

        details = (await checker.get(f"/v1/approvals/{approval}")).json()
        approved = (await checker.approve(approval)).json()

        assert details["intended"]["parties"] == {"2": "Party 2 Ltd", "3": "Party 3 Ltd"}
        assert approved["status"] == "done", approved
        assert len(approved["answer"]["titles"]) == 2

    async def test_what_is_wrong_with_a_document_is_told_before_it_is_kept(
        self, house: Any
    ) -> None:
        checker = await house.checker()
        await house.require("title.issue", 1)
        maker = await house.maker()

        answer = await maker.post(
            "/v1/titles", {"document": transport_document("TDB-1"), "titleholder": "1"}
        )

        assert (answer.status_code, answer.json()["type"]) == (403, "/v1/problems/code-not-ours")
        assert (await checker.get("/v1/approvals")).json()["items"] == []

    async def _held(self, house: Any) -> int:
        async with house.seller.database.reading() as connection:
            return len((await connection.execute(contents.select())).all())


async def _surrendered(house: Any) -> str:
    """A title that the house has issued to itself, and given back to be split."""
    bill = transport_document("TDB-0500", code="SMDG:P2")
    answer = await house.seller.post("/v1/titles", {"document": bill, "titleholder": "2"})
    assert answer.status_code == 202, answer.text
    await house.seller.carry_out()
    title = str(answer.json()["title"])
    surrender = f"/v1/titles/{title}/surrenders/amendment"
    await house.seller.post(surrender, {"reason": "SPLIT"})
    await house.seller.carry_out()
    return title
