"""A real provider vouches for somebody; what is wrong on the way is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.on_loopback import served
from tests.openid import REDIRECT, RunningProvider
from tidan_node.people.openid import (
    DISCOVERY,
    OpenIdProvider,
    Registration,
    is_provider_url,
    provider_client,
)
from tidan_node.people.problems import ProviderUnusable, SignInRefused
from tidan_node.people.sign_ins import SignIn
from tidan_node.people.users import utc_now

SECRET = "a secret of the tests: + and / and %"
SIGN_IN = SignIn("nonce-1", "v" * 43, REDIRECT)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with provider_client() as client:
        yield client


@pytest.fixture
def node(openid_provider: RunningProvider, client: httpx.AsyncClient) -> OpenIdProvider:
    """What a node that is a public client has."""
    return OpenIdProvider(Registration(openid_provider.issuer, "tidan-public"), client)


async def _code(node: OpenIdProvider, provider: RunningProvider, who: str = "ann") -> str:
    url = node.authorization_url(await node.authorization_endpoint(), SIGN_IN, "state-1")
    sent_back = await provider.signs_in(url, who)
    assert sent_back["state"] == "state-1"
    assert sent_back["iss"] == provider.issuer
    return sent_back["code"]


class TestAuthorizationUrl:
    async def test_it_asks_for_a_code_bound_to_the_sign_in(self, node: OpenIdProvider) -> None:
        url = node.authorization_url(await node.authorization_endpoint(), SIGN_IN, "state-1")
        assert parse_qs(urlsplit(url).query) == {
            "response_type": ["code"],
            "client_id": ["tidan-public"],
            "redirect_uri": [REDIRECT],
            "scope": ["openid"],
            "state": ["state-1"],
            "nonce": ["nonce-1"],
            "code_challenge": [SIGN_IN.challenge],
            "code_challenge_method": ["S256"],
        }
        assert SIGN_IN.verifier not in url


class TestRedeem:
    @pytest.mark.parametrize(
        ("client_id", "secret"),
        [("tidan-public", None), ("tidan-eddsa", None), ("tidan-confidential", SECRET)],
    )
    async def test_the_provider_says_who_signed_in(
        self,
        openid_provider: RunningProvider,
        client: httpx.AsyncClient,
        client_id: str,
        secret: str | None,
    ) -> None:
        registration = Registration(openid_provider.issuer, client_id, secret)
        node = OpenIdProvider(registration, client)
        code = await _code(node, openid_provider)
        assert await node.redeem(SIGN_IN, code, openid_provider.issuer) == "ann"

    async def test_a_code_is_good_once(
        self, node: OpenIdProvider, openid_provider: RunningProvider
    ) -> None:
        code = await _code(node, openid_provider)
        await node.redeem(SIGN_IN, code, openid_provider.issuer)
        assert await _rule(node, SIGN_IN, code, openid_provider.issuer) == "code"

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"verifier": "w" * 43}, "code"),
            ({"redirect_uri": "http://127.0.0.1:4712/callback"}, "code"),
            ({"nonce": "nonce-2"}, "nonce"),
        ],
    )
    async def test_a_code_of_another_sign_in_is_refused(
        self,
        node: OpenIdProvider,
        openid_provider: RunningProvider,
        changed: dict[str, str],
        rule: str,
    ) -> None:
        code = await _code(node, openid_provider)
        other = replace(SIGN_IN, **changed)
        assert await _rule(node, other, code, openid_provider.issuer) == rule

    @pytest.mark.parametrize("issuer", [None, "https://other.example"])
    async def test_a_redirect_of_another_issuer_is_refused(
        self, node: OpenIdProvider, openid_provider: RunningProvider, issuer: str | None
    ) -> None:
        code = await _code(node, openid_provider)
        assert await _rule(node, SIGN_IN, code, issuer) == "issuer"

    async def test_a_false_secret_of_the_node_is_refused(
        self, openid_provider: RunningProvider, client: httpx.AsyncClient
    ) -> None:
        false = Registration(openid_provider.issuer, "tidan-confidential", "guessed")
        node = OpenIdProvider(false, client)
        code = await _code(node, openid_provider)
        assert await _rule(node, SIGN_IN, code, openid_provider.issuer) == "code"

    async def test_keys_that_the_provider_has_changed_are_fetched_once(
        self, openid_provider: RunningProvider
    ) -> None:
        asked: list[str] = []

        async def note(request: httpx.Request) -> None:
            asked.append(request.url.path)

        async with provider_client() as client:
            client.event_hooks = {"request": [note]}
            node = OpenIdProvider(Registration(openid_provider.issuer, "tidan-public"), client)
            await node.authorization_endpoint()
            await openid_provider.changes_its_keys()
            code = await _code(node, openid_provider)
            assert await node.redeem(SIGN_IN, code, openid_provider.issuer) == "ann"
        assert asked == [DISCOVERY, "/jwks", "/token", DISCOVERY, "/jwks"]

    async def test_what_the_provider_says_of_itself_is_believed_for_minutes(
        self, openid_provider: RunningProvider
    ) -> None:
        asked: list[str] = []
        now = utc_now()

        async def note(request: httpx.Request) -> None:
            asked.append(request.url.path)

        async with provider_client() as client:
            client.event_hooks = {"request": [note]}
            node = OpenIdProvider(
                Registration(openid_provider.issuer, "tidan-public"), client, lambda: now
            )
            for later in (0, 9, 1):
                now += timedelta(minutes=later)
                await node.authorization_endpoint()
        assert asked == [DISCOVERY, "/jwks"] * 2


async def _rule(node: OpenIdProvider, sign_in: SignIn, code: str, issuer: str | None) -> str:
    with pytest.raises(SignInRefused) as refusal:
        await node.redeem(sign_in, code, issuer)
    told = str(refusal.value.document())
    assert code not in told
    assert sign_in.verifier not in told
    return str(refusal.value.document()["rule"])


Told = tuple[int, bytes]


@asynccontextmanager
async def answering(**answers: Told | dict[str, Any]) -> AsyncIterator[OpenIdProvider]:
    """A node whose provider answers each path so, as no real one would; OWN is its own URL."""

    async def provider(scope: Any, receive: Any, send: Any) -> None:  # Any: ASGI
        path = scope["path"].rsplit("/", 1)[-1].replace("-", "_")
        usual = DOCUMENT if "openid" in path else {"keys": []}
        told = answers.get(path, usual)
        status, body = told if isinstance(told, tuple) else (200, json.dumps(told).encode())
        headers = [(b"location", b"http://127.0.0.1:1/")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body.replace(b"OWN", url.encode())})

    async with served(provider) as url, provider_client() as client:
        yield OpenIdProvider(Registration(url, "tidan"), client)


DOCUMENT = {
    "issuer": "OWN",
    "authorization_endpoint": "OWN/auth",
    "token_endpoint": "OWN/token",
    "jwks_uri": "OWN/jwks",
}


class TestUnusable:
    async def test_the_usual_answers_are_those_of_a_provider(self) -> None:
        async with answering() as node:
            assert (await node.authorization_endpoint()).endswith("/auth")

    @pytest.mark.parametrize(
        "answers",
        [
            {"openid_configuration": (500, b"{}")},
            {"openid_configuration": (302, b"{}")},
            {"openid_configuration": (200, b"[" * 50_000)},
            {"openid_configuration": (200, json.dumps(DOCUMENT).encode() + b" " * 65_536)},
            {"openid_configuration": DOCUMENT | {"issuer": "https://other.example"}},
            {"openid_configuration": DOCUMENT | {"code_challenge_methods_supported": ["plain"]}},
            {"openid_configuration": DOCUMENT | {"jwks_uri": "http://id.example/jwks"}},
            {"openid_configuration": DOCUMENT | {"authorization_endpoint": "javascript:1"}},
            {"jwks": (404, b"{}")},
        ],
    )
    async def test_a_provider_that_answers_as_none_is_not_used(
        self, answers: dict[str, Any]
    ) -> None:
        async with answering(**answers) as node:
            with pytest.raises(ProviderUnusable):
                await node.authorization_endpoint()

    @pytest.mark.parametrize(
        "answer", [{}, {"id_token": None}, {"id_token": "é"}, {"access_token": "a"}]
    )
    async def test_an_answer_without_an_id_token_vouches_for_nobody(
        self, answer: dict[str, Any]
    ) -> None:
        async with answering(token=answer) as node:
            with pytest.raises(SignInRefused, match="without an ID token"):
                await node.redeem(SIGN_IN, "code", None)

    async def test_a_token_endpoint_that_fails_is_tried_later(self) -> None:
        async with answering(token=(502, b"")) as node:
            with pytest.raises(ProviderUnusable, match="502"):
                await node.redeem(SIGN_IN, "code", None)

    async def test_one_that_cannot_be_reached_is_said_so(self) -> None:
        async with provider_client() as client:
            node = OpenIdProvider(Registration("http://127.0.0.1:1", "tidan"), client)
            with pytest.raises(ProviderUnusable, match="cannot be reached"):
                await node.authorization_endpoint()


class TestElsewhere:
    @pytest.mark.parametrize("name", ["jwks_uri", "token_endpoint", "authorization_endpoint"])
    async def test_a_provider_elsewhere_leads_to_nobody_on_this_machine(self, name: str) -> None:
        issuer = "https://id.example"
        usual = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/auth",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
        }
        asked: list[str] = []

        def provider(request: httpx.Request) -> httpx.Response:
            asked.append(request.url.host)
            found = "openid" in request.url.path
            told = usual | {name: "http://127.0.0.1:8750/v1"} if found else {"keys": []}
            return httpx.Response(200, stream=httpx.ByteStream(json.dumps(told).encode()))

        async with httpx.AsyncClient(transport=httpx.MockTransport(provider)) as client:
            node = OpenIdProvider(Registration(issuer, "tidan"), client)
            begins = name == "authorization_endpoint"
            ask = node.authorization_endpoint() if begins else node.redeem(SIGN_IN, "code", None)
            with pytest.raises(ProviderUnusable, match=name):
                await ask
        assert set(asked) == {"id.example"}


class TestIsProviderUrl:
    @pytest.mark.parametrize(
        "url", ["https://id.example/a", "http://127.0.0.1:9/a", "http://[::1]/"]
    )
    def test_https_and_this_machine_are_trusted(self, url: str) -> None:
        assert is_provider_url(url)

    @pytest.mark.parametrize(
        "url",
        [
            "http://id.example",
            "https://a:b@id.example",
            "https://id.example/#a",
            "ftp://x",
            "https://",
        ],
    )
    def test_nothing_else_is(self, url: str) -> None:
        assert not is_provider_url(url)
