"""`tidan party rotate-key --adopt` in a home that has lost the key of its account: no node of it
runs, and the chain says whose the prepared account is."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.next_key import NextKey
from tidan_node.domain.events import ChainEvent, Origin, PartyEnrolled, ProfileChanged
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.identifiers import Address, BlockHash, PartyIndex, TxHash
from tidan_node.domain.parties import Role
from tidan_node.domain.profiles import Profile
from tidan_node.indexer.event_rows import add_events
from tidan_node.ledger import keystore
from tidan_node.records.projections import record_projections
from tidan_node.settings import Settings
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import upgrade

PASSWORD = "a password for tests"
OWN, ANOTHER, UNREAD = 1, 2, 3
ADOPT = ("party", "rotate-key", "--adopt")
WORD = "0x" + "11" * 32


class Chain:
    """Where the account acts for one party, or for nobody (0)."""

    def __init__(self, holder: int) -> None:
        self.holder = holder

    def respond(self, asked: Any) -> tuple[int, object]:
        block = {"number": "0x0", "hash": WORD, "parentHash": WORD, "timestamp": "0x1"}
        results = {
            "eth_chainId": hex(1337),
            "eth_getBlockByNumber": block,
            "eth_getCode": "0x01",
            "eth_call": f"0x{self.holder:064x}",
        }
        told = json.loads(asked.body)
        answers = [
            {"jsonrpc": "2.0", "id": each["id"], "result": results[each["method"]]}
            for each in (told if isinstance(told, list) else [told])
        ]
        return 200, answers if isinstance(told, list) else answers[0]


@pytest.fixture
def home(tmp_path: Path, manifest: Path) -> Path:
    """A home whose account's keystore is gone; its node has read of two parties before."""
    home = tmp_path / "node"
    home.mkdir(mode=0o700)
    (home / "keystore.password").write_text(PASSWORD)
    (home / "keystore.password").chmod(0o600)
    (home / "node.toml").write_text(
        f'keystore_password_file = "keystore.password"\nmanifest = "{manifest}"\n'
    )
    keys = ExchangeKeys.from_secret(keystore.create(home / "exchange.json", PASSWORD))
    NextKey(home).made()
    asyncio.run(read(Settings.load(home).database_url, keys))
    return home


async def read(url: str, own: ExchangeKeys) -> None:
    others = ExchangeKeys.from_secret(bytes(32))
    await upgrade(url)
    events: list[ChainEvent] = []
    for party, keys in ((OWN, own), (ANOTHER, others)):
        profile = Profile(
            f"Demo {party}",
            signing_key=keys.signing_jwk,
            encryption_key=keys.encryption_jwk,
        )
        for told in (
            PartyEnrolled(PartyIndex(party), Role.TRADER, "rules", "law"),
            ProfileChanged(PartyIndex(party), WORD, profile.canonical()),
        ):
            place = Origin(
                chain_id=1337,
                contract=Address("0x" + "22" * 20),
                block_number=1,
                block_hash=BlockHash(WORD),
                block_time=1,
                tx_hash=TxHash(WORD),
                log_index=len(events),
            )
            events.append(ChainEvent(told, place))
    database = Database(url)
    async with database.writing() as connection:
        await add_events(connection, events)
        for projection in record_projections():
            await projection.apply(connection, events)
    await database.close()


@pytest.fixture
def chain(node: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> Chain:
    chain = Chain(OWN)
    monkeypatch.setattr(node, "respond", chain.respond)
    monkeypatch.setenv("TIDAN_CHAIN_URL", node.url)
    return chain


def test_once_the_chain_has_the_account_at_its_party_it_is_adopted(
    tidan: Any, home: Path, chain: Chain
) -> None:
    following = NextKey(home).account
    ended = tidan(*ADOPT, "--home", home, "--json")
    assert ended.code == 0, ended.err
    assert ended.answer == {
        "adopted": following,
        "former": None,
        "party": {"index": OWN, "name": "Demo 1"},
    }
    assert NextKey(home).in_use == following


@pytest.mark.parametrize(
    ("holder", "slug"),
    [(0, "account-not-known"), (ANOTHER, "account-of-another"), (UNREAD, "account-of-another")],
)
def test_before_the_recovery_or_for_another_party_nothing_is_changed(
    tidan: Any, home: Path, chain: Chain, holder: int, slug: str
) -> None:
    chain.holder = holder
    ended = tidan(*ADOPT, "--home", home, "--json")
    assert (ended.code, ended.problem["type"]) == (1, f"/v1/problems/{slug}")
    assert NextKey(home).follows_none


def test_without_the_chain_it_says_that_it_could_not_look(
    tidan: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDAN_CHAIN_URL", "http://127.0.0.1:1")
    ended = tidan(*ADOPT, "--home", home, "--json")
    assert ended.code != 0
    assert "cannot be checked, and nothing is changed" in ended.problem["detail"]
    assert NextKey(home).follows_none


@pytest.mark.parametrize(("own", "code"), [(True, 0), (False, 1)])
def test_the_node_of_somebody_else_tells_it_too(
    node: Any, tidan: Any, home: Path, own: bool, code: int
) -> None:
    secret = keystore.open(home / "exchange.json", PASSWORD) if own else bytes(32)
    signing = ExchangeKeys.from_secret(secret).signing_jwk
    party = {"index": 7, "name": "Demo 7", "signingKey": signing}
    node.answer("GET", f"/v1/parties/{NextKey(home).account}", party)
    ended = tidan(*ADOPT, "--home", home, "--node", node.url, "--json")
    assert ended.code == code, ended.err
    assert NextKey(home).follows_none is not own
