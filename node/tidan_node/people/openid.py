"""The OpenID provider that vouches for this party's people, asked over HTTP (OpenID Connect
Discovery 1.0, RFC 6749 with PKCE, RFC 9207)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx

from tidan_node.domain.loopback import is_loopback
from tidan_node.people.id_tokens import Expected, SigningKeys, key_named, refused, signing_keys
from tidan_node.people.id_tokens import subject_of as subject_of_token
from tidan_node.people.problems import ProviderUnusable
from tidan_node.people.sign_ins import SignIn
from tidan_node.people.users import utc_now
from tidan_node.public_roots import public_roots

DISCOVERY: Final = "/.well-known/openid-configuration"
_LARGEST_ANSWER: Final = 64 * 1024
_PATIENCE: Final = 10.0
_KNOWN_FOR: Final = timedelta(minutes=10)

Json = dict[str, Any]  # Any: JSON of the provider


@dataclass(frozen=True, slots=True)
class Registration:
    """What this node is at the provider."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider says of itself, and until when that is believed."""

    document: Json
    keys: SigningKeys
    until: datetime


def provider_client() -> httpx.AsyncClient:
    """Straight to the provider: no proxy of the environment, no redirect, no cookie of before."""
    return httpx.AsyncClient(
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(_PATIENCE),
        verify=public_roots(),
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": "tidan", "Accept-Encoding": "identity"},
    )


class OpenIdProvider:
    """One provider, as this node deals with it. Only https is trusted, and this very machine."""

    def __init__(
        self,
        registration: Registration,
        client: httpx.AsyncClient,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.registration = registration
        self._client = client
        self._clock = clock
        self._known: _Known | None = None

    async def authorization_endpoint(self) -> str:
        """Where people sign in, as the provider says."""
        return _endpoint((await self._provider()).document, "authorization_endpoint")

    def authorization_url(self, endpoint: str, sign_in: SignIn, state: str) -> str:
        """Where a person goes for this sign-in."""
        query = {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": sign_in.redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": sign_in.nonce,
            "code_challenge": sign_in.challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def redeem(self, sign_in: SignIn, code: str, issuer: str | None) -> str:
        """The subject that the provider vouches for, in exchange for the code of the redirect and
        the verifier that the provider has only seen the digest of."""
        known = await self._provider()
        announced = known.document.get("authorization_response_iss_parameter_supported") is True
        if issuer != self.registration.issuer and (issuer is not None or announced):
            raise refused("issuer", "the redirect is not of this node's provider")
        token = await self._token(known.document, sign_in, code)
        if key_named(token) not in known.keys:
            # keys are rotated: once more, and if it is not there then, it is not the provider's
            known = await self._provider(anew=True)
        expected = Expected(self.registration.issuer, self.registration.client_id, sign_in.nonce)
        return subject_of_token(token, known.keys, expected, self._clock())

    async def _token(self, document: Json, sign_in: SignIn, code: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": sign_in.redirect_uri,
            "code_verifier": sign_in.verifier,
        }
        headers = {"Accept": "application/json"}
        own, secret = self.registration.client_id, self.registration.client_secret
        methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        auth = None
        if secret is None:
            form["client_id"] = own
        elif isinstance(methods, list) and "client_secret_basic" in methods:
            auth = httpx.BasicAuth(quote(own, safe=""), quote(secret, safe=""))
        else:
            form |= {"client_id": own, "client_secret": secret}
        request = self._client.build_request(
            "POST", _endpoint(document, "token_endpoint"), data=form, headers=headers
        )
        status, answer = await self._ask(request, auth)
        if status != httpx.codes.OK:
            # of its reason only that it had one: a provider may quote the code in it
            if 400 <= status < 500:
                raise refused("code", "the provider does not take the code")
            raise ProviderUnusable(f"its token endpoint answers {status}")
        token = answer.get("id_token")
        if not isinstance(token, str) or not token.isascii():
            raise refused("form", "the provider answered without an ID token")
        return token

    async def _provider(self, *, anew: bool = False) -> _Known:
        now = self._clock()
        if self._known is None or anew or now >= self._known.until:
            document = await self._document(self.registration.issuer.rstrip("/") + DISCOVERY)
            if document.get("issuer") != self.registration.issuer:
                raise ProviderUnusable("its discovery document is of another issuer")
            challenges = document.get("code_challenge_methods_supported", ["S256"])
            if not isinstance(challenges, list) or "S256" not in challenges:
                raise ProviderUnusable("it does not support PKCE with S256")
            published = (await self._document(_endpoint(document, "jwks_uri"))).get("keys")
            keys = signing_keys(published if isinstance(published, list) else [])
            self._known = _Known(document, keys, now + _KNOWN_FOR)
        return self._known

    async def _document(self, url: str) -> Json:
        status, document = await self._ask(self._client.build_request("GET", url))
        if status != httpx.codes.OK:
            raise ProviderUnusable(f"it answers {status}")
        return document

    async def _ask(
        self, request: httpx.Request, auth: httpx.Auth | None = None
    ) -> tuple[int, Json]:
        """Its answer as JSON; `{}` where it is none."""
        told = b""
        try:
            async with asyncio.timeout(_PATIENCE):
                response = await self._client.send(request, stream=True, auth=auth)
                async with aclosing(response):
                    async for chunk in response.aiter_raw():
                        told += chunk
                        if len(told) > _LARGEST_ANSWER:
                            raise ProviderUnusable("its answer is too long")
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise ProviderUnusable(f"it cannot be reached: {type(error).__name__}") from error
        try:
            document = json.loads(told)
        except (ValueError, RecursionError):
            document = None
        return response.status_code, document if isinstance(document, dict) else {}


def _endpoint(document: Json, name: str) -> str:
    """A URL of the provider's: https, or for one on this very machine http to it. Another provider
    makes the node ask nobody here."""
    url, issuer = document.get(name), str(document.get("issuer"))
    usable = isinstance(url, str) and is_provider_url(url)
    if not isinstance(url, str) or not usable or _scheme(url) not in {"https", _scheme(issuer)}:
        raise ProviderUnusable(f"its {name} is no https URL")
    return url


def _scheme(url: str) -> str:
    return url.partition(":")[0].lower()


def is_provider_url(text: str) -> bool:
    """Whether an identity can be trusted that comes from there."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        return False
    if url.userinfo or url.fragment or not url.host:
        return False
    return url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))
