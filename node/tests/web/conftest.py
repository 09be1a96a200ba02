"""A node of a few endpoints of its own, with all of the edge around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import Column, MetaData, String, Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.empty_database import database_in
from tests.story import Story
from tests.story_chain import RecordsOfStory
from tidan_node.domain.exchange_keys import ExchangeKeys, HeldKeys, KeyRing
from tidan_node.domain.identifiers import Address
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.operations.service import Operations
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import Scope
from tidan_node.problems import NotFound
from tidan_node.storage.database import Database
from tidan_node.web import tables as _tables  # noqa: F401 - enters the answers into the catalogue
from tidan_node.web.caller import requires
from tidan_node.web.edge import application
from tidan_node.web.health import Check, Health
from tidan_node.web.metrics import Metrics
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import Shape
from tidan_node.web.state import ChainFacts, NodeState
from tidan_node.web.transactions import Reading, Recorded, Undertaking, Writing

UPLOAD_LIMIT = 2000
ACCOUNT = Address("0x" + "11" * 20)
REGISTRY = Address("0x" + "22" * 20)

_own = MetaData()
notes = Table("notes", _own, Column("text", String(2000), primary_key=True))


class Note(Shape):
    text: str


class Count(Shape):
    count: int


@dataclass
class Edge:
    """The app under test and what a test may hold on to."""

    app: FastAPI
    database: Database
    metrics: Metrics
    checks: list[Check]
    begun: asyncio.Event
    gate: asyncio.Event
    keys: dict[str, str] = field(default_factory=dict)

    def client(self, key: str | None = "all") -> httpx.AsyncClient:
        headers = {} if key is None else {"Authorization": f"Bearer {self.keys[key]}"}
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://node", headers=headers)

    async def count(self) -> int:
        async with self.database.reading() as connection:
            return await _count(connection)


async def _count(connection: AsyncConnection) -> int:
    return await connection.scalar(select(func.count()).select_from(notes)) or 0


def _router(begun: asyncio.Event, gate: asyncio.Event) -> APIRouter:
    router = guarded_router("/v1/notes", "notes")

    @router.post("", status_code=202, dependencies=[requires("titles:act")])
    async def write(note: Note, connection: Writing) -> Count:
        await connection.execute(insert(notes).values(text=note.text))
        return Count(count=await _count(connection))

    @router.post("/slow", status_code=202, dependencies=[requires("titles:act")])
    async def write_slowly(note: Note, undertaking: Undertaking) -> Note:
        begun.set()
        await gate.wait()
        await (await undertaking.begin()).execute(insert(notes).values(text=note.text))
        return note

    @router.post("/refused", status_code=202, dependencies=[requires("titles:act")])
    async def refuse(note: Note, connection: Writing) -> Note:
        await connection.execute(insert(notes).values(text=note.text))
        raise NotFound("no")

    @router.post("/recorded", status_code=202, dependencies=[requires("titles:act")])
    async def refuse_on_record(note: Note, connection: Writing) -> Note:
        await connection.execute(insert(notes).values(text=note.text))
        raise RecordedRefusal(NotFound("no"))

    @router.post("/broken", status_code=202, dependencies=[requires("titles:act")])
    async def break_down(note: Note) -> Note:
        raise RuntimeError(f"cannot digest {note.text}")

    @router.get("", dependencies=[requires("records:read")])
    async def count(connection: Reading) -> Count:
        return Count(count=await _count(connection))

    @router.get("/recorded", dependencies=[requires("records:read")])
    async def read_on_record(connection: Recorded) -> Count:
        await connection.execute(insert(notes).values(text="who read it"))
        return Count(count=await _count(connection))

    return router


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    database = database_in(tmp_path / "node.db")
    begun, gate = asyncio.Event(), asyncio.Event()
    checks: list[Check] = []
    metrics = Metrics()

    async def measure() -> None:
        metrics.seen(operations={"pending": 3}, block=41, lag=2, unanswered=1)

    node = NodeState(
        database=database,
        account=ACCOUNT,
        operations=Operations(chain_id=1337, account=ACCOUNT),
        numbering_key=NumberingKey((7).to_bytes(32, "big")),
        exchange_keys=KeyRing(HeldKeys(ExchangeKeys.from_secret(bytes(32)))),
        chain=ChainFacts(1337, *[REGISTRY] * 7),
        health=Health(checks),
        metrics=metrics,
        measure=measure,
        record_chain=RecordsOfStory(Story()),
    )
    app = application(node, [_router(begun, gate)], upload_limit=UPLOAD_LIMIT)
    edge = Edge(app, database, metrics, checks, begun, gate)
    async with database.writing() as connection:
        await connection.run_sync(_own.create_all)
        keys = ApiKeys(connection)
        for name, scopes in {
            "all": set(Scope),
            "other": set(Scope),
            "reader": {Scope.RECORDS_READ},
        }.items():
            _, text = await keys.create_key(name, scopes)
            edge.keys[name] = text.reveal()
    yield edge
    await database.close()
