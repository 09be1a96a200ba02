"""What a possessor does to its title by its own hand, and what it makes of it in an offer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.story import GATEWAY
from tidan_node.domain.membership_events import GatewayDismissed, GatewayRecognised

TRANSFER = "0x" + "cd" * 32


async def _shown(trade: Any, title: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await trade.buyer.get(f"/v1/titles/{title}")).json()
    return answer


class TestEndorsement:
    async def test_a_title_in_blank_is_made_out_to_nobody(self, trade: Any) -> None:
        title = await trade.issued()

        answer = await trade.seller.post(f"/v1/titles/{title}/endorsements", {"kind": "BLANK"})
        await trade.seller.carry_out()

        assert answer.status_code == 202, answer.text
        shown = await _shown(trade, title)
        assert (shown["kind"], shown["titleholder"]) == ("BLANK", None)
        acts = (await trade.buyer.get(f"/v1/titles/{title}/history")).json()["acts"]
        assert acts[-1]["details"] == {"titleholder": None, "kind": "BLANK"}

    async def test_its_package_is_taken_in_as_it_was_issued(self, trade: Any) -> None:
        title = await trade.issued()
        await trade.seller.post(f"/v1/titles/{title}/endorsements", {"kind": "BLANK"})
        await trade.seller.carry_out()

        taken = await trade.buyer.post_file("/v1/packages", await trade.package(title))

        assert taken.status_code == 201, taken.text

    async def test_a_last_titleholder_endorses_no_more(self, trade: Any) -> None:
        title = await trade.issued()
        await trade.seller.post(f"/v1/titles/{title}/endorsements", {"kind": "ORDER_FINAL"})
        await trade.seller.carry_out()

        answer = await trade.seller.post(f"/v1/titles/{title}/endorsements", {"kind": "BLANK"})

        assert answer.json()["type"] == "/v1/problems/endorsement-unfit"

    @pytest.mark.parametrize("kind", ["STRAIGHT", "order", 3, None])
    async def test_no_title_becomes_straight(self, trade: Any, kind: object) -> None:
        title = await trade.issued()

        answer = await trade.seller.post(f"/v1/titles/{title}/endorsements", {"kind": kind})

        assert (answer.status_code, answer.json()["field"]) == (422, "kind")
        assert await trade.seller.rows() == (0, 0, 0)

    async def test_nobody_else_endorses(self, trade: Any) -> None:
        title = await trade.issued()

        answer = await trade.buyer.post(f"/v1/titles/{title}/endorsements", {"kind": "BLANK"})

        assert answer.json()["type"] == "/v1/problems/not-the-possessor"


class TestFinalOffer:
    async def test_its_recipient_is_the_last_titleholder(self, trade: Any) -> None:
        title = await trade.issued()
        wish = {"recipient": "3", "what": ["possession", "title", "final"]}

        answer = await trade.seller.post(f"/v1/titles/{title}/offers", wish)
        await trade.seller.carry_out()
        shown = await _shown(trade, title)
        await trade.buyer.post_file("/v1/packages", await trade.package(title))
        await trade.buyer.post(f"/v1/titles/{title}/offers/accept")
        await trade.buyer.carry_out()

        assert answer.status_code == 202, answer.text
        assert shown["offer"]["what"] == ["possession", "title", "final"]
        after = await _shown(trade, title)
        assert (after["kind"], after["titleholder"]["index"]) == ("ORDER_FINAL", 3)

    async def test_it_goes_with_the_title(self, trade: Any) -> None:
        title = await trade.issued()
        wish = {"recipient": "3", "what": ["possession", "final"]}

        answer = await trade.seller.post(f"/v1/titles/{title}/offers", wish)

        assert answer.json()["type"] == "/v1/problems/final-without-title"


class TestLock:
    async def test_the_title_is_in_the_hands_of_a_recognised_gateway(self, trade: Any) -> None:
        title = await trade.issued()
        trade.consortium.story.emit(GatewayRecognised(GATEWAY, "another chain"))
        await trade.consortium.publish()
        wish = {"gateway": GATEWAY.upper().replace("X", "x"), "transfer": TRANSFER}

        answer = await trade.seller.post(f"/v1/titles/{title}/locks", wish)
        assert answer.status_code == 202, answer.text
        await trade.seller.carry_out()

        shown = await _shown(trade, title)
        assert (shown["status"], shown["gateway"]) == ("IN_TRANSIT", GATEWAY)

    @pytest.mark.parametrize("dismissed", [False, True])
    async def test_no_other_gateway_takes_it(self, trade: Any, dismissed: bool) -> None:
        title = await trade.issued()
        if dismissed:
            story = trade.consortium.story
            story.emit(GatewayRecognised(GATEWAY, "another chain"), GatewayDismissed(GATEWAY))
            await trade.consortium.publish()
        wish = {"gateway": GATEWAY, "transfer": TRANSFER}

        answer = await trade.seller.post(f"/v1/titles/{title}/locks", wish)

        assert (answer.json()["type"], answer.json()["field"]) == (
            "/v1/problems/gateway-unknown",
            "gateway",
        )

    async def test_a_crossing_has_a_name(self, trade: Any) -> None:
        title = await trade.issued()
        trade.consortium.story.emit(GatewayRecognised(GATEWAY, "another chain"))
        await trade.consortium.publish()
        wish = {"gateway": GATEWAY, "transfer": "0x" + "00" * 32}

        answer = await trade.seller.post(f"/v1/titles/{title}/locks", wish)

        assert answer.json()["type"] == "/v1/problems/empty-value"
