"""What there is to sign for an act, and how it reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.titles.signed_away import prepared


@pytest.fixture
async def offered(trade: Any) -> str:
    title: str = await trade.offered()
    return title


async def _prepared(trade: Any, title: str) -> dict[str, Any]:
    return await prepared(trade.carrier, "accept", arguments={"id": title, "expectedSeq": 2})


class TestPreparation:
    async def test_a_wallet_shows_what_is_signed(self, trade: Any, offered: str) -> None:
        prepared = await _prepared(trade, offered)

        data = prepared["typedData"]
        until = int(datetime.fromisoformat(prepared["validUntil"]).timestamp())
        assert data["primaryType"] == "Accept"
        assert data["message"] == {"id": offered, "expectedSeq": "2", "validUntil": str(until)}
        assert data["domain"]["name"] == "Tidan TitleRegistry"

    async def test_nothing_is_done_by_asking(self, trade: Any, offered: str) -> None:
        before = await trade.carrier.rows()

        await _prepared(trade, offered)

        assert await trade.carrier.rows() == before

    @pytest.mark.parametrize(
        ("wish", "slug", "field"),
        [
            ({"act": "relay", "arguments": {}}, "act-not-signable", "act"),
            ({"act": "exportTitle", "arguments": {}}, "act-not-signable", "act"),
            ({"act": "sink", "arguments": {}}, "act-not-signable", "act"),
            ({"act": "accept", "arguments": {}}, "invalid-input", "arguments.expectedSeq"),
            (
                {"act": "issue", "arguments": {"issuance": {"number": "0x00"}}},
                "invalid-input",
                "arguments.issuance",
            ),
        ],
    )
    async def test_what_is_no_act_is_not_prepared(
        self, trade: Any, wish: dict[str, Any], slug: str, field: str
    ) -> None:
        answer = await trade.carrier.post("/v1/title-acts:prepare", wish)

        assert (answer.json()["type"], answer.json()["field"]) == (f"/v1/problems/{slug}", field)


class TestWords:
    """Arguments as people say them, and the act as who signs it reads it."""

    async def test_who_signs_reads_names_and_moments(self, trade: Any) -> None:
        title = await trade.issued()
        until = "2026-12-01T12:00:00Z"
        offer = {"id": title, "recipient": "Party 3 Ltd", "what": ["title"], "deadline": until}

        act = await prepared(trade.carrier, "offer", arguments=offer, validUntil=until)

        assert act["typedData"]["message"]["recipient"] == "3"
        assert act["says"] == {
            "act": "offer",
            "id": title,
            "expectedSeq": "1",
            "recipient": "Party 3 Ltd (3)",
            "what": "title",
            "deadline": until,
            "validUntil": until,
        }

    async def test_what_is_left_open_is_as_in_the_direct_act(self, trade: Any) -> None:
        title = await trade.issued()

        act = await prepared(trade.carrier, "offer", arguments={"id": title, "recipient": "3"})

        message = act["typedData"]["message"]
        assert (message["expectedSeq"], message["what"]) == ("1", "3")
        assert int(message["deadline"]) == trade.consortium.story.now + 14 * 24 * 3600

    async def test_what_could_not_be_sent_any_more_is_not_prepared(self, trade: Any) -> None:
        title = await trade.issued()
        wish = {"act": "accept", "arguments": {"id": title}, "validUntil": "2020-01-01T00:00:00Z"}

        answer = await trade.carrier.post("/v1/title-acts:prepare", wish)

        assert answer.json()["type"] == "/v1/problems/signature-expired"

    async def test_a_bank_is_named_like_any_party(self, trade: Any) -> None:
        title = await trade.issued()
        proposal = {"id": title, "pledgee": "Party 4 Ltd"}

        act = await prepared(trade.carrier, "proposePledge", arguments=proposal)

        assert act["typedData"]["message"]["pledgee"] == f"0x{4:064x}"
        assert act["says"]["pledgee"] == "Party 4 Ltd (4)"

    async def test_an_issuance_by_hand_names_its_holders(self, trade: Any) -> None:
        issuance = {"number": "0x" + "01" * 32, "series": "0x" + "02" * 32}
        issuance |= {"contentRoot": "0x" + "03" * 32, "possessor": "Party 2 Ltd"}
        terms = {"titleholder": 0, "kind": "BLANK", "schema": 1, "version": 1, "rulebook": 0}

        act = await prepared(
            trade.carrier, "issueBatch", arguments={"issuances": [issuance | terms]}
        )

        assert act["says"]["issuances.0.possessor"] == "Party 2 Ltd (2)"
        assert act["says"]["issuances.0.titleholder"] == "nobody"
        assert act["says"]["issuances.0.kind"] == "BLANK"

    @pytest.mark.parametrize(
        ("act", "more", "slug", "field"),
        [
            ("offer", {"recipient": "Nobody Ltd"}, "party-unknown", "arguments.recipient"),
            ("offer", {"recipient": True}, "invalid-input", "arguments.recipient"),
            (
                "offer",
                {"recipient": 3, "deadline": "2026-12-01"},
                "invalid-input",
                "arguments.deadline",
            ),
            ("offer", {"recipient": 3, "deadline": "soon"}, "invalid-input", "arguments.deadline"),
            ("offer", {"recipient": 3, "what": ["cargo"]}, "invalid-input", "arguments.what"),
            ("offer", {"recipient": 3, "what": [{}]}, "invalid-input", "arguments.what"),
            ("offer", {"recipient": "a\nb"}, "invalid-input", "arguments.recipient"),
            ("offer", {"recipient": 3, "deadline": 5}, "deadline-in-the-past", "deadline"),
            ("endorse", {"to": "NOBODY"}, "invalid-input", "arguments.to"),
            ("endorse", {"to": "STRAIGHT"}, "invalid-input", "arguments.to"),
            ("lock", {"gateway": "0x12", "transfer": "zz"}, "invalid-input", "arguments.gateway"),
            ("rejectSurrender", {"reason": "CORRECTION"}, "invalid-input", "arguments.reason"),
            ("accept", {"id": "0x12"}, "invalid-input", "arguments.id"),
            ("accept", {"id": "0x" + "0e" * 32}, "title-unknown", "title"),
        ],
    )
    async def test_what_cannot_be_meant_is_refused(
        self, trade: Any, act: str, more: dict[str, Any], slug: str, field: str
    ) -> None:
        title = await trade.issued()
        wish = {"act": act, "arguments": {"id": title} | more}

        answer = await trade.carrier.post("/v1/title-acts:prepare", wish)

        assert (answer.json()["type"], answer.json()["field"]) == (f"/v1/problems/{slug}", field)

    async def test_what_was_done_already_is_not_prepared_again(
        self, trade: Any, offered: str
    ) -> None:
        wish = {"act": "accept", "arguments": {"id": offered, "expectedSeq": 1}}

        answer = await trade.carrier.post("/v1/title-acts:prepare", wish)

        assert (answer.json()["type"], answer.json()["actualSeq"]) == ("/v1/problems/stale-seq", 2)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"seq": 2}, "is none: accept takes id, expectedSeq"),
            ({"expectedSeq": "two"}, "must be a whole number"),
            ({"expectedSeq": 2**33}, "must be a whole number"),
        ],
    )
    async def test_what_an_act_takes_is_said_in_words(
        self, trade: Any, more: dict[str, Any], words: str
    ) -> None:
        title = await trade.issued()
        wish = {"act": "accept", "arguments": {"id": title} | more}

        answer = await trade.carrier.post("/v1/title-acts:prepare", wish)

        assert words in answer.json()["detail"]
