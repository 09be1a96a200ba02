"""Acts on an invoice: what the node intends, and what it refuses before the chain is asked."""

from __future__ import annotations

from typing import Any

import pytest

from tidan_node.domain.parties import PartyStatus
from tidan_node.ledger.codec import encode_call

STRANGER = "0x" + "ab" * 32
ACTS: dict[str, dict[str, Any]] = {
    "acceptance": {},
    "dispute": {"reason": "QUANTITY"},
    "settlement": {},
    "cancellation": {},
    "links": {"title": STRANGER},
}


async def _intent(office: Any) -> tuple[Any, ...]:
    ((_, call),) = await office.waiting()
    assert call.contract == "InvoiceRegistry"
    assert encode_call(call)
    return (call.function, *call.args)


async def _refused(office: Any, invoice: str, act: str, **wish: Any) -> tuple[int, str, str | None]:
    answer = await office.post(f"/v1/invoices/{invoice}/{act}", wish or ACTS[act])
    problem = answer.json()
    return answer.status_code, problem["type"].rsplit("/", 1)[-1], problem.get("field")


class TestAcceptance:
    async def test_it_is_for_the_buyer_with_the_content_to_hand(self, trade: Any) -> None:
        invoice = await trade.received()

        answer = await trade.buyer.post(f"/v1/invoices/{invoice}/acceptance", {"expectedSeq": 1})

        assert (answer.status_code, answer.json()["invoice"]) == (202, invoice)
        assert await _intent(trade.buyer) == ("accept", invoice, 1)

    async def test_nobody_accepts_an_invoice_unread(self, trade: Any) -> None:
        invoice = await trade.registered()

        assert await _refused(trade.buyer, invoice, "acceptance") == (
            409,
            "package-missing",
            "invoice",
        )
        assert await trade.buyer.rows() == (0, 0, 0)

    async def test_a_disputed_invoice_can_still_be_accepted(self, trade: Any) -> None:
        invoice = await trade.received()
        await trade.act(trade.buyer, invoice, "dispute", reason="AMOUNT")

        assert (await trade.buyer.post(f"/v1/invoices/{invoice}/acceptance")).status_code == 202
        assert await _intent(trade.buyer) == ("accept", invoice, 2)

    async def test_it_is_made_once(self, trade: Any) -> None:
        invoice = await trade.received()
        await trade.act(trade.buyer, invoice, "acceptance")

        refusal = await _refused(trade.buyer, invoice, "acceptance")

        assert refusal == (409, "wrong-status", "invoice")


class TestDispute:
    async def test_the_buyer_says_why(self, trade: Any) -> None:
        invoice = await trade.registered()

        answer = await trade.buyer.post(f"/v1/invoices/{invoice}/dispute", {"reason": "QUANTITY"})

        assert answer.status_code == 202
        assert await _intent(trade.buyer) == ("dispute", invoice, 1, 2)

    @pytest.mark.parametrize("wish", [{"reason": "MOOD"}, {"reason": 2}, {"reason": None}])
    async def test_it_has_one_of_the_known_reasons(self, trade: Any, wish: dict[str, Any]) -> None:
        invoice = await trade.registered()

        refusal = await _refused(trade.buyer, invoice, "dispute", **wish)

        assert refusal == (422, "invalid-input", "reason")

    async def test_an_accepted_invoice_is_beyond_dispute(self, trade: Any) -> None:
        invoice = await trade.received()
        await trade.act(trade.buyer, invoice, "acceptance")

        assert (await _refused(trade.buyer, invoice, "dispute"))[1] == "wrong-status"


class TestSettlement:
    async def test_the_seller_says_that_it_is_paid(self, trade: Any) -> None:
        invoice = await trade.received()
        await trade.act(trade.buyer, invoice, "acceptance")

        assert (await trade.seller.post(f"/v1/invoices/{invoice}/settlement")).status_code == 202
        assert await _intent(trade.seller) == ("settle", invoice, 2)

    async def test_it_follows_the_buyers_answer(self, trade: Any) -> None:
        invoice = await trade.registered()

        refusal = await _refused(trade.seller, invoice, "settlement")

        assert refusal == (409, "wrong-status", "invoice")


class TestCancellation:
    async def test_the_seller_takes_it_back(self, trade: Any) -> None:
        invoice = await trade.registered()

        assert (await trade.seller.post(f"/v1/invoices/{invoice}/cancellation")).status_code == 202
        assert await _intent(trade.seller) == ("cancel", invoice, 1)

    async def test_an_accepted_invoice_is_not_taken_back(self, trade: Any) -> None:
        invoice = await trade.received()
        await trade.act(trade.buyer, invoice, "acceptance")

        assert (await _refused(trade.seller, invoice, "cancellation"))[1] == "wrong-status"

    @pytest.mark.parametrize("act", ACTS)
    async def test_nothing_comes_after_it(self, trade: Any, act: str) -> None:
        invoice = await trade.received()
        await trade.act(trade.seller, invoice, "cancellation")
        office = trade.buyer if act in ("acceptance", "dispute") else trade.seller

        assert (await _refused(office, invoice, act))[1] == "wrong-status"


