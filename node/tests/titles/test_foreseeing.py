"""An act that must fail as things stand is not prepared: it is refused as the direct act is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.signing import give_offline_key
from tests.story import GATEWAY
from tests.titles.signed_away import prepared, surrendered
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.membership_events import SuccessorNamed
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.titles import TitleKind
from tidan_node.domain.titles.terms import packed

LOCKED = {"gateway": GATEWAY, "transfer": "0x" + "01" * 32}
SUCCESSOR = {
    **{"number": "0x" + "01" * 32, "series": "0x" + "02" * 32, "contentRoot": "0x" + "03" * 32},
    **{"possessor": 2, "titleholder": 2, "kind": "ORDER", "schema": 1, "version": 1, "rulebook": 0},
}


async def refused(office: Any, act: str, title: str, **more: Any) -> str:
    """With what problem it is refused to be prepared, and nothing stays of it."""
    before = await office.rows()
    answer = await office.post(
        "/v1/title-acts:prepare", {"act": act, "arguments": {"id": title} | more}
    )
    assert answer.status_code >= 400, answer.text
    assert await office.rows() == before
    return str(answer.json()["type"]).removeprefix("/v1/problems/")


async def proposed(trade: Any) -> str:
    """A title that the seller offers to the bank as security."""
    title: str = await trade.issued()
    answer = await trade.seller.post(f"/v1/titles/{title}/pledges", {"pledgee": "4"})
    assert answer.status_code == 202, answer.text
    await trade.seller.carry_out()
    return title


class TestRefused:
    """At the bank's node, to whom nothing of the title belongs: no signer could do it."""

    @pytest.mark.parametrize(
        ("act", "more", "slug"),
        [
            ("acceptPledge", {}, "no-pledge-proposed"),
            ("declinePledge", {}, "no-pledge-proposed"),
            ("consent", {}, "not-pledged"),
            ("releasePledge", {}, "not-pledged"),
            ("enforcePledge", {"recipient": 3}, "not-pledged"),
            ("accept", {}, "no-open-offer"),
            ("decline", {}, "no-open-offer"),
            ("withdraw", {}, "no-open-offer"),
            ("offer", {"recipient": 2}, "offer-to-self"),
            ("offer", {"recipient": 3, "what": ["possession", "final"]}, "final-without-title"),
            ("endorse", {"to": "ORDER"}, "endorsement-unfit"),
            ("proposePledge", {"pledgee": "3"}, "pledgee-unfit"),
            ("surrenderForAmendment", {"reason": 99}, "act-not-signable"),
            ("cancelSurrender", {}, "no-surrender-pending"),
            ("acceptSurrender", {}, "no-surrender-pending"),
            ("rejectSurrender", {"reason": "OTHER"}, "no-surrender-pending"),
            ("switchToPaper", {"reason": "OTHER"}, "no-surrender-pending"),
            ("endAsPaper", {}, "carrier-not-revoked"),
            (
                "lock",
                {"gateway": "0x" + "12" * 20, "transfer": "0x" + "01" * 32},
                "gateway-unknown",
            ),
        ],
    )
    async def test_what_nobody_could_do_with_a_title_at_rest(
        self, trade: Any, act: str, more: dict[str, Any], slug: str
    ) -> None:
        title = await trade.issued()

        assert await refused(trade.bank, act, title, **more) == slug

    @pytest.mark.parametrize("act", ["surrenderForDelivery", "offer", "proposePledge", "lock"])
    async def test_what_nobody_could_do_with_a_title_that_is_offered(
        self, trade: Any, act: str
    ) -> None:
        title = await trade.offered()
        more = {"offer": {"recipient": 3}, "proposePledge": {"pledgee": 4}, "lock": LOCKED}

        assert await refused(trade.bank, act, title, **more.get(act, {})) == "offer-already-open"

    async def test_a_title_is_answered_by_what_it_was_surrendered_for(self, trade: Any) -> None:
        title = await trade.issued()
        path, body = f"/v1/titles/{title}/surrenders/amendment", {"reason": "SPLIT"}
        await trade.seller.post(path, body)
        await trade.seller.carry_out()

        slug = await refused(trade.bank, "switchToPaper", title, reason="TO_PAPER")

        assert slug == "surrendered-for-another"

    async def test_a_title_that_was_not_surrendered_is_replaced_by_nothing_stated_by_hand(
        self, trade: Any
    ) -> None:
        title = await trade.issued()

        slug = await refused(trade.bank, "amend", title, successor=SUCCESSOR, reason="CORRECTION")

        assert slug == "no-surrender-pending"

    @pytest.mark.parametrize(("seqs", "slug"), [([2, 1], "stale-seq"), ([2], "count-unfit")])
    async def test_titles_that_are_combined_each_have_their_seq(
        self, trade: Any, seqs: list[int], slug: str
    ) -> None:
        titles = [await trade.issued("TDB-1"), await trade.issued("TDB-2")]
        for title in titles:
            await surrendered(trade, title)
        stated = {"ids": titles, "successor": SUCCESSOR, "reason": "COMBINATION"}
        wish = {"act": "combine", "arguments": stated | {"expectedSeqs": seqs}}

        answer = await trade.bank.post("/v1/title-acts:prepare", wish)

        assert answer.json()["type"] == f"/v1/problems/{slug}"

    async def test_what_nobody_has_nobody_surrenders(self, trade: Any) -> None:
        """A title that arrives is nobody's until it is accepted."""
        story = trade.consortium.story
        stated = *(bytes([name]) * 32 for name in (1, 2, 3)), packed(2, 2, TitleKind.ORDER, 1, 1, 0)
        story.admit_gateway(PartyIndex(1))
        (title,) = story.on_title("importTitle", stated, 1, b"\x04" * 32, account=GATEWAY)
        await trade.consortium.publish()

        assert await refused(trade.bank, "surrenderForDelivery", title) == "title-not-live"

    async def test_a_party_that_is_suspended_does_not_pass_a_title_on(self, trade: Any) -> None:
        title = await trade.issued()
        trade.consortium.story.change_status(2, PartyStatus.SUSPENDED)
        await trade.consortium.publish()

        assert await refused(trade.bank, "offer", title, recipient=3) == "party-not-active"


