"""A document becomes a title once, under its own number, or the caller hears why not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.office import UPLOAD_LIMIT, opened
from tests.papers import transport_document
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.title_problems import SeriesAlreadyUsed
from tidan_node.operations.operation import OperationStatus


def _wish(number: str = "TDB-0417", **more: Any) -> dict[str, Any]:
    return {"document": transport_document(number), "possessor": "2", "titleholder": "2"} | more


class TestAcceptedIssue:
    async def test_its_operation_content_and_trail_are_kept_together(self, trade: Any) -> None:
        answer = await trade.carrier.post("/v1/titles", _wish())

        assert answer.status_code == 202
        operation = answer.json()["operation"]
        assert (operation["kind"], operation["status"]) == ("title.issue", "initialized")
        assert operation["target"] == answer.json()["title"]
        assert await trade.carrier.rows() == (1, 1, 2)
        title = answer.json()["title"]
        (act, subject, detail), (posted, same, parcel) = await trade.carrier.trail()
        assert (act, subject) == ("title.issue", title)
        assert detail["operation"] == operation["id"]
        assert (posted, same, parcel["recipient"]) == ("parcel.queued", title, 2)

    async def test_the_carrier_holds_it_until_it_names_another(self, trade: Any) -> None:
        body = {"document": transport_document(), "titleholder": "2"}
        title = (await trade.carrier.post("/v1/titles", body)).json()["title"]
        assert await trade.carrier.rows() == (1, 1, 1), "nobody is sent its package"
        await trade.carrier.carry_out()

        shown = (await trade.carrier.get(f"/v1/titles/{title}")).json()
        assert shown["possessor"] == {"index": 1, "name": "Party 1 Ltd"}
        assert shown["titleholder"] == {"index": 2, "name": "Party 2 Ltd"}

    async def test_one_in_blank_is_made_out_to_nobody(self, trade: Any) -> None:
        title = await trade.issued(blank=True)

        shown = (await trade.carrier.get(f"/v1/titles/{title}")).json()
        assert (shown["kind"], shown["titleholder"]) == ("BLANK", None)

    async def test_a_number_has_one_id_however_it_is_written(self, trade: Any) -> None:
        first = await trade.carrier.post("/v1/titles", _wish("TDB 0417"))
        second = await trade.carrier.post("/v1/titles", _wish("tdb0417"))

        assert first.status_code == 202
        assert second.json()["type"] == "/v1/problems/already-issued"


class TestRefusedIssue:
    """Wrong input gets a Problem that names the field and the rule; it changes nothing."""

    @pytest.mark.parametrize(
        ("change", "slug", "field"),
        [
            ({"carrierCode": None}, "document-malformed", "/carrierCode"),
            ({"isElectronic": "yes"}, "document-malformed", "/isElectronic"),
            ({"isElectronic": False}, "not-a-title", "/isElectronic"),
            ({"transportDocumentTypeCode": "SWB"}, "not-a-title", "/transportDocumentTypeCode"),
            ({"surprise": 1}, "document-malformed", "/surprise"),
            ({"carrierCode": "P2"}, "code-not-ours", "/carrierCode"),
            ({"carrierCode": "P9"}, "code-not-ours", "/carrierCode"),
        ],
    )
    async def test_a_wrong_document(
        self, trade: Any, change: dict[str, Any], slug: str, field: str
    ) -> None:
        document = transport_document() | change
        document = {name: value for name, value in document.items() if value is not None}

        answer = await trade.carrier.post("/v1/titles", _wish(document=document))

        assert answer.json()["type"] == f"/v1/problems/{slug}"
        assert answer.json()["field"] == field
        assert await trade.carrier.rows() == (0, 0, 0)

    @pytest.mark.parametrize("field", ["possessor", "titleholder"])
    @pytest.mark.parametrize("name", ["99", "LEI:NOBODY", "Nobody Ltd"])
    async def test_an_unknown_party(self, trade: Any, field: str, name: str) -> None:
        answer = await trade.carrier.post("/v1/titles", _wish(**{field: name}))

        assert (answer.status_code, answer.json()["field"]) == (404, field)
        assert answer.json()["type"] == "/v1/problems/party-unknown"
        assert await trade.carrier.rows() == (0, 0, 0)

    async def test_a_suspended_possessor(self, trade: Any) -> None:
        trade.consortium.story.change_status(2, PartyStatus.SUSPENDED)
        await trade.consortium.publish()

        answer = await trade.carrier.post("/v1/titles", _wish())

        assert (answer.status_code, answer.json()["field"]) == (409, "possessor")
        assert answer.json()["type"] == "/v1/problems/party-not-active"

    async def test_a_party_that_is_no_carrier(self, trade: Any) -> None:
        document = transport_document(code="SMDG:P2")

        answer = await trade.seller.post("/v1/titles", {"document": document})

        assert (answer.status_code, answer.json()["field"]) == (403, "caller")
        assert answer.json()["type"] == "/v1/problems/role-missing"
        assert await trade.seller.rows() == (0, 0, 0)

    async def test_an_account_of_no_party(self, trade: Any) -> None:
        story = trade.consortium.story
        stranger = story.enrol(Role.CARRIER)
        story.events = [each for each in story.events if getattr(each.event, "party", 0) != 5]
        async with opened(trade.consortium, stranger) as office:
            await office.read(story.events, story.block)
            answer = await office.post("/v1/titles", _wish())

        assert answer.status_code == 403
        assert answer.json()["type"] == "/v1/problems/not-enrolled"

    @pytest.mark.parametrize("straight", [True, False])
    @pytest.mark.parametrize("possessor", ["2", None])
    async def test_one_that_is_not_in_blank_and_made_out_to_nobody(
        self, trade: Any, straight: bool, possessor: str | None
    ) -> None:
        """A default would spend the number for ever on a bill made out to the wrong party."""
        document = transport_document(straight=straight)
        wish = _wish(document=document, possessor=possessor, titleholder=None)

        answer = await trade.carrier.post("/v1/titles", wish)

        assert (answer.status_code, answer.json()["field"]) == (422, "titleholder")
        assert answer.json()["type"] == "/v1/problems/kind-needs-titleholder"
        assert "name its titleholder" in answer.json()["detail"]
        assert await trade.carrier.rows() == (0, 0, 0)

    async def test_one_in_blank_that_is_made_out_to_somebody(self, trade: Any) -> None:
        wish = _wish(document=transport_document(blank=True), titleholder=3)

        answer = await trade.carrier.post("/v1/titles", wish)

        assert answer.json()["type"] == "/v1/problems/blank-has-no-titleholder"

    async def test_an_oversized_upload(self, trade: Any) -> None:
        terms = {"termsAndConditions": "x" * UPLOAD_LIMIT}

        answer = await trade.carrier.post(
            "/v1/titles", _wish(document=transport_document() | terms)
        )

        assert answer.status_code == 413
        assert answer.json()["rule"] == "upload_limit"
        assert await trade.carrier.rows() == (0, 0, 0)

    async def test_before_a_block_has_been_read(self, trade: Any, tmp_path: Any) -> None:
        async with opened(trade.consortium, trade.consortium.story.enrol(Role.CARRIER)) as office:
            listed = await office.get("/v1/titles")
            issued = await office.post("/v1/titles", _wish())

        assert (listed.status_code, issued.status_code) == (503, 503)
        assert listed.json()["type"] == "/v1/problems/nothing-indexed"
        assert issued.json()["type"] == "/v1/problems/nothing-indexed", "who is enrolled is unknown"


class TestDuplicateNumber:
    async def test_it_is_refused_while_the_first_is_on_its_way(self, trade: Any) -> None:
        await trade.carrier.post("/v1/titles", _wish())

        answer = await trade.carrier.post("/v1/titles", _wish())

        assert (answer.status_code, answer.json()["field"]) == (409, "title")
        assert answer.json()["type"] == "/v1/problems/already-issued"
        assert await trade.carrier.rows() == (1, 1, 2)

    async def test_it_is_refused_once_the_first_is_on_the_chain(self, trade: Any) -> None:
        await trade.issued()

        answer = await trade.carrier.post("/v1/titles", _wish())

        assert answer.json()["type"] == "/v1/problems/already-issued"
        assert await trade.carrier.rows() == (1, 1, 2)

    @pytest.mark.parametrize("on_chain", [False, True])
    async def test_another_sub_reference_of_the_number_is_refused_too(
        self, trade: Any, on_chain: bool
    ) -> None:
        await trade.carrier.post("/v1/titles", _wish())
        if on_chain:
            await trade.carrier.carry_out()

        document = transport_document(sub_reference="B")
        answer = await trade.carrier.post("/v1/titles", _wish(document=document))

        assert (answer.status_code, answer.json()["field"]) == (409, "series")
        assert answer.json()["type"] == "/v1/problems/series-already-used"
        assert await trade.carrier.rows() == (1, 1, 2)

    async def test_of_many_requests_at_once_one_is_accepted(self, trade: Any) -> None:
        answers = await asyncio.gather(
            *(trade.carrier.post("/v1/titles", _wish()) for _ in range(5))
        )

        assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409, 409]
        assert await trade.carrier.rows() == (1, 1, 2)

    async def test_a_number_whose_issue_failed_can_be_issued_again(self, trade: Any) -> None:
        await trade.carrier.post("/v1/titles", _wish())
        ((failed, _),) = await trade.carrier.waiting()
        refusal = SeriesAlreadyUsed("somebody was quicker", field="series")
        await trade.carrier.end(failed, OperationStatus.FAILED, refusal)

        corrected = transport_document() | {"termsAndConditions": "Corrected."}
        answer = await trade.carrier.post("/v1/titles", _wish(document=corrected))
        assert answer.status_code == 202
        await trade.carrier.carry_out()

        title = answer.json()["title"]
        document = await trade.carrier.get(f"/v1/titles/{title}/document")
        assert document.json()["termsAndConditions"] == "Corrected."
        assert await trade.carrier.rows() == (2, 2, 4)

    async def test_should_the_failed_issue_come_back_its_own_content_is_there(
        self, trade: Any
    ) -> None:
        """A reorganisation can bring back an operation that had ended."""
        first = (await trade.carrier.post("/v1/titles", _wish())).json()["operation"]["id"]
        await trade.carrier.end(first, OperationStatus.FAILED)
        corrected = transport_document() | {"termsAndConditions": "Corrected."}
        second = (await trade.carrier.post("/v1/titles", _wish(document=corrected))).json()
        await trade.carrier.end(second["operation"]["id"], OperationStatus.FAILED)
        await trade.carrier.end(first, OperationStatus.INITIALIZED)
        await trade.carrier.carry_out()

        document = await trade.carrier.get(f"/v1/titles/{second['title']}/document")
        assert document.json()["termsAndConditions"] == "None of this was ever carried."


async def test_a_document_is_kept_in_its_one_canonical_form(trade: Any) -> None:
    text = json.dumps({"document": transport_document(), "titleholder": "1"}).replace(
        "24000", "24000.0"
    )
    headers = trade.carrier.new_key() | {"Content-Type": "application/json"}
    answer = await trade.carrier.client.post("/v1/titles", content=text, headers=headers)
    await trade.carrier.carry_out()

    document = await trade.carrier.get(f"/v1/titles/{answer.json()['title']}/document")
    assert document.headers["content-type"] == "application/json"
    assert '"value":24000}' in document.text
    assert document.json() == transport_document()
