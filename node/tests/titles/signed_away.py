"""An act prepared at a node, signed elsewhere, and sent by a node."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.papers import transport_document
from tests.signing import signed
from tidan_node.titles.tables import prepared_acts

ISSUE = {"document": transport_document(), "possessor": "Party 2 Ltd", "titleholder": "2"}


async def prepared(office: Any, act: str, **more: Any) -> dict[str, Any]:
    answer = await office.post("/v1/title-acts:prepare", {"act": act} | more)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def relayed(office: Any, act: dict[str, Any]) -> dict[str, Any]:
    answer = await office.post("/v1/title-acts:relay", signed(act))
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def kept(office: Any) -> list[str]:
    async with office.database.reading() as connection:
        return list(await connection.scalars(select(prepared_acts.c.act)))
