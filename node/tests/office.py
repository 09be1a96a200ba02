"""Nodes of a consortium without a chain: what they intend is carried out by the story they share.

Each office is a whole node app over a database of its own. The story keeps the rules of titles
and tells the events; every office reads them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import func, select, update
from starlette.routing import BaseRoute

from tests.carrying_out import carry_out
from tests.databases import databases
from tests.story import CHAIN, Story, exchange_keys, hex_of
from tests.story_chain import RecordsOfStory, block_of_story
from tests.title_book.members import DAY
from tidan_node.app import HANDLERS, ROUTERS
from tidan_node.approvals.keeping import KeptRequests
from tidan_node.domain import events as told
from tidan_node.domain.exchange_keys import HeldKeys, KeyRing
from tidan_node.domain.identifiers import Address, IssuerCode, PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.event_rows import add_events
from tidan_node.ledger.calls import Call
from tidan_node.operations.backlog import Backlog
from tidan_node.operations.operation import OperationStatus
from tidan_node.operations.service import Operations
from tidan_node.operations.tables import operations
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import Scope
from tidan_node.problems import Problem
from tidan_node.records.projections import record_projections
from tidan_node.storage.content_tables import contents
from tidan_node.storage.database import Database
from tidan_node.trail.tables import trail_entries
from tidan_node.web.edge import application
from tidan_node.web.health import Health
from tidan_node.web.metrics import Metrics
from tidan_node.web.news import News
from tidan_node.web.quick_reads import QuickRoutes
from tidan_node.web.routes import BatchedRoutes
from tidan_node.web.state import ChainFacts, NodeState

REGISTRY = Address(hex_of("TitleRegistry", size=20))
FACTS = ChainFacts(
    chain_id=CHAIN,
    title_registry=REGISTRY,
    invoice_registry=Address(hex_of("InvoiceRegistry", size=20)),
    policy_registry=Address(hex_of("PolicyRegistry", size=20)),
    party_registry=Address(hex_of("PartyRegistry", size=20)),
    platform_registry=Address(hex_of("PlatformRegistry", size=20)),
    gateway_registry=Address(hex_of("GatewayRegistry", size=20)),
    council=Address(hex_of("Council", size=20)),
    paper_delay=DAY,
)
UPLOAD_LIMIT = 100_000
BY_KIND = {each.kind: each for each in HANDLERS}


async def _nothing() -> None:
    """No figures are kept here."""


@dataclass
class Consortium:
    """The members' chain, and the offices that read it."""

    folder: Path
    story: Story = field(default_factory=Story)
    offices: list[Office] = field(default_factory=list)
    told_up_to: int = 0
    first_block: int | None = None
    chain: RecordsOfStory = field(init=False)
    """What the offices ask when a history is to be proven."""

    def __post_init__(self) -> None:
        self.chain = RecordsOfStory(self.story)

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.story.now, UTC)

    def enrol(self, roles: Role) -> PartyIndex:
        """A new party `Party <n> Ltd` with the code `SMDG:P<n>` and a numbering key for it."""
        party = self.story.enrol(roles)
        code = IssuerCode(f"SMDG:P{party}")
        key = numbering_key(party).public_key
        self.story.emit(told.NumberingKeyRegistered(party, hex_of(code), code, key))
        return party

    async def publish(self) -> None:
        """A new block holds what has happened; every office reads it."""
        news = self.story.events[self.told_up_to :]
        self.told_up_to = len(self.story.events)
        self.first_block = self.first_block or self.story.block
        for office in self.offices:
            await office.read(news, self.story.block)
        self.story.next_block()


