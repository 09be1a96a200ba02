"""An operation as a stream, over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx_sse import aconnect_sse

from tests.office import Consortium, Office, opened
from tests.on_loopback import served
from tests.papers import transport_document
from tidan_node.domain.parties import Role
from tidan_node.operations.operation import OperationStatus
from tidan_node.web.news import News


@pytest.fixture
async def carrier(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.CARRIER)
    async with opened(consortium, party, news=News()) as office:
        await consortium.publish()
        yield office


async def _issued(carrier: Office) -> str:
    answer = await carrier.post(
        "/v1/titles", {"document": transport_document(), "titleholder": "1"}
    )
    return str(answer.json()["operation"]["id"])


async def _told(carrier: Office, operation: str, *, after_first: Any) -> list[dict[str, Any]]:
    """Every state that the stream tells until it ends; after the first one, this is done."""
    headers = {"Authorization": carrier.client.headers["Authorization"]}
    told: list[dict[str, Any]] = []
    async with (
        asyncio.timeout(30),
        served(carrier.app) as url,
        httpx.AsyncClient(headers=headers, trust_env=False) as client,
        aconnect_sse(client, "GET", f"{url}/v1/operations/{operation}/events") as source,
    ):
        async for message in source.aiter_sse():
            if message.event == "operation":
                told.append(json.loads(message.data))
                if len(told) == 1:
                    await after_first()
    return told


async def test_it_tells_each_state_until_the_operation_has_ended(carrier: Office) -> None:
    operation = await _issued(carrier)

    async def end() -> None:
        await carrier.end(operation, OperationStatus.SUCCEEDED)
        carrier.app.state.node.news.tell()

    told = await _told(carrier, operation, after_first=end)

    assert [each["status"] for each in told] == ["initialized", "succeeded"]
    assert told[-1] == (await carrier.get(f"/v1/operations/{operation}")).json()


async def test_it_ends_with_the_node(carrier: Office) -> None:
    operation = await _issued(carrier)

    async def stop() -> None:
        carrier.app.state.node.news.close()

    told = await _told(carrier, operation, after_first=stop)

    assert [each["status"] for each in told] == ["initialized"]


async def test_one_that_has_ended_is_told_at_once(carrier: Office) -> None:
    operation = await _issued(carrier)
    await carrier.end(operation, OperationStatus.UNDONE)

    answer = await carrier.get(f"/v1/operations/{operation}/events")

    assert '"status":"undone"' in answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")


async def test_one_that_is_not_there_is_not_found(carrier: Office) -> None:
    assert (await carrier.get("/v1/operations/none/events")).status_code == 404
