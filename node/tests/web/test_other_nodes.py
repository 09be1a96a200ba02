"""Other nodes find what is meant for them, and nothing else of a node."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from tests.office import UPLOAD_LIMIT, Consortium, Office, opened
from tidan_node.app import ROUTERS
from tidan_node.domain.parties import Role
from tidan_node.web.edge import application
from tidan_node.web.operating import operating_router
from tidan_node.web.other_nodes import exchange_application, for_own_people

WELL_KNOWN = "/.well-known/"
STATUS_LISTS = "/v1/status-lists/"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.CARRIER)
    async with opened(consortium, party) as office:
        await consortium.publish()
        yield office


@pytest.fixture
async def from_outside(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """Asks as another node does, and shows the key of this one's clerk, too."""
    routers = (operating_router(open_metrics=True), *ROUTERS)
    app = exchange_application(office.app.state.node, routers, upload_limit=UPLOAD_LIMIT)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://node",
        headers={"Authorization": office.client.headers["Authorization"]},
    ) as client:
        yield client


def endpoints_of(office: Office) -> set[tuple[str, str]]:
    """Everything that this node's own people may call."""
    found = {("GET", "/openapi.json")}
    for context in iter_route_contexts(office.app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            found |= {(method, route.path) for method in route.methods}
    return found


def is_meant_for_them(endpoint: tuple[str, str]) -> bool:
    method, path = endpoint
    if method == "GET" and path.startswith((WELL_KNOWN, STATUS_LISTS)):
        return True
    return endpoint in {("POST", "/v1/parcels"), ("GET", "/health/live")}


async def test_the_process_answers_that_it_is_alive(from_outside: httpx.AsyncClient) -> None:
    assert (await from_outside.get("/health/live")).json() == {"status": "ok"}


async def test_a_parcel_is_taken_from_whoever_has_signed_it(
    from_outside: httpx.AsyncClient,
) -> None:
    answer = await from_outside.post("/v1/parcels", content=b"{}")

    assert (answer.status_code, answer.json()["type"]) == (401, "/v1/problems/signature-refused")


async def test_whatever_is_not_meant_for_them_is_not_there(
    office: Office, from_outside: httpx.AsyncClient
) -> None:
    inside = {each for each in endpoints_of(office) if not is_meant_for_them(each)}
    assert len(inside) > 40

    answers = {
        (method, path): await from_outside.request(
            method, path.replace("{", "").replace("}", ""), headers=office.new_key()
        )
        for method, path in inside
    }

    assert {each: answer.status_code for each, answer in answers.items()} == dict.fromkeys(
        inside, 404
    )
    assert len({answer.text for answer in answers.values()}) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_nor_is_what_is_meant_for_them_asked_in_another_way(
    from_outside: httpx.AsyncClient, method: str
) -> None:
    answer = await from_outside.request(method, "/v1/parcels")

    assert answer.status_code == 404
    assert "allow" not in answer.headers


async def test_a_body_is_no_longer_than_anywhere(from_outside: httpx.AsyncClient) -> None:
    answer = await from_outside.post("/v1/parcels", content=b"x" * (UPLOAD_LIMIT + 1))

    assert answer.status_code == 413


async def test_where_they_have_a_listener_parcels_are_taken_nowhere_else(office: Office) -> None:
    node = office.app.state.node
    app = application(node, for_own_people(ROUTERS), upload_limit=UPLOAD_LIMIT)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://node", headers=office.client.headers
    ) as client:
        refused = await client.post("/v1/parcels", content=b"{}")
        listed = await client.get("/v1/parcels")

    assert (refused.status_code, listed.status_code) == (405, 200)
    inside = replace(office, app=app)
    assert endpoints_of(office) - endpoints_of(inside) == {("POST", "/v1/parcels")}
