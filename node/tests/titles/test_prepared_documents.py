"""Acts prepared from documents: what the node keeps of them until they are sent."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.exchange.roads import Roads, delivered
from tests.papers import transport_document
from tests.signing import STRANGER, give_offline_key, signed
from tests.titles.signed_away import ISSUE, kept, prepared, relayed, surrendered
from tidan_node.domain.parties import Role
from tidan_node.operations.operation import OperationStatus
from tidan_node.titles import repository
from tidan_node.titles.module import forget_expired
from tidan_node.titles.preparing import LONGEST


class TestDocuments:
    """A carrier whose key signs elsewhere has its node draft what the key signs."""

    @pytest.fixture(autouse=True)
    def offline(self, trade: Any) -> None:
        give_offline_key(trade.consortium.story, 1)

    @pytest.fixture
    async def issued(self, trade: Any) -> str:
        await trade.consortium.publish()
        act = await prepared(trade.carrier, "issue", **ISSUE)
        told = await relayed(trade.carrier, act)
        await trade.carrier.carry_out()
        title: str = told["title"]
        return title

    async def test_its_holder_gets_the_package_and_passes_the_title_on(
        self, trade: Any, issued: str
    ) -> None:
        roads = Roads(trade.consortium.offices)
        await delivered(roads.courier(trade.carrier))

        document = await trade.seller.get(f"/v1/titles/{issued}/document")

        assert document.json()["transportDocumentReference"] == "TDB-0417"
        offer = await trade.seller.post(f"/v1/titles/{issued}/offers", {"recipient": "3"})
        assert offer.status_code == 202

    async def test_who_signs_reads_what_it_issues(self, trade: Any) -> None:
        act = await prepared(trade.carrier, "issue", **ISSUE)

        says = act["says"]
        assert (says["issuance.possessor"], says["issuance.kind"]) == ("Party 2 Ltd (2)", "ORDER")
        assert len(act["titles"]) == 1

    async def test_nothing_is_issued_by_asking(self, trade: Any) -> None:
        act = await prepared(trade.carrier, "issue", **ISSUE)

        operations, contents, _ = await trade.carrier.rows()
        assert (operations, contents) == (0, 0)
        assert "Glazed" not in json.dumps(act)
        assert (await trade.carrier.trail())[-1] == (
            "title.prepare",
            act["titles"][0],
            {"act": "issue", "titles": 1},
        )

    async def test_the_same_request_makes_one_act(self, trade: Any) -> None:
        same = {"Idempotency-Key": "the-same"}
        wish = {"act": "issue"} | ISSUE

        first, second = [
            await trade.carrier.client.post("/v1/title-acts:prepare", json=wish, headers=same)
            for _ in range(2)
        ]

        assert first.json() == second.json()
        assert await kept(trade.carrier) == ["issue"]

    async def test_what_nobody_can_send_any_more_is_not_kept(self, trade: Any) -> None:
        await prepared(trade.carrier, "issue", **ISSUE)
        trade.consortium.story.next_block(24 * 3600)
        await trade.consortium.publish()

        await prepared(trade.carrier, "issueBatch", titles=[ISSUE])

        assert await kept(trade.carrier) == ["issueBatch"]

    async def test_a_name_that_another_takes_meanwhile_misleads_nobody(self, trade: Any) -> None:
        """Once it is prepared, the act names its holders by their numbers."""
        await trade.consortium.publish()
        act = await prepared(trade.carrier, "issue", **ISSUE)
        same_name = trade.consortium.story.profile_of(2).canonical()
        trade.consortium.story.enrol(Role.TRADER, same_name)
        await trade.consortium.publish()

        told = await relayed(trade.carrier, act)

        assert told["onlyRelayed"] is False
        assert told["titles"] == act["titles"] == [told["title"]]

    async def test_sent_twice_it_is_issued_once(self, trade: Any) -> None:
        await trade.consortium.publish()
        act = await prepared(trade.carrier, "issue", **ISSUE)
        await relayed(trade.carrier, act)

        again = await trade.carrier.post("/v1/title-acts:relay", signed(act))

        assert again.json()["type"] == "/v1/problems/already-issued"
        assert (await trade.carrier.rows())[:2] == (1, 1)

    async def test_of_many_that_send_it_at_once_one_does(self, trade: Any) -> None:
        await trade.consortium.publish()
        wish = signed(await prepared(trade.carrier, "issue", **ISSUE))

        answers = await asyncio.gather(
            *(trade.carrier.post("/v1/title-acts:relay", wish) for _ in range(4)),
            *(trade.carrier.post("/v1/titles", ISSUE) for _ in range(2)),
        )

        assert sorted(answer.status_code for answer in answers) == [202, *[409] * 5]
        assert (await trade.carrier.rows())[:2] == (1, 1)

    async def test_what_the_chain_has_refused_can_be_sent_again(self, trade: Any) -> None:
        await trade.consortium.publish()
        act = await prepared(trade.carrier, "issue", **ISSUE)
        first = await relayed(trade.carrier, act)
        await trade.carrier.end(first["operation"]["id"], OperationStatus.FAILED)

        told = await relayed(trade.carrier, act)

        await trade.carrier.carry_out()
        assert (await trade.carrier.get(f"/v1/titles/{told['title']}")).status_code == 200
        assert (await trade.carrier.rows())[1] == 1

    async def test_a_number_that_is_issued_meanwhile_is_told_of(self, trade: Any) -> None:
        await trade.consortium.publish()
        act = await prepared(trade.carrier, "issue", **ISSUE)
        await trade.issued()

        answer = await trade.carrier.post("/v1/title-acts:relay", signed(act))

        assert answer.json()["type"] == "/v1/problems/already-issued"

    async def test_in_place_of_paper(self, trade: Any) -> None:
        await trade.consortium.publish()
        withdrawal = "0x" + "9c" * 32

        act = await prepared(trade.carrier, "issueFromPaper", withdrawal=withdrawal, **ISSUE)
        told = await relayed(trade.carrier, act)
        await trade.carrier.carry_out()

        history = (await trade.carrier.get(f"/v1/titles/{told['title']}/history")).json()
        assert history["acts"][0]["details"]["withdrawal"] == withdrawal

    async def test_several_at_once(self, trade: Any) -> None:
        await trade.consortium.publish()
        bills = [ISSUE | {"document": transport_document(number)} for number in ("ONE", "TWO")]

        act = await prepared(trade.carrier, "issueBatch", titles=bills)
        told = await relayed(trade.carrier, act)
        await trade.carrier.carry_out()

        for title in told["titles"]:
            assert (await trade.carrier.get(f"/v1/titles/{title}/document")).status_code == 200

    async def test_an_amended_bill_reaches_its_holder(self, trade: Any, issued: str) -> None:
        await surrendered(trade, issued)
        amended = transport_document(sub_reference="A")

        act = await prepared(
            trade.carrier, "amend", title=issued, document=amended, reason="CORRECTION"
        )
        told = await relayed(trade.carrier, act)
        await trade.carrier.carry_out()
        await delivered(Roads(trade.consortium.offices).courier(trade.carrier))

        (successor,) = told["titles"]
        assert told["title"] == issued
        document = await trade.seller.get(f"/v1/titles/{successor}/document")
        assert document.json()["transportDocumentSubReference"] == "A"

    async def test_a_bill_is_split_and_made_one_again(self, trade: Any, issued: str) -> None:
        await surrendered(trade, issued)
        parts = [transport_document(number) for number in ("PART-1", "PART-2")]

        act = await prepared(trade.carrier, "split", title=issued, documents=parts, reason="SPLIT")
        split = (await relayed(trade.carrier, act))["titles"]
        await trade.carrier.carry_out()
        for title in split:
            await surrendered(trade, title)
        whole = transport_document("WHOLE")
        act = await prepared(
            trade.carrier, "combine", titles=split, document=whole, reason="COMBINATION"
        )
        (combined,) = (await relayed(trade.carrier, act))["titles"]
        await trade.carrier.carry_out()

        shown = (await trade.carrier.get(f"/v1/titles/{combined}")).json()
        assert (shown["status"], shown["possessor"]["index"]) == ("LIVE", 2)

    async def test_an_amendment_is_of_the_state_that_it_was_prepared_at(
        self, trade: Any, issued: str
    ) -> None:
        await surrendered(trade, issued)
        amended = transport_document(sub_reference="A")
        wish = {"title": issued, "document": amended, "reason": "CORRECTION"}
        act = await prepared(trade.carrier, "amend", **wish)
        await trade.seller.post(f"/v1/titles/{issued}/surrenders/cancel")
        await trade.seller.carry_out()
        await surrendered(trade, issued)

        answer = await trade.carrier.post("/v1/title-acts:relay", signed(act))

        assert answer.json()["type"] == "/v1/problems/stale-seq"

    @pytest.mark.parametrize(
        ("act", "body", "slug", "field"),
        [
            ("issue", {}, "invalid-input", "document"),
            ("issue", ISSUE | {"withdrawal": "0x" + "9c" * 32}, "invalid-input", "withdrawal"),
            ("issueFromPaper", ISSUE, "invalid-input", "withdrawal"),
            ("issue", ISSUE | {"title": "0x" + "9c" * 32}, "invalid-input", "title"),
            ("issue", ISSUE | {"arguments": {}}, "invalid-input", "document"),
            ("accept", {"title": "0x" + "9c" * 32}, "invalid-input", "title"),
            ("amend", {"document": {}, "reason": "CORRECTION"}, "invalid-input", "title"),
            ("issue", ISSUE | {"possessor": "Nobody Ltd"}, "party-unknown", "possessor"),
            ("issue", ISSUE | {"document": {}}, "document-malformed", None),
            ("split", {"title": "0x" + "9c" * 32, "documents": [{}]}, "invalid-input", "documents"),
        ],
    )
    async def test_what_makes_no_title_is_not_kept(
        self, trade: Any, act: str, body: dict[str, Any], slug: str, field: str | None
    ) -> None:
        answer = await trade.carrier.post("/v1/title-acts:prepare", {"act": act} | body)

        assert answer.json()["type"] == f"/v1/problems/{slug}"
        assert field is None or answer.json()["field"] == field
        assert await kept(trade.carrier) == []

    async def test_a_strangers_signature_sends_nothing(self, trade: Any) -> None:
        await trade.consortium.publish()
        act = await prepared(trade.carrier, "issue", **ISSUE)

        answer = await trade.carrier.post("/v1/title-acts:relay", signed(act, STRANGER))

        assert answer.json()["type"] == "/v1/problems/not-enrolled"
        assert (await trade.carrier.rows())[0] == 0


async def forgotten(trade: Any) -> None:
    async with trade.carrier.database.writing() as connection:
        await forget_expired(connection)


class TestHowMuchIsKept:
    """Documents that nobody has issued yet are no archive."""

    async def test_what_can_be_sent_no_more_goes_by_itself(self, trade: Any) -> None:
        act = await prepared(trade.carrier, "issue", **ISSUE)
        story = trade.consortium.story
        over = int(datetime.fromisoformat(act["validUntil"]).timestamp())

        for time, left in ((over - 5, ["issue"]), (over, [])):
            story.next_block((time - story.now) // 5)
            await forgotten(trade)
            assert await kept(trade.carrier) == ["issue"]
            await trade.consortium.publish()
            await forgotten(trade)
            assert await kept(trade.carrier) == left

    async def test_documents_are_not_kept_for_years(self, trade: Any) -> None:
        until = trade.consortium.clock() + LONGEST
        late = {"validUntil": (until + timedelta(seconds=1)).isoformat()}

        answer = await trade.carrier.post("/v1/title-acts:prepare", {"act": "issue"} | ISSUE | late)

        assert (answer.status_code, answer.json()["field"]) == (422, "validUntil")
        await prepared(trade.carrier, "issue", **ISSUE, validUntil=until.isoformat())
        assert await kept(trade.carrier) == ["issue"]

    async def test_no_more_are_kept_than_a_node_can_bear(
        self, trade: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(repository, "MOST_KEPT", 2)
        for _ in range(2):
            await prepared(trade.carrier, "issue", **ISSUE)

        refused = await trade.carrier.post("/v1/title-acts:prepare", {"act": "issue"} | ISSUE)

        assert refused.json()["type"] == "/v1/problems/too-many-prepared"
        trade.consortium.story.next_block(24 * 3600)
        await trade.consortium.publish()
        await prepared(trade.carrier, "issue", **ISSUE)
        assert len(await kept(trade.carrier)) == 1
