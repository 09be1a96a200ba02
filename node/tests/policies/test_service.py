"""Acts on a policy: what the node intends, and what it refuses before the chain is asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import policy
from tidan_node.domain.parties import PartyStatus
from tidan_node.ledger.codec import encode_call

STRANGER = "0x" + "ab" * 32
ACTS: dict[str, dict[str, Any]] = {
    "endorsements": {"document": policy()},
    "assignment": {"lossPayee": "1"},
    "cancellation": {},
}


async def _intent(office: Any) -> tuple[Any, ...]:
    ((_, call),) = await office.waiting()
    assert call.contract == "PolicyRegistry"
    assert encode_call(call)
    return (call.function, *call.args)


async def _refused(office: Any, policy: str, act: str, **wish: Any) -> tuple[int, str, str | None]:
    answer = await office.post(f"/v1/policies/{policy}/{act}", wish or ACTS[act])
    problem = answer.json()
    return answer.status_code, problem["type"].rsplit("/", 1)[-1], problem.get("field")


class TestAssignment:
    async def test_the_insured_names_its_bank(self, trade: Any) -> None:
        policy = await trade.issued()

        answer = await trade.seller.post(f"/v1/policies/{policy}/assignment", {"lossPayee": 1})

        assert (answer.status_code, answer.json()["policy"]) == (202, policy)
        assert await _intent(trade.seller) == ("assign", policy, 1, 1)

    async def test_the_loss_payee_is_sent_the_content_that_is_held(self, trade: Any) -> None:
        policy = await trade.received()

        answer = await trade.seller.post(f"/v1/policies/{policy}/assignment", {"lossPayee": "1"})

        assert answer.status_code == 202
        (*_, (act, subject, detail)) = await trade.seller.trail()
        assert (act, subject, detail["recipient"]) == ("parcel.queued", policy, 1)

    async def test_nothing_is_sent_where_nothing_is_held(self, trade: Any) -> None:
        policy = await trade.issued()

        await trade.seller.post(f"/v1/policies/{policy}/assignment", {"lossPayee": "1"})

        assert [act for act, _, _ in await trade.seller.trail()] == ["policy.assign"]

    async def test_it_is_made_once(self, trade: Any) -> None:
        policy = await trade.issued()
        await trade.act(trade.seller, policy, "assignment", lossPayee="1")

        refusal = await _refused(trade.seller, policy, "assignment", lossPayee="4")

        assert refusal == (409, "wrong-status", "policy")

    @pytest.mark.parametrize("who", ["insurer", "bank", "buyer"])
    async def test_the_insured_alone_makes_it(self, trade: Any, who: str) -> None:
        policy = await trade.issued()

        refusal = await _refused(getattr(trade, who), policy, "assignment")

        assert refusal == (403, "not-the-insured", "caller")

    @pytest.mark.parametrize(
        ("wish", "status", "slug"),
        [
            ({"lossPayee": "99"}, 404, "party-unknown"),
            ({"lossPayee": ""}, 422, "invalid-input"),
            ({"lossPayee": None}, 422, "invalid-input"),
        ],
    )
    async def test_it_names_a_party(
        self, trade: Any, wish: dict[str, Any], status: int, slug: str
    ) -> None:
        policy = await trade.issued()

        refusal = await _refused(trade.seller, policy, "assignment", **wish)

        assert refusal == (status, slug, "lossPayee")

    @pytest.mark.parametrize(("suspended", "field"), [(2, "caller"), (1, "lossPayee")])
    async def test_both_sides_are_in_good_standing(
        self, trade: Any, suspended: int, field: str
    ) -> None:
        policy = await trade.issued()
        trade.consortium.story.change_status(suspended, PartyStatus.SUSPENDED)
        await trade.consortium.publish()

        refusal = await _refused(trade.seller, policy, "assignment")

        assert refusal == (409, "party-not-active", field)


class TestCancellation:
    async def test_the_insurer_ends_it(self, trade: Any) -> None:
        policy = await trade.issued()

        assert (await trade.insurer.post(f"/v1/policies/{policy}/cancellation")).status_code == 202
        assert await _intent(trade.insurer) == ("cancel", policy, 1)

    async def test_the_insurer_ends_an_assigned_one(self, trade: Any) -> None:
        policy = await trade.issued()
        await trade.act(trade.seller, policy, "assignment", lossPayee="1")

        assert (await trade.insurer.post(f"/v1/policies/{policy}/cancellation")).status_code == 202

    @pytest.mark.parametrize("who", ["seller", "bank"])
    async def test_nobody_else_does(self, trade: Any, who: str) -> None:
        policy = await trade.issued()

        refusal = await _refused(getattr(trade, who), policy, "cancellation")

        assert refusal == (403, "not-the-insurer", "caller")


class TestEveryAct:
    @pytest.mark.parametrize("act", ACTS)
    async def test_there_is_none_after_a_cancellation(self, trade: Any, act: str) -> None:
        policy = await trade.issued()
        await trade.act(trade.insurer, policy, "cancellation")
        office = trade.seller if act == "assignment" else trade.insurer

        assert await _refused(office, policy, act) == (409, "wrong-status", "policy")

    @pytest.mark.parametrize("act", ACTS)
    async def test_there_is_none_after_the_end_of_cover(self, trade: Any, act: str) -> None:
        policy = await trade.issued()
        trade.consortium.story.next_block(10**8)
        office = trade.seller if act == "assignment" else trade.insurer

        assert await _refused(office, policy, act) == (409, "policy-expired", "policy")

    @pytest.mark.parametrize("act", ACTS)
    async def test_it_is_for_the_policy_that_was_seen(self, trade: Any, act: str) -> None:
        policy = await trade.issued()
        wish = ACTS[act] | {"expectedSeq": 7}

        answer = await trade.insurer.post(f"/v1/policies/{policy}/{act}", wish)

        assert (answer.status_code, answer.json()["field"]) == (409, "expectedSeq")
        assert answer.json()["actualSeq"] == 1

    @pytest.mark.parametrize("act", ACTS)
    async def test_there_is_none_on_a_policy_that_is_not_there(self, trade: Any, act: str) -> None:
        refusal = await _refused(trade.insurer, STRANGER, act)

        assert refusal == (404, "record-unknown", "policy")

    async def test_each_is_in_the_trail_with_its_operation(self, trade: Any) -> None:
        policy = await trade.issued()

        answer = await trade.seller.post(f"/v1/policies/{policy}/assignment", {"lossPayee": "1"})

        ((act, subject, detail),) = await trade.seller.trail()
        assert (act, subject, detail["lossPayee"]) == ("policy.assign", policy, 1)
        assert detail["operation"] == answer.json()["operation"]["id"]
