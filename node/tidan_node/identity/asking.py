"""One question to another party's node: where the chain says, by the certificate that it pins."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx

from tidan_node.domain.profiles import Profile
from tidan_node.exchange.pinning import pinned
from tidan_node.exchange.wire import wire_client
from tidan_node.identity.problems import NodeNotAsked

_LARGEST_ANSWER: Final = 64 * 1024
_PATIENCE: Final = 10.0


async def asked(profile: Profile, path: str) -> bytes:
    """What the party's node has at this path; a Problem where it cannot be had. No redirect leads
    anywhere else, and nothing of what the node says of itself is believed by this."""
    if profile.node_url is None:
        raise NodeNotAsked("the party's profile names no node", field="nodeUrl")
    url = profile.node_url.rstrip("/") + path
    try:
        async with asyncio.timeout(_PATIENCE), wire_client() as client:
            request = client.stream("GET", url, extensions=pinned(profile.tls_certificates))
            async with request as response:
                return await _body(response)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        raise NodeNotAsked(f"the node cannot be reached: {type(error).__name__}") from error


async def _body(response: httpx.Response) -> bytes:
    if response.status_code != 200:
        raise NodeNotAsked(f"the node answers {response.status_code}")
    told = b""
    async for chunk in response.aiter_raw():
        told += chunk
        if len(told) > _LARGEST_ANSWER:
            raise NodeNotAsked(f"the node answers with more than {_LARGEST_ANSWER} bytes")
    return told