@dataclass
class Office:
    """One member's node."""

    consortium: Consortium
    party: PartyIndex
    app: FastAPI
    database: Database
    client: httpx.AsyncClient
    asked: int = 0

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.client.get(path, params=query)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        """A request under a key of its own."""
        return await self.client.post(path, json=body, headers=self.new_key())

    async def post_file(self, path: str, file: bytes) -> httpx.Response:
        kind = {"Content-Type": "application/vnd.tidan.package+json"}
        return await self.client.post(path, content=file, headers=self.new_key() | kind)

    def new_key(self) -> dict[str, str]:
        self.asked += 1
        return {"Idempotency-Key": f"request-{self.asked}"}

    async def read(self, news: list[told.ChainEvent], block: int) -> None:
        """What an indexer does with a page."""
        async with self.database.writing() as connection:
            new = await add_events(connection, news)
            await Checkpoint(CHAIN).advance(connection, [block_of_story(block)])
            for projection in record_projections():
                await projection.apply(connection, new)

    async def waiting(self) -> list[tuple[str, Call]]:
        """What this node wants of the chain now, by the handlers that a dispatcher would ask."""
        async with self.database.reading() as connection:
            rows = await connection.execute(
                select(operations)
                .where(operations.c.status == OperationStatus.INITIALIZED)
                .order_by(operations.c.id)
            )
            return [(row.id, BY_KIND[row.kind].call(row.intent)) for row in rows]

    async def carry_out(self) -> None:
        """The chain does all that waits, and everybody reads of it."""
        for operation, call in await self.waiting():
            carry_out(self.consortium.story, call, self.party)
            await self.end(operation, OperationStatus.SUCCEEDED)
        await self.consortium.publish()

    async def end(
        self, operation: str, status: OperationStatus, problem: Problem | None = None
    ) -> None:
        async with self.database.writing() as connection:
            await connection.execute(
                update(operations)
                .where(operations.c.id == operation)
                .values(status=status, problem=problem and problem.document())
            )

    async def rows(self) -> tuple[int, int, int]:
        """How many operations, contents and trail entries there are."""
        async with self.database.reading() as connection:
            counts = [
                await connection.scalar(select(func.count()).select_from(table)) or 0
                for table in (operations, contents, trail_entries)
            ]
        return counts[0], counts[1], counts[2]

    async def trail(self) -> list[tuple[str, str, dict[str, Any]]]:
        async with self.database.reading() as connection:
            rows = await connection.execute(select(trail_entries).order_by(trail_entries.c.id))
            return [(row.act, row.subject, row.detail) for row in rows]


def numbering_key(party: int) -> NumberingKey:
    return NumberingKey(party.to_bytes(32, "big"))


@cache
def _routes() -> list[BaseRoute]:
    """Those of one app, for all: FastAPI works out anew for each what every route needs."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for router in ROUTERS:
        app.include_router(router)
    return app.routes


@asynccontextmanager
async def opened(
    consortium: Consortium,
    party: PartyIndex,
    scopes: frozenset[Scope] = frozenset(Scope),
    news: News | None = None,
    backlog: Backlog | None = None,
) -> AsyncIterator[Office]:
    """This party's node, which from now on reads what the consortium publishes.

    Without news its streams end once all is told: the client of an office reads whole answers."""
    if news is None:
        news = News()
        news.close()
    database = databases.opened(consortium.folder / f"node-{party}.db")
    account = consortium.story.accounts[party][0]
    node = NodeState(
        database=database,
        account=account,
        operations=Operations(chain_id=CHAIN, backlog=backlog),
        numbering_key=numbering_key(party),
        exchange_keys=KeyRing(HeldKeys(exchange_keys(party))),
        chain=FACTS,
        health=Health([]),
        metrics=Metrics(),
        measure=_nothing,
        record_chain=consortium.chain,
        news=news,
        four_eyes=KeptRequests(),
        clock=consortium.clock,
    )
    app = application(node, (), upload_limit=UPLOAD_LIMIT)
    app.routes.extend(_routes())
    app.state.batched, app.state.quick = BatchedRoutes(ROUTERS), QuickRoutes(ROUTERS)
    async with database.writing() as connection:
        _, key = await ApiKeys(connection).create_key("clerk", scopes)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://node",
        headers={"Authorization": f"Bearer {key.reveal()}"},
    )
    office = Office(consortium, party, app, database, client)
    consortium.offices.append(office)
    async with client:
        yield office
    await database.close()
