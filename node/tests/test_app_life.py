"""The node put together from its settings, on a chain that is there, and on one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.live_chain import Anvil, LiveChain
from tests.node_home import NUMBERING_KEY, fill, serving, until
from tests.papers import transport_document
from tidan_node.app import MigrationsPending, create_app
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.parties import Role
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.ledger.keystore import WrongPassword
from tidan_node.ledger.manifest import ManifestUnreadable
from tidan_node.settings import Settings, SettingsRefused, node_toml


@pytest.fixture
def home(tmp_path: Path, anvil: Anvil) -> Path:
    """What `tidan node init` leaves, but for the manifest and the database."""
    fill(tmp_path, anvil.keys[1])
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


async def test_an_intention_reaches_the_chain_and_comes_back_as_a_row(
    home: Path, live_chain: LiveChain
) -> None:
    party = await live_chain.enrol(Role.CARRIER, live_chain.signers[1].address)
    code = IssuerCode("SMDG:P1")
    public = NumberingKey(NUMBERING_KEY).public_key
    await live_chain.administration.register_numbering_key(party, code, public)

    async with serving(_deployed(home, live_chain)) as client:
        await until(client, "/v1/me", lambda me: me.get("party") is not None)
        answer = await client.post(
            "/v1/titles",
            json={"document": transport_document(), "titleholder": "1"},
            headers={"Idempotency-Key": "issue"},
        )
        assert answer.status_code == 202, answer.text
        operation, title = answer.json()["operation"]["id"], answer.json()["title"]
        ended = await until(
            client, f"/v1/operations/{operation}", lambda it: it["status"] == "succeeded"
        )
        shown = (await client.get(f"/v1/titles/{title}")).json()
        history = (await client.get(f"/v1/titles/{title}/history?proof=true")).json()
        ready = await client.get("/health/ready")
        trail = await until(client, "/v1/trail/verify", lambda it: it.get("anchoredUpTo", 0) >= 1)
        figures = (await client.get("/metrics")).text

    assert (shown["status"], shown["possessor"]["index"]) == ("LIVE", party)
    assert shown["asOf"]["block"] >= ended["result"]["blockNumber"]
    assert (history["proof"]["seq"], history["proof"]["head"]) == (1, shown["head"])
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert trail["asOf"]["block"] >= ended["result"]["blockNumber"]
    assert 'tidan_operations{status="succeeded"}' in figures
    assert "tidan_surrenders_unanswered 0.0" in figures


async def test_a_node_without_its_chain_lives_and_says_what_it_misses(
    home: Path, live_chain: LiveChain
) -> None:
    (home / "manifest.json").write_text(live_chain.manifest.to_json())
    async with serving(_settings(home)) as client:
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
