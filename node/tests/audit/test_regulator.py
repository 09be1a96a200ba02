"""A regulator's node: the public record of all titles, and no content that nobody disclosed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.audit.audited import Heard, OfficeNode, StoryChain
from tests.office import Consortium, Office, opened
from tests.papers import invoice, policy, transport_document
from tidan_node.audit.whole import audit_chain
from tidan_node.domain.parties import Role


@pytest.fixture
async def offices(tmp_path: Path) -> AsyncIterator[dict[str, Office]]:
    consortium = Consortium(tmp_path)
    roles = {
        "carrier": Role.CARRIER,
        "seller": Role.TRADER,
        "insurer": Role.INSURER,
        "regulator": Role.REGULATOR,
    }
    parties = {name: consortium.enrol(role) for name, role in roles.items()}
    async with AsyncExitStack() as stack:
        made = {
            name: await stack.enter_async_context(opened(consortium, party))
            for name, party in parties.items()
        }
        await consortium.publish()
        yield made


async def recorded(offices: dict[str, Office]) -> dict[str, str]:
    """A title, an invoice and a policy, each issued by its own node. By collection: the ids."""
    asked = {
        "titles": (
            "carrier",
            {"document": transport_document(), "possessor": "2", "titleholder": "2"},
        ),
        "invoices": ("seller", {"document": invoice(), "buyer": "1"}),
        "policies": ("insurer", {"document": policy(), "insured": "2"}),
    }
    found = {}
    for collection, (name, body) in asked.items():
        answer = await offices[name].post(f"/v1/{collection}", body)
        assert answer.status_code == 202, answer.text
        await offices[name].carry_out()
        found[collection] = str(answer.json()["operation"]["target"])
    return found


async def test_it_sees_every_record_and_none_of_the_content(offices: dict[str, Office]) -> None:
    records = await recorded(offices)
    regulator = offices["regulator"]
    for collection, record in records.items():
        shown = (await regulator.get(f"/v1/{collection}/{record}")).json()
        assert (shown["id"], shown["holdsContent"]) == (record, False)
        assert (await regulator.get(f"/v1/{collection}/{record}/history")).status_code == 200
        for content in ("document", "package"):
            answer = await regulator.get(f"/v1/{collection}/{record}/{content}")
            assert answer.status_code == 404
    assert (await regulator.get("/v1/audit/contents")).json()["items"] == []


async def test_its_audit_verifies_all_of_it(offices: dict[str, Office]) -> None:
    records = await recorded(offices)
    heard = Heard()
    chain = StoryChain.of(offices["carrier"].consortium.story)
    chain.length -= 1
    await audit_chain(chain, OfficeNode(offices["regulator"]), heard)
    assert heard.findings == []
    assert set(records.values()) <= {each.record for each in heard.audits}


@pytest.mark.parametrize("name", ["carrier", "seller", "insurer"])
async def test_what_an_audit_asks_of_a_holder_shows_nothing_of_the_text(
    offices: dict[str, Office], name: str
) -> None:
    await recorded(offices)
    answer = (await offices[name].get("/v1/audit/contents")).json()
    (item,) = answer["items"]
    assert item["recomputed"] == item["contentRoot"]
    assert set(item) == {"record", "kind", "contentRoot", "recomputed", "rule"} | {
        "misnamed",
        "unissued",
    }
    told = json.dumps(answer)
    assert not any(word in told for word in ("TDB-0417", "INV-1", "POL-1", "ceramic"))
