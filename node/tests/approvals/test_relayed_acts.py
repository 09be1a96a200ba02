"""An act that another key has signed waits for approval, and is then done in full."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import transport_document
from tests.signing import give_offline_key, signed
from tidan_node.ledger.abi import signatures
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole
from tidan_node.titles.relay_rules import RULES

RELAY = "/v1/title-acts:relay"


async def offered(house: Any, maker: Any) -> dict[str, Any]:
    """What is relayed of an offer that the seller's offline key has signed."""
    give_offline_key(house.consortium.story, 2)
    await house.consortium.publish()
    offer = {"act": "offer", "arguments": {"id": house.title, "recipient": "Party 3 Ltd"}}
    prepared = await maker.post("/v1/title-acts:prepare", offer)
    assert prepared.status_code == 200, prepared.text
    return signed(prepared.json())


async def test_who_approves_reads_what_was_signed(house: Any) -> None:
    checker, maker = await house.checker(), await house.maker()
    await house.require("title.relay", 1)
    approval = await maker.waiting(RELAY, await offered(house, maker))

    intended = (await checker.get(f"/v1/approvals/{approval}")).json()["intended"]

    assert (intended["kind"], intended["target"]) == ("title.relay", house.title)
    details = intended["details"]
    assert (details["act"], details["recipient"], details["what"]) == ("offer", 3, 3)
    assert intended["parties"]["3"] == "Party 3 Ltd"
    assert await house.seller.waiting() == []


async def test_once_approved_it_does_all_that_the_direct_act_does(house: Any) -> None:
    checker, maker = await house.checker(), await house.maker()
    await house.require("title.relay", 1)
    approval = await maker.waiting(RELAY, await offered(house, maker))

    done = (await checker.approve(approval)).json()

    assert (done["status"], done["answer"]["onlyRelayed"]) == ("done", False)
    ((_, call),) = await house.seller.waiting()
    assert call.function == "relay"
    assert [act for act, *_ in await house.seller.trail()].count("parcel.queued") == 1


