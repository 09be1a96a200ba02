"""A seller with people of its own, makers and checkers, and a title that it holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.office import Consortium, Office, opened
from tests.papers import transport_document
from tidan_node.approvals.keeping import KeptRequests
from tidan_node.domain.parties import Role
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.authentication import not_authenticated
from tidan_node.people.caller import Caller, Scope
from tidan_node.people.roles import UserRole
from tidan_node.people.sessions import Sessions
from tidan_node.people.users import User, Users

DAYS = 24 * 60 * 60 // 5
"""So many blocks of the story."""


@dataclass
class Person:
    """Somebody who calls the seller's node, by one key or session."""

    office: Office
    user: User
    key_id: str
    authorization: str

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.office.client.get(path, params=query, headers=self._headers())

    async def post(self, path: str, body: object = None, key: str | None = None) -> httpx.Response:
        named = self.office.new_key() if key is None else {"Idempotency-Key": key}
        return await self.office.client.post(path, json=body, headers=self._headers() | named)

    async def approve(self, approval: str, key: str | None = None) -> httpx.Response:
        return await self.post(f"/v1/approvals/{approval}/approval", key=key)

    async def waiting(self, path: str, body: object = None) -> str:
        """The id of the approval that this request waits for."""
        answer = await self.post(path, body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["approval"]["id"])

    def _headers(self) -> dict[str, str]:
        return {"Authorization": self.authorization}


@dataclass
class Standing:
    """The recognitions that stand."""

    anchors: frozenset[str]

    async def admit(self, connection: AsyncConnection, caller: Caller) -> Caller:
        if caller.anchor_id not in self.anchors:
            raise not_authenticated()
        return caller


@dataclass
class House:
    """The seller's house: a title, the people, and the offer that they make of it."""

    consortium: Consortium
    carrier: Office
    seller: Office
    title: str

    @property
    def offers(self) -> str:
        return f"/v1/titles/{self.title}/offers"

    async def person(
        self, name: str, *roles: UserRole, scopes: Iterable[Scope] | None = None
    ) -> Person:
        """A new user with a key of its own, that covers all that its roles do unless told."""
        async with self.seller.database.writing() as connection:
            user = await Users(connection, self.clock).add(
                issuer="https://login.example", subject=name, name=name, roles=roles
            )
        return await self._with_key(user, user.scopes if scopes is None else scopes)

    async def maker(self) -> Person:
        return await self.person("a maker", UserRole.MAKER)

    async def checker(self, name: str = "a checker") -> Person:
        return await self.person(name, UserRole.CHECKER)

    async def other_key(self, person: Person) -> Person:
        """The same person, by another key."""
        return await self._with_key(person.user, person.user.scopes)

    async def agent(self, person: Person, *scopes: Scope, days: int = 30) -> Person:
        """A program that acts for this person."""
        return await self._with_key(person.user, scopes, agent=True, days=days)

    async def session(self, person: Person, anchor: str | None = None) -> Person:
        """The same person, signed in for an hour; with an anchor, by another platform."""
        async with self.seller.database.writing() as connection:
            session, text = await Sessions(connection, self.clock).start(
                person.user,
                via="oidc",
                expires_at=self.clock() + timedelta(hours=1),
                anchor_id=anchor,
            )
        return Person(self.seller, person.user, session.session_id, f"Bearer {text.reveal()}")

    async def _with_key(
        self, user: User, scopes: Iterable[Scope], *, agent: bool = False, days: int = 30
    ) -> Person:
        ends = self.clock() + timedelta(days=days)
        async with self.seller.database.writing() as connection:
            key, text = await ApiKeys(connection, self.clock).create_users_key(
                user, "a key", scopes, expires_at=ends, agent=agent
            )
        return Person(self.seller, user, key.key_id, f"Bearer {text.reveal()}")

    def clock(self) -> datetime:
        return self.consortium.clock()

    def recognise(self, *anchors: str) -> None:
        """From now on the recognitions of these stand, and no other."""
        node = self.seller.app.state.node
        self.seller.app.state.node = replace(node, session_guard=Standing(frozenset(anchors)))

    async def disable(self, person: Person) -> None:
        async with self.seller.database.writing() as connection:
            await Users(connection, self.clock).disable(person.user.user_id)

    async def require(self, act: str, approvers: int) -> None:
        """A rule, set by the house's own key while there is none."""
        body = {"act": act, "approvers": approvers}
        answer = await self.seller.post("/v1/approval-rules", body)
        assert answer.status_code == 200, answer.text

    async def operations(self, kind: str = "title.offer") -> list[dict[str, Any]]:
        items = (await self.seller.get("/v1/operations")).json()["items"]
        return [each for each in items if each["kind"] == kind]

    async def told(self, approval: str) -> list[str]:
        """What the trail says of an approval, in order."""
        return [act for act, subject, _ in await self.seller.trail() if subject == approval]

    async def keep_house(self) -> None:
        """What the node does every hour."""
        async with self.seller.database.writing() as connection:
            await KeptRequests().expire(connection, self.clock())

    async def pass_days(self, days: int) -> None:
        self.consortium.story.next_block(days * DAYS)
        await self.consortium.publish()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    consortium = Consortium(tmp_path)
    roles = (Role.CARRIER, Role.CARRIER | Role.TRADER, Role.TRADER)
    parties = [consortium.enrol(role) for role in roles]
    async with AsyncExitStack() as stack:
        carrier, seller = [
            await stack.enter_async_context(opened(consortium, party)) for party in parties[:2]
        ]
        await consortium.publish()
        body = {"document": transport_document("TDB-0417"), "possessor": "2", "titleholder": "2"}
        title = (await carrier.post("/v1/titles", body)).json()["title"]
        await carrier.carry_out()
        yield House(consortium, carrier, seller, title)
