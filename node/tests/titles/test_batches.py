"""Titles issued together, and titles issued in place of paper."""

from __future__ import annotations

from typing import Any

import pytest

from tests.papers import transport_document


def _wish(number: str = "TDB-0417", **more: Any) -> dict[str, Any]:
    return {"document": transport_document(number), "possessor": "2", "titleholder": "2"} | more


class TestBatch:
    async def test_all_are_issued_in_one_operation(self, trade: Any) -> None:
        titles = [_wish(f"TDB-{number}") for number in range(3)]

        answer = await trade.carrier.post("/v1/title-batches", {"titles": titles})
        assert answer.status_code == 202, answer.text
        assert await trade.carrier.rows() == (1, 3, 6)
        await trade.carrier.carry_out()

        issued = answer.json()["titles"]
        shown = [(await trade.seller.get(f"/v1/titles/{title}")).json() for title in issued]
        assert [each["status"] for each in shown] == ["LIVE"] * 3
        assert answer.json()["operation"]["kind"] == "title.issue_batch"

    async def test_each_possessor_takes_its_package_in(self, trade: Any) -> None:
        titles = [_wish(f"TDB-{number}") for number in range(2)]
        answer = await trade.carrier.post("/v1/title-batches", {"titles": titles})
        await trade.carrier.carry_out()

        for title in answer.json()["titles"]:
            taken = await trade.seller.post_file("/v1/packages", await trade.package(title))
            assert taken.status_code == 201, taken.text

    @pytest.mark.parametrize(
        ("second", "slug", "field"),
        [
            (_wish("TDB-0"), "already-issued", "titles.1.title"),
            (_wish("tdb \u2013 \uff10"), "already-issued", "titles.1.title"),
            (
                _wish(document=transport_document("TDB-0", sub_reference="B")),
                "series-already-used",
                "titles.1.series",
            ),
            (_wish("TDB-1", titleholder="99"), "party-unknown", "titles.1.titleholder"),
            (
                _wish(document=transport_document() | {"carrierCode": "P2"}),
                "code-not-ours",
                "titles.1/carrierCode",
            ),
        ],
    )
    async def test_one_that_cannot_be_issued_stops_all_and_is_named(
        self, trade: Any, second: dict[str, Any], slug: str, field: str
    ) -> None:
        titles = [_wish("TDB-0"), second]

        answer = await trade.carrier.post("/v1/title-batches", {"titles": titles})

        assert (answer.json()["type"], answer.json()["field"]) == (f"/v1/problems/{slug}", field)
        assert await trade.carrier.rows() == (0, 0, 0)

    @pytest.mark.parametrize("count", [0, 101])
    async def test_there_are_1_to_100_in_one(self, trade: Any, count: int) -> None:
        answer = await trade.carrier.post("/v1/title-batches", {"titles": [_wish()] * count})

        assert answer.status_code in (413, 422)


class TestFromPaper:
    async def test_a_withdrawal_is_named(self, trade: Any) -> None:
        answer = await trade.carrier.post("/v1/titles", _wish(withdrawal="0x" + "00" * 32))

        assert (answer.json()["type"], answer.json()["field"]) == (
            "/v1/problems/empty-value",
            "withdrawal",
        )
        assert await trade.carrier.rows() == (0, 0, 0)

    async def test_the_title_tells_of_it(self, trade: Any) -> None:
        answer = await trade.carrier.post("/v1/titles", _wish(withdrawal="0x" + "AB" * 32))
        assert answer.status_code == 202, answer.text
        await trade.carrier.carry_out()

        title = answer.json()["title"]
        (issued,) = (await trade.seller.get(f"/v1/titles/{title}/history")).json()["acts"]
        assert (issued["act"], issued["details"]["withdrawal"]) == (
            "ISSUE_FROM_PAPER",
            "0x" + "ab" * 32,
        )