class TestLinks:
    async def test_the_seller_names_the_title_of_the_goods(self, trade: Any) -> None:
        invoice, title = await trade.registered(), await trade.title()

        answer = await trade.seller.post(f"/v1/invoices/{invoice}/links", {"title": title})

        assert answer.status_code == 202
        assert await _intent(trade.seller) == ("link", invoice, 1, title)

    async def test_a_title_that_is_not_on_the_chain_is_unknown(self, trade: Any) -> None:
        invoice = await trade.registered()

        assert await _refused(trade.seller, invoice, "links") == (404, "title-unknown", "title")
        assert (await _refused(trade.seller, invoice, "links", title="0x12"))[2] == "title"

    async def test_a_title_is_linked_once(self, trade: Any) -> None:
        invoice, title = await trade.registered(), await trade.title()
        await trade.act(trade.seller, invoice, "links", title=title)

        refusal = await _refused(trade.seller, invoice, "links", title=title)

        assert refusal == (409, "already-linked", "title")


class TestEveryAct:
    @pytest.mark.parametrize("act", ["acceptance", "dispute"])
    @pytest.mark.parametrize("who", ["seller", "bank"])
    async def test_the_buyer_alone_answers(self, trade: Any, act: str, who: str) -> None:
        invoice = await trade.registered()

        refusal = await _refused(getattr(trade, who), invoice, act)

        assert refusal == (403, "not-the-buyer", "caller")

    @pytest.mark.parametrize("act", ["settlement", "cancellation", "links"])
    @pytest.mark.parametrize("who", ["buyer", "bank"])
    async def test_the_seller_alone_does_the_rest(self, trade: Any, act: str, who: str) -> None:
        invoice = await trade.registered()
        if act == "settlement":
            await trade.act(trade.buyer, invoice, "dispute", reason="OTHER")

        refusal = await _refused(getattr(trade, who), invoice, act)

        assert refusal == (403, "not-the-seller", "caller")

    @pytest.mark.parametrize("act", ACTS)
    async def test_it_is_for_the_invoice_that_was_seen(self, trade: Any, act: str) -> None:
        invoice = await trade.registered()
        wish = ACTS[act] | {"expectedSeq": 7}

        answer = await trade.seller.post(f"/v1/invoices/{invoice}/{act}", wish)

        assert (answer.status_code, answer.json()["field"]) == (409, "expectedSeq")
        assert answer.json()["actualSeq"] == 1

    @pytest.mark.parametrize("act", ACTS)
    async def test_there_is_none_on_an_invoice_that_is_not_there(
        self, trade: Any, act: str
    ) -> None:
        refusal = await _refused(trade.seller, STRANGER, act)

        assert refusal == (404, "record-unknown", "invoice")

    @pytest.mark.parametrize(
        ("act", "who", "party"), [("dispute", "buyer", 4), ("links", "seller", 2)]
    )
    async def test_a_suspended_party_does_none(
        self, trade: Any, act: str, who: str, party: int
    ) -> None:
        invoice = await trade.registered()
        trade.consortium.story.change_status(party, PartyStatus.SUSPENDED)
        await trade.consortium.publish()

        refusal = await _refused(getattr(trade, who), invoice, act)

        assert refusal == (409, "party-not-active", "caller")

    async def test_each_is_in_the_trail_with_its_operation(self, trade: Any) -> None:
        invoice = await trade.registered()

        answer = await trade.buyer.post(f"/v1/invoices/{invoice}/dispute", {"reason": "OTHER"})

        ((act, subject, detail),) = await trade.buyer.trail()
        assert (act, subject, detail["reason"]) == ("invoice.dispute", invoice, 255)
        assert detail["operation"] == answer.json()["operation"]["id"]
        shown = await trade.buyer.get(f"/v1/operations/{detail['operation']}")
        assert shown.json()["target"] == invoice

    async def test_the_same_request_twice_is_one_operation(self, trade: Any) -> None:
        invoice, key = await trade.registered(), {"Idempotency-Key": "once"}
        path = f"/v1/invoices/{invoice}/cancellation"

        answers = [await trade.seller.client.post(path, headers=key) for _ in range(2)]

        assert answers[0].json() == answers[1].json()
        assert len(await trade.seller.waiting()) == 1
