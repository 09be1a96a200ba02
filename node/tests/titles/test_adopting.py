"""Acts that were prepared from documents here, and sent to the chain by another node."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.roads import Roads, delivered, parcels
from tests.papers import transport_document
from tests.signing import give_offline_key
from tests.story import acting
from tests.titles.signed_away import (
    ISSUE,
    kept,
    prepared,
    relayed,
    sent_elsewhere,
    stated_in,
    surrendered,
    taken_up,
)
from tests.titles.test_alarming import StopAt, Stopped
from tidan_node.domain.identifiers import PartyIndex, TitleId
from tidan_node.operations.operation import OperationStatus
from tidan_node.titles.module import forget_expired


@pytest.fixture(autouse=True)
async def offline(trade: Any) -> None:
    """The carrier has an account whose key is kept elsewhere."""
    give_offline_key(trade.consortium.story, 1)
    await trade.consortium.publish()


async def adopted(office: Any) -> list[str]:
    return [subject for act, subject, _ in await office.trail() if act == "title.adopt"]


async def document(office: Any, title: str) -> dict[str, Any] | None:
    answer = await office.get(f"/v1/titles/{title}/document")
    found: dict[str, Any] = answer.json()
    return found if answer.status_code == 200 else None


async def issued_elsewhere(trade: Any) -> str:
    act = await prepared(trade.carrier, "issue", **ISSUE)
    await sent_elsewhere(trade, act)
    title: str = act["titles"][0]
    return title


class TestIssued:
    async def test_the_node_that_prepared_it_has_the_document(self, trade: Any) -> None:
        title = await issued_elsewhere(trade)
        assert await document(trade.carrier, title) is None

        await taken_up(trade.carrier)

        assert await document(trade.carrier, title) == ISSUE["document"]
        assert await adopted(trade.carrier) == [title]

    async def test_its_holder_gets_the_package_and_passes_the_title_on(self, trade: Any) -> None:
        title = await issued_elsewhere(trade)
        await taken_up(trade.carrier)

        await delivered(Roads(trade.consortium.offices).courier(trade.carrier))

        assert await document(trade.seller, title) == ISSUE["document"]
        offer = await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "3"})
        assert offer.status_code == 202

    async def test_who_only_sent_it_has_nothing_to_take_up(self, trade: Any) -> None:
        title = await issued_elsewhere(trade)

        await taken_up(trade.buyer)

        assert await document(trade.buyer, title) is None
        assert await parcels(trade.buyer) == []

    async def test_the_package_goes_to_who_possesses_it_by_then(self, trade: Any) -> None:
        title = TitleId(await issued_elsewhere(trade))
        trade.consortium.story.offer(title, 3)
        trade.consortium.story.accept(title)
        await trade.consortium.publish()

        await taken_up(trade.carrier)

        (parcel,) = await parcels(trade.carrier)
        assert parcel["party"]["index"] == 3

    async def test_nothing_is_taken_up_before_the_chain_has_it(self, trade: Any) -> None:
        await prepared(trade.carrier, "issue", **ISSUE)

        await taken_up(trade.carrier)

        assert (await trade.carrier.rows())[1] == 0
        assert await parcels(trade.carrier) == []

    async def test_what_came_in_time_is_kept_until_it_is_taken_up(self, trade: Any) -> None:
        """The node was down meanwhile, and reads of it when its time is long over."""
        title = await issued_elsewhere(trade)
        trade.consortium.story.next_block(31 * 24 * 3600)
        await trade.consortium.publish()
        async with trade.carrier.database.writing() as connection:
            await forget_expired(connection)

        await taken_up(trade.carrier)

        assert await document(trade.carrier, title) == ISSUE["document"]
        async with trade.carrier.database.writing() as connection:
            await forget_expired(connection)
        assert await kept(trade.carrier) == []


class TestOnce:
    async def test_looking_again_does_nothing(self, trade: Any) -> None:
        title = await issued_elsewhere(trade)
        await taken_up(trade.carrier)
        before = await trade.carrier.rows()

        await taken_up(trade.carrier)

        assert await trade.carrier.rows() == before
        assert await adopted(trade.carrier) == [title]
        assert len(await parcels(trade.carrier)) == 1

    async def test_what_ends_before_the_commit_has_done_nothing(self, trade: Any) -> None:
        title = await issued_elsewhere(trade)
        with pytest.raises(Stopped):
            await taken_up(trade.carrier, StopAt("adopting.before-commit"))
        assert await document(trade.carrier, title) is None
        assert await parcels(trade.carrier) == []

        await taken_up(trade.carrier)

        assert await adopted(trade.carrier) == [title]
        assert len(await parcels(trade.carrier)) == 1

    async def test_what_ends_after_the_commit_has_done_it(self, trade: Any) -> None:
        title = await issued_elsewhere(trade)
        with pytest.raises(Stopped):
            await taken_up(trade.carrier, StopAt("adopting.after-commit"))

        await taken_up(trade.carrier)

        assert await adopted(trade.carrier) == [title]
        assert len(await parcels(trade.carrier)) == 1

    async def test_what_was_sent_from_here_is_not_taken_up_as_well(self, trade: Any) -> None:
        await relayed(trade.carrier, await prepared(trade.carrier, "issue", **ISSUE))
        await trade.carrier.carry_out()

        await taken_up(trade.carrier)

        assert await adopted(trade.carrier) == []
        assert len(await parcels(trade.carrier)) == 1

    async def test_sent_from_here_too_late_it_is_taken_up(self, trade: Any) -> None:
        """The other node's was first: what waits for our own operation never leaves."""
        act = await prepared(trade.carrier, "issue", **ISSUE)
        ours = await relayed(trade.carrier, act)
        await sent_elsewhere(trade, act)
        await trade.carrier.end(ours["operation"]["id"], OperationStatus.FAILED)

        await taken_up(trade.carrier)
        await delivered(Roads(trade.consortium.offices).courier(trade.carrier))

        assert await document(trade.seller, act["titles"][0]) == ISSUE["document"]
        statuses = sorted(each["status"] for each in await parcels(trade.carrier))
        assert statuses == ["delivered", "expired"]


