"""Operations as callers watch them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.office import Consortium, Office, opened
from tests.papers import transport_document
from tests.story import hex_of
from tidan_node.domain.parties import Role
from tidan_node.domain.title_problems import SeriesAlreadyUsed
from tidan_node.operations.operation import OperationStatus


@pytest.fixture
async def carrier(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.CARRIER)
    async with opened(consortium, party) as office:
        await consortium.publish()
        yield office


async def _issued(carrier: Office, number: str) -> str:
    answer = await carrier.post(
        "/v1/titles", {"document": transport_document(number), "titleholder": "1"}
    )
    return str(answer.json()["operation"]["id"])


async def test_an_operation_is_shown_as_it_was_when_it_was_accepted(carrier: Office) -> None:
    answer = await carrier.post(
        "/v1/titles", {"document": transport_document(), "titleholder": "1"}
    )
    accepted = answer.json()["operation"]

    shown = (await carrier.get(f"/v1/operations/{accepted['id']}")).json()

    assert shown == accepted
    assert set(shown) == {
        "id",
        "kind",
        "target",
        "status",
        "createdAt",
        "updatedAt",
        "deadline",
        "result",
        "problem",
        "waiting",
    }
    assert shown["createdAt"].endswith("Z")


async def test_one_that_failed_carries_its_problem(carrier: Office) -> None:
    operation = await _issued(carrier, "TDB-1")
    problem = SeriesAlreadyUsed("somebody was quicker", field="series")
    await carrier.end(operation, OperationStatus.FAILED, problem)

    shown = (await carrier.get(f"/v1/operations/{operation}")).json()

    assert (shown["status"], shown["problem"]) == ("failed", problem.document())


@pytest.mark.parametrize(("operation", "status"), [("no-such-one", 404), ("a" * 37, 422)])
async def test_one_that_is_not_there_is_not_found(
    carrier: Office, operation: str, status: int
) -> None:
    assert (await carrier.get(f"/v1/operations/{operation}")).status_code == status


async def test_they_are_listed_page_by_page_the_newest_first(carrier: Office) -> None:
    operations = [await _issued(carrier, f"TDB-{number}") for number in range(3)]

    first = (await carrier.get("/v1/operations", limit="2")).json()
    second = (await carrier.get("/v1/operations", cursor=first["nextCursor"])).json()

    listed = [each["id"] for each in first["items"] + second["items"]]
    assert listed == operations[::-1]
    assert second["nextCursor"] is None


async def test_a_list_can_be_narrowed(carrier: Office) -> None:
    first, second = [await _issued(carrier, f"TDB-{number}") for number in range(2)]
    await carrier.end(first, OperationStatus.UNDONE)
    target = (await carrier.get(f"/v1/operations/{second}")).json()["target"]

    async def found(**query: str) -> list[str]:
        answer = await carrier.get("/v1/operations", **query)
        return [each["id"] for each in answer.json()["items"]]

    assert await found(status="undone") == [first]
    assert await found(target=target) == [second]
    assert await found(target=hex_of("nothing")) == []
    assert (await carrier.get("/v1/operations", status="forgotten")).status_code == 422
