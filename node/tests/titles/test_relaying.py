"""Acts that an offline key has signed: prepared here, and sent from this node's account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.carrying_out import carry_out
from tests.exchange.roads import Roads, delivered
from tests.signing import OFFLINE, STRANGER, give_offline_key, signed
from tests.titles.signed_away import by_hand
from tidan_node.domain.parties import PartyNotActive, PartyStatus
from tidan_node.domain.title_problems import StaleSeq
from tidan_node.domain.titles import TitleKind
from tidan_node.operations.operation import OperationStatus

FAR = 4_000_000_000
OFFER = {"recipient": 3, "what": 3, "deadline": FAR}


@pytest.fixture
async def offered(trade: Any) -> str:
    """A title on offer to the buyer, one of whose accounts is a key that is kept offline."""
    give_offline_key(trade.consortium.story, 3)
    title: str = await trade.offered()
    return title


async def _prepared(trade: Any, title: str, **more: Any) -> dict[str, Any]:
    wish = {"act": "accept", "arguments": {"id": title, "expectedSeq": 2}} | more
    answer = await trade.carrier.post("/v1/title-acts:prepare", wish)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


class TestAnotherPartysAct:
    async def test_the_act_is_named_and_whose_it_is(self, trade: Any, offered: str) -> None:
        wish = signed(await _prepared(trade, offered))

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert (told["title"], told["act"]) == (offered, "accept")
        assert told["signer"] == {"index": 3, "name": "Party 3 Ltd"}
        assert told["operation"]["kind"] == "title.relay"
        assert told["onlyRelayed"] is True
        ((_, call),) = await trade.carrier.waiting()
        assert (call.function, call.args[:2]) == ("relay", (wish["call"], wish["signer"].lower()))

    async def test_the_trail_has_it(self, trade: Any, offered: str) -> None:
        await trade.carrier.post("/v1/title-acts:relay", signed(await _prepared(trade, offered)))

        act, subject, detail = (await trade.carrier.trail())[-1]

        assert (act, subject, detail["act"]) == ("title.relay", offered, "accept")
        assert detail["signer"] == OFFLINE.address.lower()

    async def test_somebody_elses_signature_is_refused(self, trade: Any, offered: str) -> None:
        wish = signed(await _prepared(trade, offered), STRANGER) | {"signer": OFFLINE.address}

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert (answer.status_code, answer.json()["field"]) == (403, "signature")
        assert answer.json()["type"] == "/v1/problems/signature-invalid"

    async def test_an_account_of_no_party_has_nothing_sent(self, trade: Any, offered: str) -> None:
        wish = signed(await _prepared(trade, offered), STRANGER)

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert (answer.status_code, answer.json()["field"]) == (403, "signer")
        assert answer.json()["type"] == "/v1/problems/not-enrolled"

    async def test_it_is_good_until_then_and_no_longer(self, trade: Any, offered: str) -> None:
        wish = signed(await _prepared(trade, offered))
        trade.consortium.story.next_block(24 * 3600)

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert answer.json()["type"] == "/v1/problems/signature-expired"
        assert wish["validUntil"].removesuffix("Z") in answer.json()["detail"]

    async def test_a_stale_act_is_refused(self, trade: Any, offered: str) -> None:
        seen = {"arguments": {"id": offered, "expectedSeq": 3}}
        wish = signed(await _prepared(trade, offered, **seen))

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert answer.json()["type"] == "/v1/problems/stale-seq"

    @pytest.mark.parametrize("change", [lambda call: call + "00", lambda call: "0x12345678"])
    async def test_what_is_no_act_is_not_sent(self, trade: Any, offered: str, change: Any) -> None:
        wish = signed(await _prepared(trade, offered))

        answer = await trade.carrier.post(
            "/v1/title-acts:relay", wish | {"call": change(wish["call"])}
        )

        assert answer.json()["type"] == "/v1/problems/act-not-signable"

    async def test_a_suspended_party_is_told_by_the_chain(self, trade: Any, offered: str) -> None:
        wish = signed(await _prepared(trade, offered))
        trade.consortium.story.change_status(3, PartyStatus.SUSPENDED)
        await trade.consortium.publish()

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert answer.status_code == 202
        with pytest.raises(PartyNotActive):
            await trade.carrier.carry_out()

    async def test_what_is_sent_twice_at_once_is_done_once(self, trade: Any, offered: str) -> None:
        wish = signed(await _prepared(trade, offered))
        for _ in range(2):
            answer = await trade.carrier.post("/v1/title-acts:relay", wish)
            assert answer.status_code == 202
        (_, call), (_, again) = await trade.carrier.waiting()
        assert call == again

        carry_out(trade.consortium.story, call, trade.carrier.party)
        with pytest.raises(StaleSeq):
            carry_out(trade.consortium.story, again, trade.carrier.party)


class TestOnesOwnAct:
    """It does here all that the direct act does; only another key has signed it."""

    async def relayed(self, office: Any, wish: dict[str, Any]) -> dict[str, Any]:
        prepared = await office.post("/v1/title-acts:prepare", wish)
        assert prepared.status_code == 200, prepared.text
        answer = await office.post("/v1/title-acts:relay", signed(prepared.json()))
        assert answer.status_code == 202, answer.text
        told: dict[str, Any] = answer.json()
        assert told["onlyRelayed"] is False
        return told

    async def refused(self, office: Any, act: str, title: str, **more: Any) -> tuple[str, str]:
        """Signed without any node's judgement, as time may pass between preparing and relaying."""
        seq = (await office.get(f"/v1/titles/{title}")).json()["seq"]
        made = by_hand(office, act, {"id": title, "expectedSeq": seq} | more)
        answer = await office.post("/v1/title-acts:relay", signed(made))
        return answer.json()["type"].removeprefix("/v1/problems/"), answer.json()["field"]

    async def test_an_offers_package_leaves_with_it(self, trade: Any) -> None:
        give_offline_key(trade.consortium.story, 2)
        title = await trade.issued()
        roads = Roads(trade.consortium.offices)
        await delivered(roads.courier(trade.carrier))

        told = await self.relayed(
            trade.seller, {"act": "offer", "arguments": {"id": title, "recipient": "Party 3 Ltd"}}
        )
        await trade.seller.carry_out()
        await delivered(roads.courier(trade.seller))
        accepted = await trade.buyer.post(f"/v1/titles/{title}/offers/accept")

        assert told["operation"]["kind"] == "title.relay"
        assert accepted.status_code == 202, accepted.text
        acts = [act for act, subject, _ in await trade.seller.trail() if subject == title]
        assert acts[-4:-1] == ["title.offer", "parcel.queued", "title.relay"]

    async def test_nothing_leaves_before_the_chain_has_the_offer(self, trade: Any) -> None:
        give_offline_key(trade.consortium.story, 2)
        title = await trade.issued()
        roads = Roads(trade.consortium.offices)
        await delivered(roads.courier(trade.carrier))
        told = await self.relayed(
            trade.seller, {"act": "offer", "arguments": {"id": title, "recipient": 3}}
        )
        await trade.seller.end(told["operation"]["id"], OperationStatus.FAILED)
        roads.seen.clear()

        await delivered(roads.courier(trade.seller))

        assert roads.seen == []

    async def test_it_ends_with_what_it_offers(self, trade: Any) -> None:
        """Sent after the offer's own deadline it would be in vain, however long it was signed."""
        give_offline_key(trade.consortium.story, 2)
        title = await trade.issued()
        soon = datetime.fromtimestamp(trade.consortium.story.now + 600, UTC)
        offer = {"id": title, "recipient": 3, "deadline": soon.isoformat()}

        told = await self.relayed(trade.seller, {"act": "offer", "arguments": offer})

        assert datetime.fromisoformat(told["operation"]["deadline"]) == soon

    async def test_a_title_is_not_accepted_without_its_package(
        self, trade: Any, offered: str
    ) -> None:
        accept = {"act": "accept", "arguments": {"id": offered}}

        told = await self.refused(trade.buyer, "accept", offered)
        assert told == ("package-missing", "title")

        package = await trade.package(offered)
        assert (await trade.buyer.post_file("/v1/packages", package)).status_code == 201
        await self.relayed(trade.buyer, accept)
        await trade.buyer.carry_out()
        shown = (await trade.carrier.get(f"/v1/titles/{offered}")).json()
        assert shown["possessor"]["index"] == 3

    async def test_a_pledge_goes_its_way_by_signatures_alone(self, trade: Any) -> None:
        story = trade.consortium.story
        give_offline_key(story, 2)
        title = await trade.issued()
        roads = Roads(trade.consortium.offices)
        await delivered(roads.courier(trade.carrier))
        proposal = {"id": title, "pledgee": "Party 4 Ltd"}

        await self.relayed(trade.seller, {"act": "proposePledge", "arguments": proposal})
        await trade.seller.carry_out()
        await delivered(roads.courier(trade.seller))
        accepted = await trade.bank.post(f"/v1/titles/{title}/pledges/accept")

        assert accepted.status_code == 202, accepted.text
        await trade.bank.carry_out()
        shown = (await trade.carrier.get(f"/v1/titles/{title}")).json()
        assert shown["pledge"]["bank"]["index"] == 4

    @pytest.mark.parametrize(
        ("act", "more", "slug", "field"),
        [
            ("offer", OFFER | {"recipient": 2}, "offer-to-self", "recipient"),
            ("offer", OFFER | {"what": 0}, "nothing-offered", "what"),
            ("offer", OFFER | {"deadline": 2**40 - 2}, "act-not-signable", "call"),
            ("endorse", {"to": int(TitleKind.STRAIGHT)}, "endorsement-unfit", "kind"),
            (
                "proposePledge",
                {"pledgee": "0x" + "ff" * 32, "deadline": FAR},
                "pledgee-unfit",
                "pledgee",
            ),
            ("surrenderForAmendment", {"reason": 99}, "act-not-signable", "call"),
            ("acceptSurrender", {}, "no-surrender-pending", "title"),
            ("decline", {}, "no-open-offer", "title"),
            (
                "lock",
                {"gateway": "0x" + "77" * 20, "transfer": "0x" + "01" * 32},
                "gateway-unknown",
                "gateway",
            ),
        ],
    )
    async def test_the_rules_are_asked_before_the_chain(
        self, trade: Any, act: str, more: dict[str, Any], slug: str, field: str
    ) -> None:
        give_offline_key(trade.consortium.story, 2)
        title = await trade.issued()

        told = await self.refused(trade.seller, act, title, **more)

        assert told == (slug, field)
        assert await trade.seller.waiting() == []

    async def test_a_suspended_party_hears_it_at_once(self, trade: Any) -> None:
        give_offline_key(trade.consortium.story, 2)
        title = await trade.issued()
        trade.consortium.story.change_status(2, PartyStatus.SUSPENDED)
        await trade.consortium.publish()

        slug, _ = await self.refused(trade.seller, "offer", title, **OFFER)

        assert slug == "party-not-active"

    async def test_surrender_rejection_and_endorsement_go_the_same_way(self, trade: Any) -> None:
        story = trade.consortium.story
        give_offline_key(story, 2)
        title = await trade.issued()

        for act, more in (
            ("endorse", {"to": "BLANK"}),
            ("endorse", {"to": "ORDER"}),
            ("surrenderForAmendment", {"reason": "TO_PAPER"}),
            ("cancelSurrender", {}),
            ("surrenderForDelivery", {}),
        ):
            await self.relayed(trade.seller, {"act": act, "arguments": {"id": title} | more})
            await trade.seller.carry_out()

        shown = (await trade.carrier.get(f"/v1/titles/{title}")).json()
        assert (shown["status"], shown["kind"]) == ("PENDING_DELIVERY", "ORDER")
