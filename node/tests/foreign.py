"""Two parties whose nodes have one of everything, and a third that has none of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.council_acts import found
from tests.office import Consortium, Office, opened
from tests.papers import invoice, policy, transport_document
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role


@dataclass(frozen=True)
class Foreign:
    """What stands where, by the names that paths have for it."""

    bank: Office
    """Who asks. It has no part in any of this, but in the consortium."""
    private: Mapping[str, str]
    """At the node of another party, which alone knows that there is such a thing."""
    on_chain: Mapping[str, str]
    """Of another party, and seen by every member: the chain says that there is such a thing."""


@asynccontextmanager
async def foreign_objects(folder: Path) -> AsyncIterator[Foreign]:
    consortium = Consortium(folder)
    roles = (Role.CARRIER | Role.INSURER, Role.TRADER, Role.BANK)
    parties = [consortium.enrol(role) for role in roles]
    found(consortium.story, *(PartyIndex(index) for index in parties))
    async with AsyncExitStack() as stack:
        carrier, trader, bank = [
            await stack.enter_async_context(opened(consortium, party)) for party in parties
        ]
        await consortium.publish()
        on_chain = await _records(carrier, trader)
        yield Foreign(bank, await _private(trader, on_chain["title"]), on_chain)


async def _records(carrier: Office, trader: Office) -> dict[str, str]:
    title = {"document": transport_document(), "possessor": "2", "titleholder": "2"}
    bill = {"document": invoice(), "buyer": "1"}
    cover = {"document": policy(code="SMDG:P1"), "insured": "2"}
    proposal = {"kind": "suspend", "party": "3", "reason": "it is time"}
    made = {
        "title": (await _posted(carrier, "/v1/titles", title))["title"],
        "invoice": (await _posted(trader, "/v1/invoices", bill))["invoice"],
        "policy": (await _posted(carrier, "/v1/policies", cover))["policy"],
    }
    await _posted(carrier, "/v1/council/proposals", proposal)
    for office in (carrier, trader):
        await office.carry_out()
    return made | {"proposal": "1", "party:path": "1"}


async def _private(trader: Office, title: str) -> dict[str, str]:
    """An operation under way and the parcel that goes with it, an approval that waits, people …"""
    offer = {"recipient": "1"}
    operation = (await _posted(trader, f"/v1/titles/{title}/offers", offer))["operation"]["id"]
    parcels = (await trader.get("/v1/parcels")).json()["items"]
    checker = {"issuer": "https://login.example", "subject": "c", "name": "a checker"}
    user = await _posted(trader, "/v1/users", checker | {"roles": ["CHECKER"]})
    ends = (trader.consortium.clock() + timedelta(days=1)).isoformat()
    key = {"name": "a key", "scopes": ["approvals:decide"], "expiresAt": ends, "user": user["id"]}
    made = await _posted(trader, "/v1/keys", key)
    webhook = await _posted(trader, "/v1/webhooks", {"url": "https://hooks.example/all"})
    credential = await _posted(trader, "/v1/credentials", {"subject": "1", "form": "jwt"})
    await _posted(trader, "/v1/approval-rules", {"act": "invoice.cancel", "approvers": 1})
    bills = (await trader.get("/v1/invoices")).json()["items"]
    waiting = await _posted(trader, f"/v1/invoices/{bills[0]['id']}/cancellation")
    return {
        "operation": operation,
        "parcel": parcels[0]["id"],
        "user": user["id"],
        "key": made["id"],
        "webhook": webhook["id"],
        "credential": credential["id"],
        "approval": waiting["approval"]["id"],
        "number": "1",
    }


async def _posted(office: Office, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """What was answered (Any: JSON)."""
    answer = await office.post(path, body)
    assert answer.is_success, answer.text
    return answer.json()
