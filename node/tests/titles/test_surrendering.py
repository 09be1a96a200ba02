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

    @pytest.mark.parametrize("reason", ["", "PAPER", 6])
    async def test_a_reason_has_a_name(self, trade: Any, reason: object) -> None:
        title = await _surrendered(trade)

        answer = await trade.carrier.post(f"/v1/titles/{title}/paper", {"reason": reason})

        assert (answer.status_code, answer.json()["field"]) == (422, "reason")