class TestPrepared:
    """What somebody could do is prepared, at whosever node."""

    async def test_an_act_of_each_party_that_has_a_place_in_the_title(self, trade: Any) -> None:
        title = await proposed(trade)

        for act in ("acceptPledge", "declinePledge", "withdraw"):
            assert await prepared(trade.buyer, act, arguments={"id": title})

    async def test_an_acceptance_needs_no_package_yet(self, trade: Any) -> None:
        title = await trade.offered()

        assert await prepared(trade.buyer, "accept", arguments={"id": title})

    async def test_an_act_upon_a_state_that_is_still_to_come(self, trade: Any) -> None:
        title = await trade.issued()

        assert await prepared(trade.buyer, "accept", arguments={"id": title, "expectedSeq": 2})

    async def test_an_answer_of_the_successor_of_a_revoked_carrier(self, trade: Any) -> None:
        title = await trade.issued()
        await surrendered(trade, title)
        story = trade.consortium.story
        story.change_roles(PartyIndex(3), Role.CARRIER)
        story.change_status(PartyIndex(1), PartyStatus.REVOKED)
        story.emit(SuccessorNamed(PartyIndex(1), PartyIndex(3)))
        await trade.consortium.publish()

        arguments = {"id": title, "reason": "OTHER"}
        assert await prepared(trade.bank, "rejectSurrender", arguments=arguments)

    async def test_what_a_revoked_party_may_still_do(self, trade: Any) -> None:
        title = await trade.offered()
        trade.consortium.story.change_status(PartyIndex(2), PartyStatus.REVOKED)
        await trade.consortium.publish()

        assert await prepared(trade.bank, "withdraw", arguments={"id": title})

    async def test_nothing_is_sent_by_asking(self, trade: Any) -> None:
        give_offline_key(trade.consortium.story, 2)
        title = await trade.issued()
        before = await trade.seller.rows()

        await prepared(trade.seller, "offer", arguments={"id": title, "recipient": 3})

        assert await trade.seller.rows() == before
        assert (await trade.seller.get("/v1/parcels")).json()["items"] == []
