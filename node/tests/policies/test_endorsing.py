"""An endorsement is a new version of the same policy, by the insurer that issued it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import policy
from tidan_node.domain.parties import PartyStatus
from tidan_node.ledger.codec import encode_call


def _wider() -> dict[str, Any]:
    """The policy with another sum."""
    return policy() | {
        "sumInsured": {"amount": 50000, "currency": "USD"},
        "endorsementNumber": "E1",
    }


async def _endorsed(trade: Any, policy: str, document: dict[str, Any]) -> Any:
    return await trade.insurer.post(f"/v1/policies/{policy}/endorsements", {"document": document})


async def test_the_chain_is_given_the_next_version_and_its_root(trade: Any) -> None:
    issued = await trade.issued()
    before = (await trade.insurer.get(f"/v1/policies/{issued}")).json()

    assert (await _endorsed(trade, issued, _wider())).status_code == 202

    ((_, call),) = await trade.insurer.waiting()
    assert (call.contract, call.function) == ("PolicyRegistry", "endorse")
    assert (call.args[:2], call.args[3]) == ((issued, 1), 2)
    assert call.args[2] != before["contentRoot"]
    assert encode_call(call)


async def test_the_new_document_takes_the_place_of_the_old_one(trade: Any) -> None:
    issued = await trade.issued()

    await trade.act(trade.insurer, issued, "endorsements", document=_wider())

    shown = (await trade.insurer.get(f"/v1/policies/{issued}")).json()
    assert (shown["status"], shown["version"], shown["holdsContent"]) == ("ENDORSED", 2, True)
    assert (await trade.insurer.get(f"/v1/policies/{issued}/document")).json() == _wider()


async def test_until_it_is_on_the_chain_the_old_document_is_the_policy(trade: Any) -> None:
    issued = await trade.issued()

    await _endorsed(trade, issued, _wider())

    assert (await trade.insurer.get(f"/v1/policies/{issued}/document")).json() == policy()


async def test_it_goes_to_the_insured_and_to_the_loss_payee(trade: Any) -> None:
    issued = await trade.issued()
    await trade.act(trade.seller, issued, "assignment", lossPayee="1")

    answer = await _endorsed(trade, issued, _wider())

    endorsed, *queued = (await trade.insurer.trail())[2:]
    assert endorsed[0] == "policy.endorse"
    assert endorsed[2]["operation"] == answer.json()["operation"]["id"]
    assert [(act, detail["recipient"]) for act, _, detail in queued] == [
        ("parcel.queued", 1),
        ("parcel.queued", 2),
    ]


async def test_an_insured_that_holds_the_old_version_takes_in_the_new_one(trade: Any) -> None:
    issued = await trade.received()
    await trade.act(trade.insurer, issued, "endorsements", document=_wider())
    before = (await trade.seller.get(f"/v1/policies/{issued}")).json()["holdsContent"]

    package = await trade.insurer.get(f"/v1/policies/{issued}/package")
    taken = await trade.seller.post_file("/v1/packages", package.content)

    assert (before, taken.status_code) == (False, 201)
    assert (await trade.seller.get(f"/v1/policies/{issued}/document")).json() == _wider()


async def test_versions_count_on(trade: Any) -> None:
    issued = await trade.issued()

    for _ in range(2):
        await trade.act(trade.insurer, issued, "endorsements", document=_wider())

    assert (await trade.bank.get(f"/v1/policies/{issued}")).json()["version"] == 3


@pytest.mark.parametrize(
    ("document", "status", "slug", "field"),
    [
        (policy("POL-2"), 422, "endorsement-refused", "/policyNumber"),
        (policy(until="2027-06-30"), 422, "endorsement-refused", "/coverUntil"),
        (policy(code="SMDG:P4"), 403, "code-not-ours", "/insurer/identifiers"),
        ({}, 422, "document-malformed", "/clauses"),
        ("policy", 422, "invalid-input", "document"),
    ],
)
async def test_what_is_no_endorsement_changes_nothing(
    trade: Any, document: Any, status: int, slug: str, field: str
) -> None:
    issued = await trade.issued()
    before = await trade.insurer.rows()

    answer = await _endorsed(trade, issued, document)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/v1/problems/{slug}")
    assert answer.json()["field"] == field
    assert await trade.insurer.rows() == before


@pytest.mark.parametrize("who", ["seller", "buyer", "bank"])
async def test_the_insurer_alone_endorses(trade: Any, who: str) -> None:
    issued = await trade.issued()

    answer = await getattr(trade, who).post(
        f"/v1/policies/{issued}/endorsements", {"document": _wider()}
    )

    assert (answer.status_code, answer.json()["field"]) == (403, "caller")
    assert answer.json()["type"] == "/v1/problems/not-the-insurer"


async def test_a_suspended_insurer_does_not(trade: Any) -> None:
    issued = await trade.issued()
    trade.consortium.story.change_status(3, PartyStatus.SUSPENDED)
    await trade.consortium.publish()

    answer = await _endorsed(trade, issued, _wider())

    assert answer.json()["type"] == "/v1/problems/party-not-active"
