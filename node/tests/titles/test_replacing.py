"""What a carrier puts in the place of surrendered titles, and who is sent it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import transport_document


async def _surrendered(trade: Any, *numbers: str) -> list[str]:
    titles = []
    for number in numbers or ("TDB-0417",):
        title = await trade.issued(number)
        answer = await trade.seller.post(
            f"/v1/titles/{title}/surrenders/amendment", {"reason": "OTHER"}
        )
        assert answer.status_code == 202, answer.text
        await trade.seller.carry_out()
        titles.append(title)
    return titles


def _wish(number: str = "TDB-0417", sub_reference: str | None = "B", **more: Any) -> dict[str, Any]:
    document = transport_document(number, sub_reference=sub_reference)
    return {"document": document, "reason": "CORRECTION"} | more


class TestAmendment:
    async def test_the_successor_is_live_with_the_same_holders(self, trade: Any) -> None:
        (title,) = await _surrendered(trade)

        answer = await trade.carrier.post(f"/v1/titles/{title}/amendments", _wish())
        await trade.carrier.carry_out()

        assert answer.status_code == 202, answer.text
        assert answer.json()["title"] == title
        (successor,) = answer.json()["titles"]
        old = (await trade.buyer.get(f"/v1/titles/{title}")).json()
        new = (await trade.buyer.get(f"/v1/titles/{successor}")).json()
        assert (old["status"], new["status"], new["seq"]) == ("VOIDED", "LIVE", 1)
        assert (new["series"], new["kind"]) == (old["series"], old["kind"])
        assert new["possessor"] == old["possessor"] == {"index": 2, "name": "Party 2 Ltd"}

    async def test_its_package_is_on_its_way_to_its_possessor(self, trade: Any) -> None:
        (title,) = await _surrendered(trade)
        answer = await trade.carrier.post(f"/v1/titles/{title}/amendments", _wish())

        (act, subject, detail), (posted, same, parcel) = (await trade.carrier.trail())[-2:]

        (successor,) = answer.json()["titles"]
        assert (act, subject) == ("title.amend", successor)
        assert detail["operation"] == answer.json()["operation"]["id"]
        assert (posted, same, parcel["recipient"]) == ("parcel.queued", successor, 2)

    async def test_the_possessor_takes_its_package_in(self, trade: Any) -> None:
        (title,) = await _surrendered(trade)
        answer = await trade.carrier.post(f"/v1/titles/{title}/amendments", _wish())
        await trade.carrier.carry_out()
        (successor,) = answer.json()["titles"]

        taken = await trade.seller.post_file("/v1/packages", await trade.package(successor))

        assert taken.status_code == 201, taken.text

    async def test_a_title_endorsed_in_blank_goes_on_in_blank(self, trade: Any) -> None:
        title = await trade.issued()
        await trade.seller.post(f"/v1/titles/{title}/endorsements", {"kind": "BLANK"})
        await trade.seller.carry_out()
        wish = {"reason": "CORRECTION"}
        await trade.seller.post(f"/v1/titles/{title}/surrenders/amendment", wish)
        await trade.seller.carry_out()
        answer = await trade.carrier.post(f"/v1/titles/{title}/amendments", _wish())
        await trade.carrier.carry_out()
        (successor,) = answer.json()["titles"]

        new = (await trade.seller.get(f"/v1/titles/{successor}")).json()
        taken = await trade.seller.post_file("/v1/packages", await trade.package(successor))

        assert (new["kind"], new["titleholder"]) == ("BLANK", None)
        assert taken.status_code == 201, taken.text

    async def test_a_consignee_who_is_one_no_more_is_sent_nothing_more(self, trade: Any) -> None:
        wish = {"document": transport_document(straight=True), "possessor": "2", "titleholder": "3"}
        title = (await trade.carrier.post("/v1/titles", wish)).json()["title"]
        await trade.carrier.carry_out()
        before = await trade.concerned(title)
        surrender = f"/v1/titles/{title}/surrenders/amendment"
        await trade.seller.post(surrender, {"reason": "CORRECTION"})
        await trade.seller.carry_out()
        document = transport_document(sub_reference="B", straight=True)
        answer = await trade.carrier.post(
            f"/v1/titles/{title}/amendments", _wish(document=document, titleholder="4")
        )
        assert answer.status_code == 202, answer.text
        await trade.carrier.carry_out()
        (successor,) = answer.json()["titles"]

        assert (before, await trade.concerned(title)) == ({2, 3}, {2})
        assert await trade.concerned(successor) == {2, 4}

    @pytest.mark.parametrize(
        ("wish", "slug"),
        [
            (_wish(sub_reference=None), "already-issued"),
            (_wish("TDB-0500"), "series-differs"),
            (_wish(expectedSeq=7), "stale-seq"),
            (_wish(document=transport_document(straight=True)), "holders-differ"),
            (_wish(reason="BOREDOM"), "invalid-input"),
        ],
    )
    async def test_a_wrong_wish_changes_nothing(
        self, trade: Any, wish: dict[str, Any], slug: str
    ) -> None:
        (title,) = await _surrendered(trade)
        before = await trade.carrier.rows()

        answer = await trade.carrier.post(f"/v1/titles/{title}/amendments", wish)

        assert answer.json()["type"] == f"/v1/problems/{slug}", answer.text
        assert await trade.carrier.rows() == before

    @pytest.mark.parametrize(
        ("document", "field"),
        [
            (transport_document("TDB-0500"), "/transportDocumentReference"),
            (transport_document(straight=True), "/isToOrder"),
        ],
    )
    async def test_the_member_of_the_document_that_is_wrong_is_named(
        self, trade: Any, document: dict[str, Any], field: str
    ) -> None:
        (title,) = await _surrendered(trade)

        answer = await trade.carrier.post(
            f"/v1/titles/{title}/amendments", _wish(document=document)
        )

        assert answer.json()["field"] == field

    async def test_a_title_that_was_not_surrendered_is_not_amended(self, trade: Any) -> None:
        title = await trade.issued()

        answer = await trade.carrier.post(f"/v1/titles/{title}/amendments", _wish())

        assert answer.json()["type"] == "/v1/problems/no-surrender-pending"

    async def test_two_at_once_are_one(self, trade: Any) -> None:
        (title,) = await _surrendered(trade)

        first = await trade.carrier.post(f"/v1/titles/{title}/amendments", _wish())
        second = await trade.carrier.post(f"/v1/titles/{title}/amendments", _wish())

        assert first.status_code == 202
        assert second.status_code == 409


class TestSplit:
    async def test_one_becomes_several_one_of_them_of_its_own_number(self, trade: Any) -> None:
        (title,) = await _surrendered(trade)
        documents = [
            transport_document("TDB-0417", sub_reference="B"),
            transport_document("TDB-0418"),
        ]

        answer = await trade.carrier.post(
            f"/v1/titles/{title}/splits", {"documents": documents, "reason": "SPLIT"}
        )
        assert answer.status_code == 202, answer.text
        await trade.carrier.carry_out()

        shown = [
            (await trade.seller.get(f"/v1/titles/{part}")).json()
            for part in answer.json()["titles"]
        ]
        assert [part["status"] for part in shown] == ["LIVE", "LIVE"]
        acts = (await trade.seller.get(f"/v1/titles/{title}/history")).json()["acts"]
        assert acts[-1]["details"] == {
            "how": "SPLIT",
            "successors": answer.json()["titles"],
            "reason": "SPLIT",
        }

    @pytest.mark.parametrize(
        ("second", "slug", "field"),
        [
            (transport_document() | {"surprise": 1}, "document-malformed", "/surprise"),
            (transport_document("TDB-0417"), "already-issued", ".title"),
            (transport_document("tdb\u20130418"), "series-already-used", ".series"),
            (
                transport_document("TDB-0418", sub_reference="B"),
                "series-already-used",
                ".series",
            ),
            (transport_document("TDB-1", sub_reference="B"), "series-already-used", ".series"),
            (transport_document("TDB-0419", straight=True), "holders-differ", "/isToOrder"),
        ],
    )
    async def test_the_document_that_is_wrong_is_named(
        self, trade: Any, second: dict[str, Any], slug: str, field: str
    ) -> None:
        await trade.issued("TDB-1")
        (title,) = await _surrendered(trade)
        documents = [transport_document("TDB-0418"), second]
        before = await trade.carrier.rows()

        answer = await trade.carrier.post(
            f"/v1/titles/{title}/splits", {"documents": documents, "reason": "SPLIT"}
        )

        told = answer.json()
        assert (told["type"], told["field"]) == (f"/v1/problems/{slug}", f"documents.1{field}")
        assert await trade.carrier.rows() == before


class TestCombination:
    async def test_several_become_one(self, trade: Any) -> None:
        titles = await _surrendered(trade, "TDB-1", "TDB-2")
        wish = _wish("TDB-3", None, titles=titles)

        answer = await trade.carrier.post("/v1/title-combinations", wish)
        assert answer.status_code == 202, answer.text
        await trade.carrier.carry_out()

        (successor,) = answer.json()["titles"]
        acts = (await trade.seller.get(f"/v1/titles/{successor}/history")).json()["acts"]
        assert acts[0]["details"]["origins"] == titles
        for title in titles:
            shown = (await trade.seller.get(f"/v1/titles/{title}")).json()
            assert shown["status"] == "VOIDED"

    async def test_the_title_that_is_in_the_way_is_named(self, trade: Any) -> None:
        (title,) = await _surrendered(trade, "TDB-1")
        live = await trade.issued("TDB-2")

        answers = [
            await trade.carrier.post(
                "/v1/title-combinations", _wish("TDB-3", None, titles=[title, other])
            )
            for other in (live, "0x" + "77" * 32)
        ]

        assert [each.json()["type"].rpartition("/")[2] for each in answers] == [
            "no-surrender-pending",
            "title-unknown",
        ]
        assert {each.json()["field"] for each in answers} == {"titles.1.title"}

    async def test_no_title_is_named_twice(self, trade: Any) -> None:
        (title,) = await _surrendered(trade, "TDB-1")
        again = "0x" + title[2:].upper()

        answer = await trade.carrier.post(
            "/v1/title-combinations", _wish("TDB-3", None, titles=[title, again])
        )

        told = answer.json()
        assert (told["type"], told["field"]) == ("/v1/problems/invalid-input", "titles")
        assert f"{title} is named twice" in told["detail"]

    @pytest.mark.parametrize(
        ("seqs", "slug", "field"),
        [
            ([2, 2, 2], "count-unfit", "expectedSeqs"),
            ([2, 7], "stale-seq", "expectedSeqs.1"),
        ],
    )
    async def test_each_title_has_its_own_seq(
        self, trade: Any, seqs: list[int], slug: str, field: str
    ) -> None:
        titles = await _surrendered(trade, "TDB-1", "TDB-2")
        before = await trade.carrier.rows()

        answer = await trade.carrier.post(
            "/v1/title-combinations", _wish("TDB-3", None, titles=titles, expectedSeqs=seqs)
        )

        told = answer.json()
        assert (told["type"], told["field"]) == (f"/v1/problems/{slug}", field)
        assert await trade.carrier.rows() == before


class TestSwitch:
    async def test_another_bill_of_another_number_is_in_its_place(self, trade: Any) -> None:
        (title,) = await _surrendered(trade)

        same = await trade.carrier.post(f"/v1/titles/{title}/switches", _wish())
        answer = await trade.carrier.post(
            f"/v1/titles/{title}/switches", _wish("TDB-9", None, reason="SWITCH")
        )
        await trade.carrier.carry_out()

        assert same.json()["type"] == "/v1/problems/series-already-used"
        assert answer.status_code == 202, answer.text
        shown = (await trade.seller.get(f"/v1/titles/{title}")).json()
        assert shown["status"] == "VOIDED"
