"""A relayed act is refused with whatever its direct act is refused with."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.routing import APIRoute

from tidan_node.titles.module import ROUTERS

RELAY, PREPARE = "/v1/title-acts:relay", "/v1/title-acts:prepare"


def acts() -> Iterator[APIRoute]:
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and "POST" in route.methods:
                yield route


def refusals(route: APIRoute) -> set[str]:
    """The problems that the endpoint says it has, by their names."""
    media = [each for told in route.responses.values() for each in told["content"].values()]
    return {slug for each in media for slug in each["examples"]}


def test_what_refuses_a_direct_act_is_among_what_refuses_a_relayed_one() -> None:
    told = {route.path: refusals(route) for route in acts()}
    relayed = told.pop(RELAY)
    del told[PREPARE]

    assert len(told) > 20
    assert {path: slugs - relayed for path, slugs in told.items() if slugs - relayed} == {}
