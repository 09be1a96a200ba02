"""A node with an OpenID provider, and the people of its party."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.office import Consortium, Office, opened
from tests.openid import REDIRECT, RunningProvider
from tidan_node.domain.parties import Role
from tidan_node.people.openid import OpenIdProvider, Registration, provider_client
from tidan_node.people.sign_in_offer import SignInOffer
from tidan_node.people.users import utc_now


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """A node without a provider; its client has a service's key of every scope."""
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.CARRIER)
    async with opened(consortium, party) as office:
        office.app.state.node = replace(office.app.state.node, clock=utc_now)
        await consortium.publish()
        yield office


@dataclass
class House:
    """The node and its people, who sign in as they do."""

    office: Office
    provider: RunningProvider
    people: dict[str, str] = field(default_factory=dict)

    async def add(self, who: str, *roles: str) -> str:
        """The id of somebody new in the directory, whom the provider knows by this name."""
        body = {"subject": who, "name": f"the {who}", "roles": list(roles)}
        answer = await self.office.post("/v1/users", body)
        assert answer.status_code == 201, answer.text
        self.people[who] = answer.json()["id"]
        return self.people[who]

    async def begin(self) -> dict[str, Any]:
        answer = await self.office.post("/v1/sign-ins", {"redirectUri": REDIRECT})
        assert answer.status_code == 201, answer.text
        begun: dict[str, Any] = answer.json()
        return begun

    async def redirected(self, begun: dict[str, Any], who: str) -> dict[str, str]:
        """What a program brings to the node after somebody has signed in."""
        carried = await self.provider.signs_in(begun["authorizationUrl"], who)
        return carried | {"secret": begun["secret"]}

    async def sign_in(self, who: str) -> httpx.Response:
        carried = await self.redirected(await self.begin(), who)
        return await self.office.client.post("/v1/sessions", json=carried)

    async def session(self, who: str, *roles: str) -> Person:
        """Somebody new, who has signed in."""
        await self.add(who, *roles)
        answer = await self.sign_in(who)
        assert answer.status_code == 201, answer.text
        return Person(self.office, answer.json()["token"])


@dataclass
class Person:
    """Somebody who calls with a session or a key of its own."""

    office: Office
    token: str

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        key = self.office.new_key() if method == "POST" else {}
        return await self.office.client.request(
            method,
            path,
            json=body,
            headers={"Authorization": f"Bearer {self.token}"} | key | headers,
        )


@pytest.fixture
async def house(office: Office, openid_provider: RunningProvider) -> AsyncIterator[House]:
    async with provider_client() as client:
        provider = OpenIdProvider(Registration(openid_provider.issuer, "tidan-public"), client)
        offer = SignInOffer(provider, "https://desk.example/signed-in", timedelta(hours=8))
        office.app.state.node = replace(office.app.state.node, sign_in=offer)
        yield House(office, openid_provider)
