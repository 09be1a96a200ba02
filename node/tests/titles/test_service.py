"""Acts on a title: what the node intends, and what it refuses before the chain is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.membership_events import SuccessorNamed
from tidan_node.domain.parties import PartyStatus

STRANGER = "0x" + "ab" * 32


async def _intent(office: Any) -> tuple[Any, ...]:
    ((_, call),) = await office.waiting()
    return (call.function, *call.args)


class TestOffer:
    async def test_it_moves_all_that_its_possessor_holds(self, trade: Any) -> None:
        title = await trade.issued()

        answer = await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": 3})

        assert answer.status_code == 202
        lasting = 14 * 24 * 3600
        deadline = trade.consortium.story.now + lasting
        assert await _intent(trade.seller) == ("offer", title, 1, 3, 3, deadline)
        assert answer.json()["operation"]["deadline"] == datetime.fromtimestamp(
            deadline, UTC
        ).isoformat().replace("+00:00", "Z")

    async def test_it_moves_possession_alone_where_nobody_is_named(self, trade: Any) -> None:
        title = await trade.issued(blank=True)

        await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": 3})

        assert (await _intent(trade.seller))[4] == 1

    async def test_it_moves_what_the_caller_says_until_it_says(self, trade: Any) -> None:
        title = await trade.issued()
        wish = {"recipient": "3", "what": ["title"], "deadline": "2030-01-01T00:00:00+08:00"}

        await trade.seller.post(f"/v1/titles/{title}/offers", wish)

        assert (await _intent(trade.seller))[4:] == (2, 1893427200)

    @pytest.mark.parametrize(
        ("wish", "status", "slug", "field"),
        [
            ({"recipient": "99"}, 404, "party-unknown", "recipient"),
            ({"recipient": "2"}, 422, "offer-to-self", "recipient"),
            ({"recipient": "3", "expectedSeq": 7}, 409, "stale-seq", "expectedSeq"),
            ({"recipient": "3", "expectedSeq": 0}, 422, "invalid-input", "expectedSeq"),
            ({"recipient": "3", "expectedSeq": "1"}, 422, "invalid-input", "expectedSeq"),
            ({"recipient": "3", "expectedSeq": True}, 422, "invalid-input", "expectedSeq"),
            (
                {"recipient": "3", "deadline": "9999-12-31T23:59:59-12:00"},
                422,
                "invalid-input",
                "deadline",
            ),
            ({"recipient": "3", "what": []}, 422, "invalid-input", "what"),
            ({"recipient": "3", "what": ["cargo"]}, 422, "invalid-input", "what.0"),
            (
                {"recipient": "3", "deadline": "2030-01-01T00:00:00"},
                422,
                "invalid-input",
                "deadline",
            ),
            (
                {"recipient": "3", "deadline": "2001-01-01T00:00:00Z"},
                422,
                "deadline-in-the-past",
                "deadline",
            ),
            ({}, 422, "invalid-input", "recipient"),
            ({"recipient": ""}, 422, "invalid-input", "recipient"),
            ({"recipient": "a\x00b"}, 422, "json-malformed", "/recipient"),
        ],
    )
    async def test_a_wrong_wish_changes_nothing(
        self, trade: Any, wish: dict[str, Any], status: int, slug: str, field: str
    ) -> None:
        title = await trade.issued()

        answer = await trade.seller.post(f"/v1/titles/{title}/offers", wish)

        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (status, f"/v1/problems/{slug}")
        assert problem["field"] == field
        assert await trade.seller.rows() == (0, 0, 0)

    async def test_only_the_possessor_makes_one(self, trade: Any) -> None:
        title = await trade.issued()

        answer = await trade.buyer.post(f"/v1/titles/{title}/offers", {"recipient": "2"})

        assert answer.status_code == 403
        assert answer.json()["type"] == "/v1/problems/not-the-possessor"
        assert await trade.buyer.rows() == (0, 0, 0)

    async def test_there_is_one_at_a_time(self, trade: Any) -> None:
        title = await trade.offered()

        answer = await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "4"})

        assert answer.json()["type"] == "/v1/problems/offer-already-open"

    async def test_a_suspended_possessor_makes_none(self, trade: Any) -> None:
        title = await trade.issued()
        trade.consortium.story.change_status(2, PartyStatus.SUSPENDED)
        await trade.consortium.publish()

        answer = await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "3"})

        assert answer.json()["type"] == "/v1/problems/party-not-active"

    async def test_a_title_in_blank_is_made_out_to_somebody_again(self, trade: Any) -> None:
        title = await trade.issued(blank=True)

        wish = {"recipient": "3", "what": ["possession", "title"]}
        answer = await trade.seller.post(f"/v1/titles/{title}/offers", wish)

        assert answer.status_code == 202

    async def test_a_title_that_is_not_there_cannot_be_offered(self, trade: Any) -> None:
        answer = await trade.seller.post(f"/v1/titles/{STRANGER}/offers", {"recipient": "3"})

        assert answer.status_code == 404
        assert answer.json()["type"] == "/v1/problems/title-unknown"

    async def test_an_id_has_a_form(self, trade: Any) -> None:
        answer = await trade.seller.post("/v1/titles/0x12/offers", {"recipient": "3"})

        assert (answer.status_code, answer.json()["field"]) == (422, "title")


class TestAnswerToAnOffer:
    async def test_it_is_accepted_with_the_content_to_hand(self, trade: Any) -> None:
        title = await trade.offered()
        await trade.buyer.post_file("/v1/packages", await trade.package(title))

        answer = await trade.buyer.post(f"/v1/titles/{title}/offers/accept", {"expectedSeq": 2})

        assert answer.status_code == 202
        assert await _intent(trade.buyer) == ("accept", title, 2)

    async def test_nobody_accepts_a_title_unread(self, trade: Any) -> None:
        title = await trade.offered()

        answer = await trade.buyer.post(f"/v1/titles/{title}/offers/accept")

        assert (answer.status_code, answer.json()["field"]) == (409, "title")
        assert answer.json()["type"] == "/v1/problems/package-missing"
        assert await trade.buyer.rows() == (0, 0, 0)

    @pytest.mark.parametrize("act", ["accept", "decline"])
    async def test_only_the_offeree_gives_it(self, trade: Any, act: str) -> None:
        title = await trade.offered()

        answer = await trade.carrier.post(f"/v1/titles/{title}/offers/{act}")

        assert answer.status_code == 403
        assert answer.json()["type"] == "/v1/problems/not-the-offeree"

    @pytest.mark.parametrize("act", ["accept", "decline", "withdraw"])
    async def test_there_is_none_without_an_offer(self, trade: Any, act: str) -> None:
        title = await trade.issued()

        answer = await trade.seller.post(f"/v1/titles/{title}/offers/{act}", {})

        assert answer.status_code == 409
        assert answer.json()["type"] == "/v1/problems/no-open-offer"

    async def test_it_comes_too_late_after_the_deadline(self, trade: Any) -> None:
        title = await trade.offered()
        trade.consortium.story.next_block(14 * 24 * 3600)

        late = await trade.buyer.post(f"/v1/titles/{title}/offers/accept")
        declined = await trade.buyer.post(f"/v1/titles/{title}/offers/decline")

        assert late.json()["type"] == "/v1/problems/offer-expired"
        assert declined.status_code == 202

    @pytest.mark.parametrize("act", ["accept", "decline", "withdraw"])
    async def test_it_is_for_the_title_that_was_seen(self, trade: Any, act: str) -> None:
        title = await trade.offered()
        office = trade.seller if act == "withdraw" else trade.buyer

        answer = await office.post(f"/v1/titles/{title}/offers/{act}", {"expectedSeq": 1})

        assert (answer.status_code, answer.json()["field"]) == (409, "expectedSeq")
        assert answer.json()["actualSeq"] == 2

    async def test_the_possessor_takes_its_offer_back(self, trade: Any) -> None:
        title = await trade.offered()

        answer = await trade.seller.post(f"/v1/titles/{title}/offers/withdraw")

        assert answer.status_code == 202
        assert await _intent(trade.seller) == ("withdraw", title, 2)


class TestSurrender:
    async def test_who_is_entitled_surrenders(self, trade: Any) -> None:
        title = await trade.issued()

        assert (await trade.seller.post(f"/v1/titles/{title}/surrenders")).status_code == 202
        assert await _intent(trade.seller) == ("surrenderForDelivery", title, 1)

    async def test_nobody_else_does(self, trade: Any) -> None:
        title = await trade.issued()

        answer = await trade.buyer.post(f"/v1/titles/{title}/surrenders")

        assert answer.json()["type"] == "/v1/problems/not-the-possessor"

    async def test_a_surrendered_title_cannot_be_offered(self, trade: Any) -> None:
        title = await trade.issued()
        await trade.seller.post(f"/v1/titles/{title}/surrenders")
        await trade.seller.carry_out()

        answer = await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "3"})

        assert answer.json()["type"] == "/v1/problems/title-not-live"

    async def test_the_carrier_rejects_it_with_a_reason(self, trade: Any) -> None:
        title = await trade.issued()
        await trade.seller.post(f"/v1/titles/{title}/surrenders")
        await trade.seller.carry_out()

        answer = await trade.carrier.post(
            f"/v1/titles/{title}/surrenders/reject", {"reason": "LEGAL_HOLD"}
        )

        assert answer.status_code == 202
        assert await _intent(trade.carrier) == ("rejectSurrender", title, 2, 4)

    async def test_a_rejection_without_a_reason_is_none(self, trade: Any) -> None:
        title = await trade.issued()

        answer = await trade.carrier.post(f"/v1/titles/{title}/surrenders/reject", {})

        assert (answer.status_code, answer.json()["field"]) == (422, "reason")

    @pytest.mark.parametrize("act", ["accept", "reject"])
    async def test_only_the_carrier_answers(self, trade: Any, act: str) -> None:
        title = await trade.issued()
        await trade.seller.post(f"/v1/titles/{title}/surrenders")
        await trade.seller.carry_out()
        body = {"reason": "OTHER"} if act == "reject" else {}

        answer = await trade.buyer.post(f"/v1/titles/{title}/surrenders/{act}", body)

        assert answer.status_code == 403
        assert answer.json()["type"] == "/v1/problems/not-the-issuer"

    @pytest.mark.parametrize("act", ["accept", "reject"])
    async def test_the_successor_of_a_revoked_carrier_answers(self, trade: Any, act: str) -> None:
        title = await trade.issued()
        await trade.seller.post(f"/v1/titles/{title}/surrenders")
        await trade.seller.carry_out()
        story = trade.consortium.story
        story.change_status(1, PartyStatus.REVOKED)
        story.emit(SuccessorNamed(PartyIndex(1), PartyIndex(3)))
        await trade.consortium.publish()
        body = {"reason": "OTHER"} if act == "reject" else {}

        answer = await trade.buyer.post(f"/v1/titles/{title}/surrenders/{act}", body)
        former = await trade.carrier.post(f"/v1/titles/{title}/surrenders/{act}", body)

        assert answer.status_code == 202, answer.text
        assert (await _intent(trade.buyer))[:2] == (f"{act}Surrender", title)
        assert former.json()["type"] == "/v1/problems/party-not-active"

    async def test_there_is_no_answer_without_a_surrender(self, trade: Any) -> None:
        title = await trade.issued()

        answer = await trade.carrier.post(f"/v1/titles/{title}/surrenders/accept")

        assert answer.json()["type"] == "/v1/problems/no-surrender-pending"


async def test_every_act_is_in_the_trail_with_its_operation(trade: Any) -> None:
    title = await trade.offered()

    (act, subject, detail), (posted, same, parcel) = await trade.seller.trail()

    assert (act, subject) == ("title.offer", title)
    assert (detail["recipient"], detail["what"]) == (3, 3)
    assert (posted, same, parcel["recipient"]) == ("parcel.queued", title, 3)
    shown = await trade.seller.get(f"/v1/operations/{detail['operation']}")
    assert shown.json()["target"] == title
