"""A node whose rows are changed behind its back, and the audit of all of it."""

from __future__ import annotations

from typing import Any

from tests.audit.audited import Heard, OfficeNode, StoryChain, chain_of
from tests.office import Office
from tests.papers import transport_document
from tidan_node.audit.whole import Audited, audit_chain


async def audited(office: Office, chain: StoryChain | None = None) -> tuple[Heard, Audited]:
    heard = Heard()
    return heard, await audit_chain(chain or chain_of(office), OfficeNode(office), heard)


async def changed(office: Office, *statements: Any) -> None:
    async with office.database.writing() as connection:
        for statement in statements:
            await connection.execute(statement)


async def issued_with_a_document(office: Office) -> str:
    answer = await office.post("/v1/titles", {"document": transport_document(), "titleholder": "1"})
    assert answer.status_code == 202, answer.text
    await office.carry_out()
    return str(answer.json()["title"])
