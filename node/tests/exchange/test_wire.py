"""What one node answers goes no further than to the parcel that it answers."""

from __future__ import annotations

import httpx
import pytest

from tidan_node.exchange.wire import post, wire_client


async def test_cookies_of_one_member_are_not_shown_to_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = []

    async def answer(_: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        shown.append(request.headers.get("cookie"))
        headers = [("Set-Cookie", "who=you; Path=/; Max-Age=3600")]
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(b"{}"))

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer)
    async with wire_client() as client:
        for port in (8750, 8751, 8750):
            url = f"http://127.0.0.1:{port}/v1/parcels"
            await post(client, url, certificates=(), body=b"", headers={})

    assert shown == [None, None, None]
