"""One POST to another node: where the chain says, no further, and no longer than a bounded time."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from tidan_node.domain.tls_certificates import Der
from tidan_node.exchange.pinning import PinnedTransport, pinned
from tidan_node.exchange.problems import (
    AnswerNotUnderstood,
    RecipientRedirects,
    RecipientUnreachable,
)
from tidan_node.problems import Problem, every_problem

_LARGEST_ANSWER: Final = 64 * 1024
_PATIENCE: Final = 120.0
_LONGEST_PAUSE: Final = 300.0
_SLUG: Final = re.compile(r"/v1/problems/([a-z0-9-]{1,64})")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; nobody has vouched for it yet."""

    receipt: str | None
    problem: str
    """The slug of the problem that came instead of a receipt, if it is one that we know."""
    retry_after: float = 0.0


def wire_client() -> httpx.AsyncClient:
    """Straight to the address, and to nobody but who is pinned for it: no proxy of the environment,
    no redirect, no cookie of before. Each request carries the certificates (`pinned`)."""
    return httpx.AsyncClient(
        transport=PinnedTransport(),
        # one client for all members: what one of them sets, no other gets to see
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(30.0, connect=10.0),
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": "tidan", "Accept-Encoding": "identity"},
    )


async def post(
    client: httpx.AsyncClient,
    url: str,
    *,
    certificates: Collection[Der],
    body: bytes,
    headers: Mapping[str, str],
) -> Answer:
    """The answer of the node that shows one of these certificates, or why there is none."""
    asked = client.stream(
        "POST", url, content=body, headers=dict(headers), extensions=pinned(certificates)
    )
    try:
        async with asyncio.timeout(_PATIENCE), asked as response:
            return await _answer(response)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        raise RecipientUnreachable(type(error).__name__) from error


async def _answer(response: httpx.Response) -> Answer:
    if response.is_redirect or 300 <= response.status_code < 400:
        raise RecipientRedirects(f"it answers {response.status_code}")
    told = b""
    async for chunk in response.aiter_raw():
        told += chunk
        if len(told) > _LARGEST_ANSWER:
            raise AnswerNotUnderstood("it is longer than any receipt")
    return _read(response, told)


def _read(response: httpx.Response, told: bytes) -> Answer:
    try:
        members = json.loads(told)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        return Answer(None, AnswerNotUnderstood.slug)
    receipt = members.get("receipt")
    if response.status_code == 200 and isinstance(receipt, str) and receipt.isascii():
        return Answer(receipt, AnswerNotUnderstood.slug)
    named = _SLUG.fullmatch(str(members.get("type")))
    known = {kind.slug for kind in every_problem(Problem)}
    slug = named[1] if named and named[1] in known else AnswerNotUnderstood.slug
    return Answer(None, slug, _seconds(response.headers.get("retry-after", "")))


def _seconds(text: str) -> float:
    return min(float(text), _LONGEST_PAUSE) if re.fullmatch(r"[0-9]{1,6}", text) else 0.0
