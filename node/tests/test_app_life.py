"""The node put together from its settings, on a chain that is there, and on one that is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.live_chain import Anvil, LiveChain
from tests.papers import transport_document
from tidan_node.app import MigrationsPending, create_app
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.parties import Role
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.ledger import keystore
from tidan_node.ledger.keystore import WrongPassword
from tidan_node.ledger.manifest import ManifestUnreadable
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import EVERY_SCOPE
from tidan_node.settings import Settings, SettingsRefused, node_toml
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import upgrade

PASSWORD = "open sesame"
NUMBERING_KEY = (7).to_bytes(32, "big")
EXCHANGE_SECRET = (8).to_bytes(32, "big")


@pytest.fixture
def home(tmp_path: Path, anvil: Anvil) -> Path:
    """What `tidan node init` leaves, but for the manifest and the database."""
    keystore.create(tmp_path / "account.json", PASSWORD, anvil.keys[1], work=2)
    keystore.create(tmp_path / "numbering.json", PASSWORD, NUMBERING_KEY, work=2)
    keystore.create(tmp_path / "exchange.json", PASSWORD, EXCHANGE_SECRET, work=2)
    password = tmp_path / "keystore.password"
    password.touch(0o600)
    password.write_text(PASSWORD)
    return tmp_path


def _settings(home: Path, chain: LiveChain | None = None) -> Settings:
    url = "http://127.0.0.1:9" if chain is None else chain.url
    values = {
        "chain_url": url,
        "keystore_password_file": "keystore.password",
        "poll_interval": 0.05,
        "anchor_every": 1,
    }
    (home / "node.toml").write_text(node_toml(values))
    return Settings.load(home)


def _deployed(home: Path, chain: LiveChain) -> Settings:
    (home / "manifest.json").write_text(chain.manifest.to_json())
    return _settings(home, chain)


@asynccontextmanager
async def _serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    await upgrade(settings.database_url)
    database = Database(settings.database_url)
    async with database.writing() as connection:
        _, key = await ApiKeys(connection).create_key("clerk", EVERY_SCOPE)
    await database.close()
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://node",
            headers={"Authorization": f"Bearer {key.reveal()}"},
        ) as client,
    ):
        yield client


async def _until(client: httpx.AsyncClient, path: str, wanted: Any) -> dict[str, Any]:
    """The answer once it is as wanted; the time limit of the test bounds the wait."""
    async with asyncio.timeout(60):
        while True:
            answer: dict[str, Any] = (await client.get(path)).json()
            if wanted(answer):
                return answer


async def test_an_intention_reaches_the_chain_and_comes_back_as_a_row(
    home: Path, live_chain: LiveChain
) -> None:
    party = await live_chain.enrol(Role.CARRIER, live_chain.signers[1].address)
    code = IssuerCode("SMDG:P1")
    public = NumberingKey(NUMBERING_KEY).public_key
    await live_chain.administration.register_numbering_key(party, code, public)

    async with _serving(_deployed(home, live_chain)) as client:
        await _until(client, "/v1/me", lambda me: me.get("party") is not None)
        answer = await client.post(
            "/v1/titles",
            json={"document": transport_document(), "titleholder": "1"},
            headers={"Idempotency-Key": "issue"},
        )
        assert answer.status_code == 202, answer.text
        operation, title = answer.json()["operation"]["id"], answer.json()["title"]
        ended = await _until(
            client, f"/v1/operations/{operation}", lambda it: it["status"] == "succeeded"
        )
        shown = (await client.get(f"/v1/titles/{title}")).json()
        history = (await client.get(f"/v1/titles/{title}/history?proof=true")).json()
        ready = await client.get("/health/ready")
        trail = await _until(client, "/v1/trail/verify", lambda it: it.get("anchoredUpTo", 0) >= 1)
        figures = (await client.get("/metrics")).text

    assert (shown["status"], shown["possessor"]["index"]) == ("LIVE", party)
    assert shown["asOf"]["block"] >= ended["result"]["blockNumber"]
    assert (history["proof"]["seq"], history["proof"]["head"]) == (1, shown["head"])
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert trail["asOf"]["block"] > ended["result"]["blockNumber"]
    assert 'tidan_operations{status="succeeded"}' in figures
    assert "tidan_surrenders_unanswered 0.0" in figures


async def test_a_node_without_its_chain_lives_and_says_what_it_misses(
    home: Path, live_chain: LiveChain
) -> None:
    (home / "manifest.json").write_text(live_chain.manifest.to_json())
    async with _serving(_settings(home)) as client:
        live = await client.get("/health/live")
        ready = await client.get("/health/ready")
        titles = await client.get("/v1/titles")

    assert (live.status_code, ready.status_code) == (200, 503)
    found = {check["name"]: check["ok"] for check in ready.json()["checks"]}
    assert found == {
        "sql": True,
        "migrations": True,
        "chain": False,
        "indexer": False,
        "workers": True,
        "lanes": True,
    }
    assert "127.0.0.1" not in ready.text
    assert titles.json()["type"] == "/v1/problems/nothing-indexed"


async def test_a_database_of_another_version_is_refused(home: Path, live_chain: LiveChain) -> None:
    app = create_app(_deployed(home, live_chain))

    with pytest.raises(MigrationsPending, match="tidan node migrate"):
        await _begin(app)


async def test_a_wrong_password_is_refused(home: Path, live_chain: LiveChain) -> None:
    (home / "keystore.password").write_text("abracadabra")

    with pytest.raises(WrongPassword):
        create_app(_deployed(home, live_chain))


async def test_a_manifest_without_a_contract_is_refused(home: Path, live_chain: LiveChain) -> None:
    settings = _deployed(home, live_chain)
    text = live_chain.manifest.to_json().replace('"TrailAnchor"', '"TrailAnchors"')
    settings.manifest.write_text(text)

    with pytest.raises(ManifestUnreadable, match="TrailAnchor"):
        create_app(settings)


def test_a_home_without_a_manifest_is_refused(home: Path) -> None:
    with pytest.raises(SettingsRefused) as refused:
        create_app(_settings(home))

    assert list(refused.value.wrong) == ["manifest"]


async def _begin(app: FastAPI) -> None:
    async with app.router.lifespan_context(app):
        raise AssertionError("it began")
