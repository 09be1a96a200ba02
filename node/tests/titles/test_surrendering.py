"""Titles given back to be changed, taken back, and ended as paper."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import transport_document
from tests.title_book.members import DAY
from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.membership_events import SuccessorNamed
from tidan_node.domain.parties import PartyStatus


async def _surrendered(trade: Any, reason: str = "TO_PAPER") -> str:
    title = await trade.issued()
    answer = await trade.seller.post(f"/v1/titles/{title}/surrenders/amendment", {"reason": reason})
    assert answer.status_code == 202, answer.text
    await trade.seller.carry_out()
    return str(title)


async def _revoke_carrier(trade: Any, successor: int = 0) -> None:
    story = trade.consortium.story
    story.change_status(PartyIndex(1), PartyStatus.REVOKED)
    if successor:
        story.emit(SuccessorNamed(PartyIndex(1), PartyIndex(successor)))
    await trade.consortium.publish()


class TestSurrenderForAmendment:
    async def test_it_says_what_for(self, trade: Any) -> None:
        title = await _surrendered(trade, "CHANGE_OF_DESTINATION")

        acts = (await trade.carrier.get(f"/v1/titles/{title}/history")).json()["acts"]

        assert acts[-1]["details"] == {
            "pending": "PENDING_AMENDMENT",
            "reason": "CHANGE_OF_DESTINATION",
        }

    async def test_its_possessor_takes_it_back(self, trade: Any) -> None:
        title = await _surrendered(trade)

        stranger = await trade.buyer.post(f"/v1/titles/{title}/surrenders/cancel")
        answer = await trade.seller.post(f"/v1/titles/{title}/surrenders/cancel")
        await trade.seller.carry_out()

        assert stranger.json()["type"] == "/v1/problems/not-the-possessor"
        assert answer.status_code == 202
        assert (await trade.buyer.get(f"/v1/titles/{title}")).json()["status"] == "LIVE"

    async def test_the_carrier_does_not_accept_it_as_one_for_delivery(self, trade: Any) -> None:
        title = await _surrendered(trade)

        answer = await trade.carrier.post(f"/v1/titles/{title}/surrenders/accept")

        assert answer.json()["type"] == "/v1/problems/no-surrender-pending"

    async def test_the_carrier_rejects_it(self, trade: Any) -> None:
        title = await _surrendered(trade)

        body = {"reason": "WRONG_PARTY"}
        answer = await trade.carrier.post(f"/v1/titles/{title}/surrenders/reject", body)
        await trade.carrier.carry_out()

        assert answer.status_code == 202
        assert (await trade.buyer.get(f"/v1/titles/{title}")).json()["status"] == "LIVE"


class TestWhatItWasSurrenderedFor:
    async def test_nothing_else_is_answered(self, trade: Any) -> None:
        title = await _surrendered(trade, "CORRECTION")
        document = transport_document("TDB-9")
        before = await trade.carrier.rows()

        answers = [
            await trade.carrier.post(f"/v1/titles/{title}/{path}", body)
            for path, body in (
                ("paper", {"reason": "TO_PAPER"}),
                ("switches", {"document": document, "reason": "SWITCH"}),
                ("splits", {"documents": [document, document], "reason": "SPLIT"}),
            )
        ]

        for answer in answers:
            told = answer.json()
            assert (answer.status_code, told["field"]) == (409, "title")
            assert told["type"] == "/v1/problems/surrendered-for-another"
            assert told["detail"] == "the title was surrendered for CORRECTION"
            assert told["surrenderedFor"] == "CORRECTION"
        assert await trade.carrier.rows() == before

    async def test_each_title_that_is_combined_was_surrendered_for_it(self, trade: Any) -> None:
        fit, other = await trade.issued("TDB-1"), await trade.issued("TDB-2")
        for title, reason in ((fit, "COMBINATION"), (other, "SPLIT")):
            path = f"/v1/titles/{title}/surrenders/amendment"
            await trade.seller.post(path, {"reason": reason})
        await trade.seller.carry_out()
        wish = {
            "titles": [fit, other],
            "document": transport_document("TDB-9"),
            "reason": "COMBINATION",
        }

        told = (await trade.carrier.post("/v1/title-combinations", wish)).json()

        assert told["type"] == "/v1/problems/surrendered-for-another"
        assert (told["field"], told["surrenderedFor"]) == ("titles.1.title", "SPLIT")

    async def test_given_back_and_surrendered_anew_it_is_answered_by_the_new_reason(
        self, trade: Any
    ) -> None:
        title = await _surrendered(trade, "CORRECTION")
        await trade.carrier.post(f"/v1/titles/{title}/surrenders/reject", {"reason": "OTHER"})
        await trade.carrier.carry_out()
        path = f"/v1/titles/{title}/surrenders/amendment"
        await trade.seller.post(path, {"reason": "TO_PAPER"})
        await trade.seller.carry_out()

        answer = await trade.carrier.post(f"/v1/titles/{title}/paper", {"reason": "TO_PAPER"})

        assert answer.status_code == 202, answer.text


class TestPaper:
    async def test_the_carrier_ends_a_title_as_paper(self, trade: Any) -> None:
        title = await _surrendered(trade)

        answer = await trade.carrier.post(f"/v1/titles/{title}/paper", {"reason": "TO_PAPER"})
        await trade.carrier.carry_out()

        assert answer.status_code == 202
        assert (await trade.buyer.get(f"/v1/titles/{title}")).json()["status"] == "PAPER"

    async def test_paper_becomes_a_title_again_under_the_next_sub_reference(
        self, trade: Any
    ) -> None:
        title = await _surrendered(trade)
        await trade.carrier.post(f"/v1/titles/{title}/paper", {"reason": "TO_PAPER"})
        await trade.carrier.carry_out()
        wish = {
            "document": transport_document(sub_reference="B"),
            "possessor": "2",
            "titleholder": "2",
        }

        plain = await trade.carrier.post("/v1/titles", wish)
        answer = await trade.carrier.post("/v1/titles", wish | {"withdrawal": "0x" + "ab" * 32})
        assert answer.status_code == 202, answer.text
        await trade.carrier.carry_out()

        assert plain.json()["type"] == "/v1/problems/series-already-used"
        again = answer.json()["title"]
        acts = (await trade.seller.get(f"/v1/titles/{again}/history")).json()["acts"]
        assert (acts[0]["act"], acts[0]["details"]["withdrawal"]) == (
            "ISSUE_FROM_PAPER",
            "0x" + "ab" * 32,
        )

    async def test_the_possessor_ends_it_where_no_carrier_is_left(self, trade: Any) -> None:
        title = await trade.issued()

        early = await trade.seller.post(f"/v1/titles/{title}/paper/without-carrier")
        await _revoke_carrier(trade)
        trade.consortium.story.next_block(20_000)
        stranger = await trade.buyer.post(f"/v1/titles/{title}/paper/without-carrier")
        answer = await trade.seller.post(f"/v1/titles/{title}/paper/without-carrier")
        await trade.seller.carry_out()

        assert early.json()["type"] == "/v1/problems/carrier-not-revoked"
        assert stranger.json()["type"] == "/v1/problems/not-the-possessor"
        assert answer.status_code == 202, answer.text
        assert (await trade.buyer.get(f"/v1/titles/{title}")).json()["status"] == "PAPER"

    async def test_too_early_is_told_at_once_with_from_when_on_it_is_possible(
        self, trade: Any
    ) -> None:
        title, story = await trade.issued(), trade.consortium.story
        possible_from = story.now + DAY
        await _revoke_carrier(trade)
        story.next_block((DAY - 10) // 5)
        path = f"/v1/titles/{title}/paper/without-carrier"

        early = await trade.seller.post(path)
        nothing_was_kept = await trade.seller.waiting() == []
        story.next_block()
        due = await trade.seller.post(path)

        told = early.json()
        assert (early.status_code, told["type"]) == (409, "/v1/problems/paper-too-early")
        assert told["possibleFrom"] == possible_from
        assert moment(possible_from) in told["detail"]
        assert nothing_was_kept
        assert due.status_code == 202, due.text

    async def test_a_successor_answers_instead(self, trade: Any) -> None:
        title = await trade.issued()
        await _revoke_carrier(trade, successor=3)

        answer = await trade.seller.post(f"/v1/titles/{title}/paper/without-carrier")

        assert answer.json()["type"] == "/v1/problems/carrier-has-successor"

    async def test_one_that_is_revoked_in_turn_does_not_but_the_wait_begins_anew(
        self, trade: Any
    ) -> None:
        title, story = await trade.issued(), trade.consortium.story
        await _revoke_carrier(trade, successor=3)
        story.next_block(DAY // 5)
        story.change_status(PartyIndex(3), PartyStatus.REVOKED)
        await trade.consortium.publish()
        path = f"/v1/titles/{title}/paper/without-carrier"

        early = await trade.seller.post(path)
        story.next_block(DAY // 5)
        await trade.consortium.publish()
        due = await trade.seller.post(path)

        assert early.json()["type"] == "/v1/problems/paper-too-early"
        assert due.status_code == 202, due.text

    @pytest.mark.parametrize("reason", ["", "PAPER", 6])
    async def test_a_reason_has_a_name(self, trade: Any, reason: object) -> None:
        title = await _surrendered(trade)

        answer = await trade.carrier.post(f"/v1/titles/{title}/paper", {"reason": reason})

        assert (answer.status_code, answer.json()["field"]) == (422, "reason")
