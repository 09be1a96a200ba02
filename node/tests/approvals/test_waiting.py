"""A marked act that needs others is kept instead of done, and its maker hears all at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tidan_node.approvals import keeping
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole

OFFER = {"recipient": "3"}


class TestWithoutARule:
    async def test_the_act_is_done_at_once(self, house: Any) -> None:
        maker = await house.maker()

        answer = await maker.post(house.offers, OFFER)

        assert answer.status_code == 202
        assert answer.json()["operation"]["kind"] == "title.offer"

    async def test_a_rule_for_another_act_changes_nothing(self, house: Any) -> None:
        await house.checker()
        await house.require("title.surrender", 1)
        maker = await house.maker()

        answer = await maker.post(house.offers, OFFER)

        assert "operation" in answer.json()


class TestKept:
    async def test_one_maker_does_not_fill_the_room_of_all(
        self, house: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "MOST_OF_ONE", 1)
        await house.checker()
        await house.require("title.offer", 1)
        one, other = await house.maker(), await house.person("other", UserRole.MAKER)
        agent = await house.agent(one, Scope.TITLES_ACT)
        await one.waiting(house.offers, OFFER)

        full = [await each.post(house.offers, OFFER) for each in (one, agent)]

        assert [answer.status_code for answer in full] == [409, 409]
        assert all("too-many-waiting" in answer.json()["type"] for answer in full)
        await other.waiting(house.offers, OFFER)

    async def test_nothing_is_done_and_the_answer_says_what_it_waits_for(self, house: Any) -> None:
        await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        before = await house.seller.rows()

        answer = await maker.post(house.offers, OFFER)

        assert answer.status_code == 202
        approval = answer.json()["approval"]
        assert (approval["act"], approval["target"]) == ("title.offer", house.title)
        assert approval["status"] == "open"
        assert approval["approvers"] == {"needed": 1, "given": 0, "able": 1}
        assert approval["maker"]["user"] == maker.user.user_id
        operations, contents, trail = await house.seller.rows()
        assert (operations, contents, trail) == (before[0], before[1], before[2] + 1)
        assert await house.told(approval["id"]) == ["approval.asked"]

    async def test_the_same_post_sent_again_is_the_same_approval(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        first = await maker.post(house.offers, OFFER, key="an-offer")

        again = await maker.post(house.offers, OFFER, key="an-offer")
        other = await maker.post(house.offers, {"recipient": "1"}, key="an-offer")

        assert again.json() == first.json()
        assert again.headers["Idempotency-Replayed"] == "true"
        assert (other.status_code, other.json()["type"]) == (
            422,
            "/v1/problems/idempotency-key-reused",
        )
        assert len((await checker.get("/v1/approvals")).json()["items"]) == 1

    async def test_one_sent_twice_at_once_is_kept_once(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()

        answers = await asyncio.gather(
            *(maker.post(house.offers, OFFER, key="an-offer") for _ in range(4))
        )

        assert {answer.status_code for answer in answers} <= {202, 409}
        assert len((await checker.get("/v1/approvals")).json()["items"]) == 1

    @pytest.mark.parametrize(
        ("wish", "slug", "field"),
        [
            ({"recipient": "99"}, "party-unknown", "recipient"),
            ({"recipient": "2"}, "offer-to-self", "recipient"),
            ({"recipient": "3", "expectedSeq": 7}, "stale-seq", "expectedSeq"),
            ({"recipient": "3", "what": ["all"]}, "invalid-input", "what.0"),
        ],
    )
    async def test_what_is_wrong_with_it_is_told_at_once(
        self, house: Any, wish: dict[str, Any], slug: str, field: str
    ) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()

        answer = await maker.post(house.offers, wish)

        assert answer.json()["type"] == f"/v1/problems/{slug}"
        assert answer.json()["field"] == field
        assert (await checker.get("/v1/approvals")).json()["items"] == []

    async def test_it_is_kept_with_the_seq_and_the_deadline_of_this_moment(
        self, house: Any
    ) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()

        approval = await maker.waiting(house.offers, OFFER)

        details = (await checker.get(f"/v1/approvals/{approval}")).json()
        intended = details["intended"]
        assert details["request"]["expectedSeq"] == intended["details"]["expectedSeq"] == 1
        assert details["request"]["deadline"].endswith("Z")
        assert intended["kind"] == "title.offer"
        assert intended["details"]["recipient"] == 3
        assert intended["parties"] == {"3": "Party 3 Ltd"}

    async def test_a_service_asks_like_a_person(self, house: Any) -> None:
        await house.checker()
        await house.require("title.offer", 1)

        answer = await house.seller.post(house.offers, OFFER)

        assert answer.json()["approval"]["maker"]["user"] is None

    async def test_without_the_acts_scope_nothing_is_kept(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)

        answer = await checker.post(house.offers, OFFER)

        assert answer.status_code == 403
        assert (await checker.get("/v1/approvals")).json()["items"] == []

    async def test_whoever_asks_is_told_when_too_few_can_approve(self, house: Any) -> None:
        both = await house.person("both", UserRole.MAKER, UserRole.CHECKER)
        await house.require("title.offer", 1)

        answer = await both.post(house.offers, OFFER)

        assert answer.json()["approval"]["approvers"]["able"] == 0


class TestSeen:
    async def test_a_document_is_shown_only_to_who_may_read_documents(self, house: Any) -> None:
        body = {"document": {"secret": "ruby cargo"}}
        reader = await house.person("a reader", UserRole.READER, scopes=[Scope.OPERATIONS_READ])
        await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        approval = await maker.waiting(house.offers, OFFER)

        details = (await reader.get(f"/v1/approvals/{approval}")).json()

        assert (details["request"], details["intended"]) == (None, None)
        assert details["withheld"] == ["records:read"]
        assert body["document"]["secret"] not in str(details)

    async def test_what_waits_can_be_listed_by_how_it_stands(self, house: Any) -> None:
        checker = await house.checker()
        await house.require("title.offer", 1)
        maker = await house.maker()
        first = await maker.waiting(house.offers, OFFER)
        second = await maker.waiting(house.offers, OFFER)
        await checker.post(f"/v1/approvals/{first}/refusal", {"reason": "no"})

        waiting = (await checker.get("/v1/approvals", status="open")).json()["items"]
        refused = (await checker.get("/v1/approvals", status="refused")).json()["items"]
        page = (await checker.get("/v1/approvals", limit="1")).json()
        rest = (await checker.get("/v1/approvals", cursor=page["nextCursor"])).json()

        assert [each["id"] for each in waiting] == [second]
        assert [each["id"] for each in refused] == [first]
        assert [each["id"] for each in (*page["items"], *rest["items"])] == [second, first]

    async def test_one_that_never_was_is_unknown(self, house: Any) -> None:
        checker = await house.checker()

        shown = await checker.get("/v1/approvals/nothing")
        approved = await checker.approve("nothing")

        assert {shown.status_code, approved.status_code} == {404}
        assert shown.json()["type"] == "/v1/problems/approval-unknown"
