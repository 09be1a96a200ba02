"""The roads between offices: what travels on them is seen, and can be held up or changed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.office import Office
from tests.story import CHAIN, exchange_keys
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.packages import Package
from tidan_node.domain.parcels import MEDIA_TYPE, Envelope, Inside, ParcelId
from tidan_node.exchange.courier import Courier
from tidan_node.exchange.sealing import seal
from tidan_node.exchange.signatures import key_id, sign, target

LATER = 100
"""Blocks after which every pause is over."""

Road = Callable[[httpx.Request], Awaitable[httpx.Response]]
Change = Callable[[httpx.Request, Road], Awaitable[httpx.Response]]


@dataclass
class Roads(httpx.AsyncBaseTransport):
    """Leads `https://node-<party>.example` to the office of that party."""

    offices: list[Office]
    down: set[PartyIndex] = field(default_factory=set)
    change: Change | None = None
    seen: list[tuple[httpx.Request, bytes]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append((request, await request.aread()))
        if self.change is not None:
            return await self.change(request, self.straight)
        return await self.straight(request)

    async def straight(self, request: httpx.Request) -> httpx.Response:
        for office in self.offices:
            if request.url.host == f"node-{office.party}.example":
                if office.party in self.down:
                    break
                return await httpx.ASGITransport(office.app).handle_async_request(request)
        raise httpx.ConnectError("nobody answers")

    def courier(self, office: Office) -> Courier:
        client = httpx.AsyncClient(transport=self)
        return Courier(office.app.state.node, client, chance=lambda: 0.5)


async def delivered(courier: Courier) -> None:
    """All that is due is tried once, and again where it is due again at once."""
    courier.blocks_read()
    for recipient in await courier.recipients_due():
        await courier.deliver_to(recipient)


def sealed(
    package: Package | bytes,
    *,
    sender: int = 1,
    recipient: int = 4,
    kind: Any = "title",  # Any: also what is no kind
    name: str | None = None,
    keys: ExchangeKeys | None = None,
) -> bytes:
    """A parcel as a courier would send it."""
    file = package if isinstance(package, bytes) else package.to_json()
    envelope = Envelope(
        ParcelId(name or secrets.token_hex(16)), CHAIN, PartyIndex(sender), PartyIndex(recipient)
    )
    key = (keys or exchange_keys(recipient)).encryption_jwk
    return seal(envelope, Inside(kind, file), key).to_json()


def signed(body: bytes, *, signer: int = 1, recipient: int = 4) -> dict[str, str]:
    """The headers of such a parcel, signed by this party."""
    return sign(
        exchange_keys(signer),
        key_id(CHAIN, PartyIndex(signer)),
        url=target(f"https://node-{recipient}.example"),
        content_type=MEDIA_TYPE,
        body=body,
    )


async def brought(
    office: Office, body: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    """What the office answers to whoever brings this, with no key of the office."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(office.app), base_url="http://anywhere"
    ) as client:
        sent = signed(body) if headers is None else headers
        return await client.post("/v1/parcels", content=body, headers=sent)


async def parcels(office: Office, **query: str) -> list[dict[str, Any]]:  # Any: JSON
    answer = await office.get("/v1/parcels", **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def refusals(office: Office) -> list[tuple[str, object, object]]:
    """What the office's trail says of parcels that it refused."""
    return [
        (subject, detail["problem"], detail["rule"])
        for act, subject, detail in await office.trail()
        if act == "parcel.refused"
    ]


def said(status: int, answer: object) -> httpx.Response:
    """An answer as it comes over a wire: its bytes are still to be read."""
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return httpx.Response(status, stream=httpx.ByteStream(content))


async def issued(dealings: Any, number: str = "TDB-0417") -> str:
    """A title that the carrier has issued to the seller, whose parcel is not sent yet."""
    _, title = await dealings.record("title", number)
    return str(title)


async def sent_by_hand(dealings: Any, title: str, recipient: str = "4") -> dict[str, Any]:
    body = {"kind": "title", "record": title, "recipient": recipient}
    answer = await dealings.carrier.post("/v1/parcels/outgoing", body)
    assert answer.status_code == 202, answer.text
    parcel: dict[str, Any] = answer.json()
    return parcel


async def later(dealings: Any) -> None:
    for _ in range(LATER):
        dealings.consortium.story.next_block()
    await dealings.consortium.publish()


async def acts(office: Any, name: str) -> list[dict[str, Any]]:
    return [detail for act, _, detail in await office.trail() if act == name]
