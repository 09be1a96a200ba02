"""A title and its document say the same of whose it is, as far as the node can tell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import transport_document
from tests.shown import Credentials, bearer
from tests.signing import give_offline_key
from tests.titles.signed_away import kept, prepared, surrendered
from tidan_node.domain.parties import PartyStatus
from tidan_node.people.roles import UserRole


def lei(trade: Any, party: int) -> str:
    (code,) = trade.consortium.story.profile_of(party).identifiers
    return str(code.value)


def bill(trade: Any, party: int, number: str = "TDB-0417", **more: Any) -> dict[str, Any]:
    """A bill that is made out to this party, by its LEI; party 2 ships, by its own."""
    document = transport_document(number, **more)
    parties = document["documentParties"]
    named = parties["consignee" if more.get("straight") else "endorsee"]
    for place, whose in ((parties["shipper"], 2), (named, party)):
        place["identifyingCodes"] = [
            {"codeListProvider": "GLEIF", "codeListName": "LEI", "partyCode": lei(trade, whose)}
        ]
    return document


def wish(document: dict[str, Any], titleholder: str) -> dict[str, Any]:
    return {"document": document, "possessor": "2", "titleholder": titleholder}


DIFFERS = "/v1/problems/titleholder-differs"


class TestIssue:
    @pytest.mark.parametrize("straight", [True, False])
    async def test_to_whom_the_document_names_it_is_issued_without_a_doubt(
        self, trade: Any, straight: bool
    ) -> None:
        answer = await trade.carrier.post(
            "/v1/titles", wish(bill(trade, 3, straight=straight), "3")
        )

        assert answer.status_code == 202, answer.text
        assert answer.json()["warnings"] == []

    @pytest.mark.parametrize("straight", [True, False])
    async def test_to_another_member_it_is_not_issued(self, trade: Any, straight: bool) -> None:
        answer = await trade.carrier.post(
            "/v1/titles", wish(bill(trade, 3, straight=straight), "4")
        )

        assert (answer.status_code, answer.json()["type"]) == (422, DIFFERS)
        assert answer.json()["field"] == "titleholder"
        assert (await trade.carrier.rows())[:2] == (0, 0)

    async def test_a_name_alone_is_a_warning(self, trade: Any) -> None:
        answer = await trade.carrier.post("/v1/titles", wish(transport_document(), "2"))

        assert answer.status_code == 202
        (warning,) = answer.json()["warnings"]
        assert warning["field"] == "titleholder"
        assert "Jade Kiln" not in warning["detail"]

    async def test_a_paper_may_have_been_endorsed_to_another(self, trade: Any) -> None:
        paper = {"withdrawal": "0x" + "9c" * 32}

        answer = await trade.carrier.post("/v1/titles", wish(bill(trade, 3), "4") | paper)

        assert answer.status_code == 202, answer.text
        assert [each["field"] for each in answer.json()["warnings"]] == ["titleholder"]

    async def test_who_is_a_member_no_more_is_not_meant(self, trade: Any) -> None:
        """Somebody else has its place by now, and whether that is the titleholder nobody knows."""
        document = bill(trade, 3, straight=True)
        trade.consortium.story.change_status(3, PartyStatus.REVOKED)
        await trade.consortium.publish()

        answer = await trade.carrier.post("/v1/titles", wish(document, "4"))

        assert answer.status_code == 202
        assert len(answer.json()["warnings"]) == 1

    async def test_who_asks_and_who_approves_hear_of_it_before_it_is_done(self, trade: Any) -> None:
        known = Credentials(trade.carrier)
        checker = bearer((await known.users_key(await known.user(UserRole.CHECKER))).reveal())
        rule = {"act": "title.issue", "approvers": 1}
        assert (await trade.carrier.post("/v1/approval-rules", rule)).status_code == 200

        asked = (await trade.carrier.post("/v1/titles", wish(transport_document(), "2"))).json()
        path = f"/v1/approvals/{asked['approval']['id']}"
        shown = (await trade.carrier.get(path)).json()["intended"]["details"]
        yes = trade.carrier.new_key()
        answer = await trade.carrier.client.post(f"{path}/approval", headers=checker | yes)

        assert [each["field"] for each in asked["warnings"]] == ["titleholder"]
        assert shown["warnings"] == asked["warnings"]
        assert answer.json()["answer"]["warnings"] == asked["warnings"]

    async def test_in_a_batch_it_is_said_of_which(self, trade: Any) -> None:
        good, doubtful = wish(bill(trade, 2, "A"), "2"), wish(transport_document("B"), "2")
        wrong = wish(bill(trade, 3, "C"), "4")

        warned = await trade.carrier.post("/v1/title-batches", {"titles": [good, doubtful]})
        refused = await trade.carrier.post("/v1/title-batches", {"titles": [good, wrong]})

        assert [each["field"] for each in warned.json()["warnings"]] == ["titles.1.titleholder"]
        assert (refused.json()["type"], refused.json()["field"]) == (
            DIFFERS,
            "titles.1.titleholder",
        )

    async def test_what_another_key_is_to_sign_is_held_against_it_as_well(self, trade: Any) -> None:
        give_offline_key(trade.consortium.story, 1)
        await trade.consortium.publish()
        wrong = {"act": "issue"} | wish(bill(trade, 3), "4")

        refused = await trade.carrier.post("/v1/title-acts:prepare", wrong)
        warned = await prepared(trade.carrier, "issue", **wish(transport_document("B"), "2"))

        assert refused.json()["type"] == DIFFERS
        assert [each["field"] for each in warned["warnings"]] == ["titleholder"]
        assert await kept(trade.carrier) == ["issue"]


class TestReplacement:
    async def issued(self, trade: Any, document: dict[str, Any], titleholder: str) -> str:
        answer = await trade.carrier.post("/v1/titles", wish(document, titleholder))
        assert answer.status_code == 202, answer.text
        await trade.carrier.carry_out()
        title: str = answer.json()["title"]
        await surrendered(trade, title)
        return title

    async def test_a_straight_bill_whose_consignee_changes_needs_the_new_one_named(
        self, trade: Any
    ) -> None:
        title = await self.issued(trade, bill(trade, 3, straight=True), "3")
        amended = bill(trade, 4, straight=True, sub_reference="A")
        body = {"document": amended, "reason": "CHANGE_OF_DESTINATION"}
        path = f"/v1/titles/{title}/amendments"

        forgotten = await trade.carrier.post(path, body)
        answer = await trade.carrier.post(path, body | {"titleholder": "4"})

        assert forgotten.json()["type"] == DIFFERS
        assert forgotten.json()["field"] == "/documentParties/consignee"
        assert (answer.status_code, answer.json()["warnings"]) == (202, [])

    async def test_one_to_order_that_was_endorsed_to_another_since_is_a_warning(
        self, trade: Any
    ) -> None:
        title = await self.issued(trade, bill(trade, 2), "2")
        parts = [bill(trade, 2, "PART-1"), bill(trade, 3, "PART-2")]

        answer = await trade.carrier.post(
            f"/v1/titles/{title}/splits", {"documents": parts, "reason": "SPLIT"}
        )

        assert answer.status_code == 202, answer.text
        assert [each["field"] for each in answer.json()["warnings"]] == [
            "documents.1/documentParties"
        ]
