"""A service's key is no second person: whoever made it answers for what it asks for."""

from __future__ import annotations

from typing import Any

from tests.approvals.conftest import Person
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole

OFFER = {"recipient": "3"}


async def _service(house: Any, maker: Person, *scopes: Scope) -> Person:
    """A service, by a key that this one has made through the node."""
    answer = await maker.post("/v1/keys", {"name": "erp", "scopes": list(scopes)})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Person(house.seller, maker.user, made["id"], f"Bearer {made['key']}")


async def test_whoever_made_a_services_key_decides_nothing_that_it_asks_for(house: Any) -> None:
    boss = await house.person("boss", *UserRole)
    checker = await house.checker()
    await house.require("title.offer", 1)
    erp = await _service(house, boss, Scope.TITLES_ACT)
    approval = await erp.waiting(house.offers, OFFER)

    own = await boss.approve(approval)
    others = await checker.approve(approval)

    assert own.json()["type"] == "/v1/problems/maker-may-not-decide"
    assert others.json()["status"] == "done"
    assert len(await house.operations()) == 1


async def test_nor_by_way_of_another_services_key(house: Any) -> None:
    boss = await house.person("boss", *UserRole)
    await house.checker()
    await house.require("title.offer", 1)
    scopes = (Scope.ADMIN, Scope.KEYS_MANAGE, Scope.TITLES_ACT)
    erp = await _service(house, await _service(house, boss, *scopes), Scope.TITLES_ACT)
    approval = await erp.waiting(house.offers, OFFER)

    answer = await boss.approve(approval)

    assert answer.json()["type"] == "/v1/problems/maker-may-not-decide"
    assert await house.operations() == []