class TestTheDirectActsRule:
    """What waits when the node's own account does it waits when another key of its party does."""

    async def test_an_offer_that_another_key_has_signed_waits_like_any_offer(
        self, house: Any
    ) -> None:
        checker, maker = await house.checker(), await house.maker()
        await house.require("title.offer", 1)

        approval = await maker.waiting(RELAY, await offered(house, maker))

        assert await house.seller.waiting() == []
        shown = (await checker.get(f"/v1/approvals/{approval}")).json()
        assert (shown["act"], shown["path"]) == ("title.offer", RELAY)
        assert (await checker.approve(approval)).json()["status"] == "done"
        ((_, call),) = await house.seller.waiting()
        assert call.function == "relay"

    async def test_an_issue_that_was_not_drafted_here_waits_like_any_issue(
        self, house: Any
    ) -> None:
        await house.checker()
        maker = await house.maker()
        give_offline_key(house.consortium.story, 2)
        await house.consortium.publish()
        issuance = dict.fromkeys(("number", "series", "contentRoot"), "0x" + "07" * 32)
        issuance |= {"possessor": 3, "titleholder": 3, "kind": "ORDER"}
        issuance |= {"schema": 1, "version": 1, "rulebook": 0}
        wish = {"act": "issue", "arguments": {"issuance": issuance}}
        act = (await maker.post("/v1/title-acts:prepare", wish)).json()
        await house.require("title.issue", 1)

        await maker.waiting(RELAY, signed(act))

        assert await house.seller.waiting() == []

    async def test_who_approves_an_issue_sees_the_document(self, house: Any) -> None:
        checker, maker = await house.checker(), await house.maker()
        blind = await house.person(
            "a blind one", UserRole.CHECKER, scopes=[Scope.APPROVALS_DECIDE, Scope.RECORDS_READ]
        )
        body = await drafted(house, maker)
        await house.require("title.issue", 1)
        approval = await maker.waiting(RELAY, body)

        seen = (await checker.get(f"/v1/approvals/{approval}")).json()["request"]

        assert seen["documents"] == [transport_document("TDB-9", code="SMDG:P2")]
        refused = await blind.approve(approval)
        assert refused.json()["type"] == "/v1/problems/approval-not-seen"
        done = (await checker.approve(approval)).json()
        assert done["status"] == "done", done
        assert done["answer"]["onlyRelayed"] is False

    async def test_other_documents_than_were_prepared_are_not_shown_to_anybody(
        self, house: Any
    ) -> None:
        await house.checker()
        maker = await house.maker()
        body = await drafted(house, maker)
        await house.require("title.issue", 1)

        for other in ([], [transport_document("TDB-8", code="SMDG:P2")]):
            answer = await maker.post(RELAY, body | {"documents": other})
            assert (answer.status_code, answer.json()["field"]) == (422, "documents")

    async def test_the_stricter_of_both_rules_holds(self, house: Any) -> None:
        first, second = await house.checker(), await house.checker("another checker")
        maker = await house.maker()
        await house.require("title.relay", 1)
        rule = (await another_rule(house, first, "title.offer", 2))["approvers"]
        approval = await maker.waiting(RELAY, await offered(house, maker))

        assert rule == 2
        assert (await first.approve(approval)).json()["status"] == "open"
        assert (await second.approve(approval)).json()["status"] == "done"

    async def test_a_rule_that_comes_while_it_waits_is_not_walked_around(self, house: Any) -> None:
        first = await house.checker()
        await house.checker("another checker")
        maker = await house.maker()
        await house.require("title.relay", 1)
        approval = await maker.waiting(RELAY, await offered(house, maker))
        await another_rule(house, first, "title.offer", 2)

        ended = (await first.approve(approval)).json()

        assert ended["status"] == "failed"
        assert ended["problem"]["type"] == "/v1/problems/rule-changed-meanwhile"
        assert await house.seller.waiting() == []

    async def test_what_only_stops_something_waits_for_nobody(self, house: Any) -> None:
        await house.checker()
        maker = await house.maker()
        give_offline_key(house.consortium.story, 2)
        offer = await maker.post(house.offers, {"recipient": "3"})
        assert offer.status_code == 202
        await house.seller.carry_out()
        await house.require("title.offer", 1)
        wish = {"act": "withdraw", "arguments": {"id": house.title}}
        act = (await maker.post("/v1/title-acts:prepare", wish)).json()

        answer = await maker.post(RELAY, signed(act))

        assert (answer.status_code, answer.json()["act"]) == (202, "withdraw")

    async def test_another_partys_act_is_no_offer_of_this_one(self, house: Any) -> None:
        await house.checker()
        maker = await house.maker()
        offer = await maker.post(house.offers, {"recipient": "3"})
        assert offer.status_code == 202
        await house.seller.carry_out()
        give_offline_key(house.consortium.story, 3)
        await house.consortium.publish()
        await house.require("title.accept", 1)
        wish = {"act": "accept", "arguments": {"id": house.title}}
        act = (await maker.post("/v1/title-acts:prepare", wish)).json()

        answer = await maker.post(RELAY, signed(act))

        assert (answer.status_code, answer.json()["onlyRelayed"]) == (202, True)

    @pytest.mark.parametrize("body", [None, {}, {"call": "0x"}, {"call": 7}, []])
    async def test_what_is_no_request_to_relay_is_refused_as_without_a_rule(
        self, house: Any, body: Any
    ) -> None:
        await house.checker()
        maker = await house.maker()
        await house.require("title.offer", 1)

        answer = await maker.post(RELAY, body)

        assert answer.status_code == 422


def test_every_act_has_the_rule_of_its_direct_act_or_only_stops_something() -> None:
    stops = {"withdraw", "decline", "declinePledge", "cancelSurrender"}
    registry = {each.name for each in signatures("TitleRegistry", "function") if not each.outputs}
    gateways = {"exportTitle", "returnTitle", "importTitle", "relay"}

    assert registry - RULES.keys() == stops | gateways
    assert RULES.keys() <= registry


async def another_rule(house: Any, checker: Any, act: str, approvers: int) -> dict[str, Any]:
    """A second rule, which waits for somebody itself."""
    answer = await house.seller.post("/v1/approval-rules", {"act": act, "approvers": approvers})
    assert answer.status_code == 202, answer.text
    done = (await checker.approve(answer.json()["approval"]["id"])).json()
    assert done["status"] == "done", done
    told: dict[str, Any] = done["answer"]
    return told


async def drafted(house: Any, maker: Any) -> dict[str, Any]:
    """What is relayed of an issue whose document the seller's node has prepared."""
    give_offline_key(house.consortium.story, 2)
    await house.consortium.publish()
    document = transport_document("TDB-9", code="SMDG:P2")
    wish = {"act": "issue", "document": document, "possessor": "3", "titleholder": "3"}
    prepared = await maker.post("/v1/title-acts:prepare", wish)
    assert prepared.status_code == 200, prepared.text
    return signed(prepared.json())