class TestAnotherDocument:
    async def test_of_two_drafts_the_one_that_is_on_the_chain_is_taken_up(self, trade: Any) -> None:
        first = await prepared(trade.carrier, "issue", **ISSUE)
        other = ISSUE | {"document": ISSUE["document"] | {"termsAndConditions": "Others."}}
        second = await prepared(trade.carrier, "issue", **other)
        assert first["titles"] == second["titles"]
        await sent_elsewhere(trade, second)

        await taken_up(trade.carrier)

        assert await document(trade.carrier, first["titles"][0]) == other["document"]
        assert (await trade.carrier.rows())[1] == 1

    async def test_what_differs_from_the_chain_is_not(self, trade: Any) -> None:
        """The number was issued otherwise, under a root of another secret."""
        act = await prepared(trade.carrier, "issue", **ISSUE)
        number, series, _, terms = stated_in(act)
        stated = (number, series, b"\x07" * 32, terms)
        carrier = acting(PartyIndex(1))
        (title,) = trade.consortium.story.on_title("issue", stated, account=carrier)
        await trade.consortium.publish()
        assert [title] == act["titles"]

        await taken_up(trade.carrier)

        assert await adopted(trade.carrier) == []
        assert (await trade.carrier.rows())[1] == 0
        assert await parcels(trade.carrier) == []


class TestEveryActOnDocuments:
    """All that can be prepared from documents is taken up."""

    async def taken_up(self, trade: Any, act: str, **body: Any) -> list[str]:
        told = await prepared(trade.carrier, act, **body)
        await sent_elsewhere(trade, told)
        await taken_up(trade.carrier)
        titles: list[str] = told["titles"]
        return titles

    async def numbers(self, trade: Any, titles: list[str]) -> list[tuple[str, str | None]]:
        """What the seller has got of these titles."""
        await delivered(Roads(trade.consortium.offices).courier(trade.carrier))
        found = [await document(trade.seller, title) for title in titles]
        return [
            (each["transportDocumentReference"], each.get("transportDocumentSubReference"))
            for each in found
            if each is not None
        ]

    async def test_in_place_of_paper(self, trade: Any) -> None:
        titles = await self.taken_up(trade, "issueFromPaper", withdrawal="0x" + "9c" * 32, **ISSUE)

        assert await self.numbers(trade, titles) == [("TDB-0417", None)]

    async def test_several_at_once(self, trade: Any) -> None:
        bills = [ISSUE | {"document": transport_document(number)} for number in ("ONE", "TWO")]

        titles = await self.taken_up(trade, "issueBatch", titles=bills)

        assert await self.numbers(trade, titles) == [("ONE", None), ("TWO", None)]

    async def test_an_amended_bill(self, trade: Any) -> None:
        title = await trade.issued()
        await surrendered(trade, title)
        amended = transport_document(sub_reference="A")

        titles = await self.taken_up(
            trade, "amend", title=title, document=amended, reason="CORRECTION"
        )

        assert await self.numbers(trade, titles) == [("TDB-0417", "A")]

    async def test_a_switched_bill(self, trade: Any) -> None:
        title = await trade.issued()
        await surrendered(trade, title)

        titles = await self.taken_up(
            *(trade, "switchBill"),
            title=title,
            document=transport_document("OTHER"),
            reason="SWITCH",
        )

        assert await self.numbers(trade, titles) == [("OTHER", None)]

    async def test_a_bill_that_is_split_and_made_one_again(self, trade: Any) -> None:
        title = await trade.issued()
        await surrendered(trade, title)
        parts = [transport_document(number) for number in ("PART-1", "PART-2")]
        split = await self.taken_up(trade, "split", title=title, documents=parts, reason="SPLIT")
        assert await self.numbers(trade, split) == [("PART-1", None), ("PART-2", None)]
        for part in split:
            await surrendered(trade, part)

        whole = await self.taken_up(
            *(trade, "combine"),
            titles=split,
            document=transport_document("WHOLE"),
            reason="COMBINATION",
        )

        assert await self.numbers(trade, whole) == [("WHOLE", None)]
