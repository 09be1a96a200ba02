"""An invoice becomes a record once, under its seller's number, or the caller hears why not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.office import UPLOAD_LIMIT
from tests.papers import invoice
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.domain.record_problems import AlreadyRegistered
from tidan_node.ledger.codec import encode_call
from tidan_node.operations.operation import OperationStatus


def _wish(number: str = "INV-1", **more: Any) -> dict[str, Any]:
    return {"document": invoice(number), "buyer": "4"} | more


async def test_an_invoice_is_kept_to_be_registered(trade: Any) -> None:
    answer = await trade.seller.post("/v1/invoices", _wish())

    assert answer.status_code == 202
    ((_, call),) = await trade.seller.waiting()
    assert (call.contract, call.function) == ("InvoiceRegistry", "register")
    assert record_id_of(PartyIndex(2), call.args[0]) == answer.json()["invoice"]
    assert call.args[2:] == (4, 2, 1)
    assert encode_call(call)
    assert await trade.seller.rows() == (1, 1, 2)
    assert (await trade.seller.trail())[0][:2] == ("invoice.register", answer.json()["invoice"])


@pytest.mark.parametrize(
    ("wish", "status", "slug", "field"),
    [
        ({"document": "<Invoice/>"}, 422, "document-malformed", ""),
        ({"document": "no invoice"}, 422, "document-malformed", ""),
        ({"document": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, 422, "document-malformed", ""),
        ({"document": ""}, 422, "invalid-input", "document"),
        ({"document": {"ID": "1"}}, 422, "invalid-input", "document"),
        ({"document": "x" * UPLOAD_LIMIT}, 413, "too-large", "body"),
        ({"buyer": "99"}, 404, "party-unknown", "buyer"),
        ({"buyer": "Party 2 Ltd"}, 422, "buyer-is-the-seller", "buyer"),
        ({"buyer": None}, 422, "invalid-input", "buyer"),
        (
            {"document": invoice(code="SMDG:P4")},
            403,
            "code-not-ours",
            "/AccountingSupplierParty",
        ),
        ({"surprise": 1}, 422, "invalid-input", "surprise"),
    ],
)
async def test_a_wrong_wish_changes_nothing(
    trade: Any, wish: dict[str, Any], status: int, slug: str, field: str
) -> None:
    answer = await trade.seller.post("/v1/invoices", _wish(**wish))

    assert (answer.status_code, answer.json()["type"]) == (status, f"/v1/problems/{slug}")
    assert answer.json()["field"] == field
    assert await trade.seller.rows() == (0, 0, 0)


async def test_a_bank_sells_nothing(trade: Any) -> None:
    answer = await trade.bank.post("/v1/invoices", _wish(document=invoice(code="SMDG:P1")))

    assert (answer.status_code, answer.json()["field"]) == (403, "caller")
    assert answer.json()["type"] == "/v1/problems/role-missing"


@pytest.mark.parametrize(("suspended", "field"), [(2, "caller"), (4, "buyer")])
async def test_both_parties_are_in_good_standing(trade: Any, suspended: int, field: str) -> None:
    trade.consortium.story.change_status(suspended, PartyStatus.SUSPENDED)
    await trade.consortium.publish()

    answer = await trade.seller.post("/v1/invoices", _wish())

    assert (answer.status_code, answer.json()["field"]) == (409, field)
    assert answer.json()["type"] == "/v1/problems/party-not-active"


@pytest.mark.parametrize("on_chain", [False, True])
async def test_a_number_is_registered_once(trade: Any, on_chain: bool) -> None:
    await trade.seller.post("/v1/invoices", _wish("INV 7"))
    if on_chain:
        await trade.seller.carry_out()

    answer = await trade.seller.post("/v1/invoices", _wish("inv7"))

    assert (answer.status_code, answer.json()["field"]) == (409, "invoice")
    assert answer.json()["type"] == "/v1/problems/already-registered"
    assert await trade.seller.rows() == (1, 1, 2)


async def test_of_many_requests_at_once_one_is_accepted(trade: Any) -> None:
    answers = await asyncio.gather(*(trade.seller.post("/v1/invoices", _wish()) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    assert await trade.seller.rows() == (1, 1, 2)


async def test_a_number_whose_registration_failed_can_be_registered_again(trade: Any) -> None:
    first = (await trade.seller.post("/v1/invoices", _wish())).json()["operation"]["id"]
    await trade.seller.end(first, OperationStatus.FAILED, AlreadyRegistered("so it was said"))

    assert (await trade.seller.post("/v1/invoices", _wish())).status_code == 202
    failed = (await trade.seller.get(f"/v1/operations/{first}")).json()
    assert (failed["status"], failed["problem"]["type"]) == (
        "failed",
        "/v1/problems/already-registered",
    )


async def test_its_content_goes_to_the_buyer_in_the_same_commit(trade: Any) -> None:
    registered = (await trade.seller.post("/v1/invoices", _wish())).json()["invoice"]

    (_, (act, subject, detail)) = await trade.seller.trail()

    assert (act, subject) == ("parcel.queued", registered)
    assert (detail["recipient"], detail["kind"]) == (4, "invoice")
