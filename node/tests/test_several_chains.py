"""A node that reads other chains beside its own: what happens to one is nothing to the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from tests.databases import databases
from tests.line import line_to
from tests.live_chain import Anvil, LiveChain, running_anvil
from tests.live_trade import trade_on
from tests.node_home import fill, serving, until
from tests.several_chains import (
    SHANGHAI,
    Home,
    by_name,
    chains_of,
    count_of,
    height,
    read_to_end,
    records_of,
    told_of,
)
from tidan_node.app import Node, create_app
from tidan_node.domain.checkpoints import NoCheckpoints
from tidan_node.domain.identifiers import BlockHash
from tidan_node.domain.parties import Role
from tidan_node.ledger.manifest import ManifestUnreadable
from tidan_node.records.followed_chains import ChainNamedTwice
from tidan_node.records.tables import parties
from tidan_node.storage.database import Database


@pytest.fixture
def home(sql: str, tmp_path: Path, live_chain: LiveChain, anvil: Anvil) -> Home:
    fill(tmp_path, anvil.keys[1])
    return Home(tmp_path, live_chain)


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anvil]:
    """A chain that a test may kill."""
    with running_anvil(tmp_path_factory.mktemp("mortal"), 31339) as anvil:
        yield anvil


class TestBesideEachOther:
    async def test_both_are_caught_up_with_and_live(
        self, home: Home, other_chain: LiveChain
    ) -> None:
        """Hardly anybody asks for blocks here: that they are read shows that they are told."""
        settings = home.linked_to(other_chain, poll_interval=60.0)
        async with serving(settings) as client:
            await until(
                client,
                "/v1/chains",
                lambda told: all(each["heardBy"] == "websocket" for each in told["items"]),
            )
            await home.chain.enrol(Role.CARRIER, home.chain.signers[1].address)
            await other_chain.enrol(Role.TRADER, other_chain.signers[2].address)
            await other_chain.enrol(Role.BANK, other_chain.signers[3].address)
            heads = {"home": await height(home.chain), SHANGHAI: await height(other_chain)}
            told = await read_to_end(client, **heads)
            ours, theirs = map(count_of, chains_of(client))
            assert (await ours, await theirs) == (1, 2)
            ready = (await client.get("/health/ready")).json()
            figures = (await client.get("/metrics")).text
        assert [(each["name"], each["role"], each["chainId"]) for each in told.values()] == [
            ("home", "home", 31337),
            (SHANGHAI, "linked", 31338),
        ]
        assert {each["problem"] for each in told.values()} == {None}
        assert {(each["lag"], each["finalityDepth"]) for each in told.values()} == {(0, 0)}
        assert {name: each["head"] for name, each in told.items()} == heads
        assert ready["ready"]
        checks = {each["name"]: (each["ok"], each["needed"]) for each in ready["checks"]}
        assert checks[f"chain {SHANGHAI}"] == (True, False)
        assert 'tidan_linked_chain_ok{chain="shanghai"} 1.0' in figures
        assert 'tidan_linked_chain_lag_blocks{chain="shanghai"} 0.0' in figures

    async def test_a_linked_chains_titles_are_read_by_the_same_records(
        self, home: Home, other_chain: LiveChain
    ) -> None:
        trade = await trade_on(other_chain)
        title = await trade.issue("far away")
        async with serving(home.linked_to(other_chain)) as client:
            await read_to_end(client, **{SHANGHAI: await height(other_chain)})
            ours, theirs = chains_of(client)
            async with records_of(theirs) as records:
                found = (await records.title_by_id(title)).state
                steps = await records.title_history(title)
                at = await records.as_of()
            async with records_of(ours) as records:
                assert not await records.has_title(title)
        assert (found.title.issuer, found.title.possessor) == (trade.carrier, trade.seller)
        assert len(steps) == 1
        assert at == await other_chain.gateway.head()

    async def test_one_that_goes_back_changes_its_own_records_alone(
        self, home: Home, other_chain: LiveChain
    ) -> None:
        await home.chain.enrol(Role.CARRIER, home.chain.signers[1].address)
        await other_chain.enrol(Role.TRADER, other_chain.signers[2].address)
        before = await other_chain.snapshot()
        await other_chain.enrol(Role.BANK, other_chain.signers[3].address)
        async with serving(home.linked_to(other_chain)) as client:
            heads = {"home": await height(home.chain), SHANGHAI: await height(other_chain)}
            await read_to_end(client, **heads)
            ours, theirs = chains_of(client)
            assert (await count_of(ours), await count_of(theirs)) == (1, 2)
            await other_chain.go_back_to(before)
            await other_chain.mine(2)  # higher than it was
            told = await read_to_end(client, **{SHANGHAI: await height(other_chain)})
            assert (await count_of(ours), await count_of(theirs)) == (1, 1)
        assert told["home"]["asOf"]["block"] == heads["home"]

    async def test_after_a_restart_it_goes_on_with_both(
        self, home: Home, other_chain: LiveChain
    ) -> None:
        settings = home.linked_to(other_chain)
        for number in (1, 2):
            await home.chain.enrol(Role.CARRIER, home.chain.signers[number].address)
            await other_chain.enrol(Role.TRADER, other_chain.signers[number].address)
            heads = {"home": await height(home.chain), SHANGHAI: await height(other_chain)}
            async with serving(settings) as client:
                await read_to_end(client, **heads)
                counted = [await count_of(each) for each in chains_of(client)]
            assert counted == [number, number]


class TestTrouble:
    async def test_one_that_is_killed_is_named_and_the_other_goes_on(
        self, home: Home, mortal: Anvil
    ) -> None:
        async with serving(home.linked_to(mortal)) as client:
            await until(client, "/v1/chains", lambda told: by_name(told)[SHANGHAI]["asOf"])
            mortal.process.kill()
            told = await told_of(client, "does not answer")
            await home.chain.enrol(Role.CARRIER, home.chain.signers[1].address)
            chains = await read_to_end(client, home=await height(home.chain))
            ready = await client.get("/health/ready")
        assert told["asOf"] is not None  # what was read of it can still be read
        assert chains["home"]["problem"] is None
        assert (ready.status_code, ready.json()["ready"]) == (200, True)
        checks = {each["name"]: each for each in ready.json()["checks"]}
        assert checks[f"chain {SHANGHAI}"] == {
            "name": f"chain {SHANGHAI}",
            "ok": False,
            "detail": "the chain does not answer",
            "needed": False,
        }
        assert checks["workers"]["ok"]
        assert "127.0.0.1" not in ready.text

    async def test_one_whose_line_was_cut_is_read_again_once_it_is_back(
        self, home: Home, other_chain: LiveChain
    ) -> None:
        async with line_to(other_chain.url) as line:
            settings = home.settings({SHANGHAI: (line.url, other_chain.manifest)})
            async with serving(settings) as client:
                await told_of(client, None)
                line.lay_to(None)
                await told_of(client, "does not answer")
                await other_chain.enrol(Role.TRADER, other_chain.signers[2].address)
                line.lay_to(other_chain.url)
                await told_of(client, None)
                await read_to_end(client, **{SHANGHAI: await height(other_chain)})

    async def test_a_line_that_leads_to_another_chain_is_named_and_not_read(
        self, home: Home, other_chain: LiveChain, mortal: Anvil
    ) -> None:
        async with line_to(other_chain.url) as line:
            settings = home.settings({SHANGHAI: (line.url, other_chain.manifest)})
            async with serving(settings) as client:
                before = await read_to_end(client, **{SHANGHAI: await height(other_chain)})
                line.lay_to(mortal.url)
                told = await told_of(client, "another chain than the manifest's: chain id 31339")
                await other_chain.enrol(Role.TRADER, other_chain.signers[2].address)
                line.lay_to(other_chain.url)
                await told_of(client, None)
                await read_to_end(client, **{SHANGHAI: await height(other_chain)})
        assert told["asOf"] == before[SHANGHAI]["asOf"]

    async def test_one_with_another_first_block_is_refused_and_named(
        self, home: Home, other_chain: LiveChain
    ) -> None:
        forged = replace(other_chain.manifest, genesis_hash=BlockHash("0x" + "77" * 32))
        async with serving(home.settings({SHANGHAI: (other_chain.url, forged)})) as client:
            told = await told_of(client, "its first block is another one")
            chains = await read_to_end(client, home=await height(home.chain))
            ready = await client.get("/health/ready")
        assert (told["asOf"], told["head"]) == (None, None)
        assert (chains["home"]["problem"], ready.status_code) == (None, 200)

    async def test_one_whose_database_was_not_migrated_is_named(
        self, home: Home, other_chain: LiveChain
    ) -> None:
        settings = home.linked_to(other_chain)
        empty = databases.url(home.folder / "empty.db")
        linked = [settings.linked_chains[0].model_copy(update={"database_url": empty})]
        async with serving(settings):
            pass
        node = Node(settings.model_copy(update={"linked_chains": linked}), NoCheckpoints())
        async with node.app().router.lifespan_context(node.app()):
            standing = await node.watches[1].standing()
        assert "run `tidan node migrate`" in str(standing.problem)
        assert standing.cursor is None


class TestReindex:
    async def test_one_chain_is_read_anew_while_the_node_runs_and_the_other_is_left_alone(
        self, home: Home, other_chain: LiveChain, tmp_path: Path
    ) -> None:
        await home.chain.enrol(Role.CARRIER, home.chain.signers[1].address)
        await other_chain.enrol(Role.TRADER, other_chain.signers[2].address)
        settings = home.linked_to(other_chain)
        scratch = Database(f"sqlite+aiosqlite:///{tmp_path / 'scratch.db'}")
        counted: list[tuple[int, int]] = []
        async with serving(settings) as client:
            heads = {"home": await height(home.chain), SHANGHAI: await height(other_chain)}
            await read_to_end(client, **heads)
            ours, theirs = chains_of(client)
            for each in (ours, theirs):
                async with each.database.writing() as connection:
                    await connection.execute(delete(parties))
            beside = Node(settings, NoCheckpoints())
            await beside.chains[1].rebuild.run(scratch, lambda *done: counted.append(done))
            await beside.close()
            assert (await count_of(ours), await count_of(theirs)) == (0, 1)
        await scratch.close()
        assert counted[-1][0] == counted[-1][1] > 0


class TestSettings:
    async def test_a_manifest_of_the_nodes_own_chain_is_refused(self, home: Home) -> None:
        settings = home.linked_to(home.chain)
        with pytest.raises(ChainNamedTwice, match="31337 is the node's own") as refused:
            create_app(settings)
        assert refused.value.field == "linked_chains.0.manifest"

    async def test_so_is_one_of_a_chain_that_is_linked_already(
        self, home: Home, other_chain: LiveChain
    ) -> None:
        other = (other_chain.url, other_chain.manifest)
        settings = home.settings({SHANGHAI: other, "singapore": other})
        with pytest.raises(ChainNamedTwice, match="31338 is shanghai") as refused:
            create_app(settings)
        assert refused.value.field == "linked_chains.1.manifest"

    @pytest.mark.parametrize(
        ("text", "rule"),
        [
            (None, "cannot be read"),
            ("nonsense", "not JSON"),
            (json.dumps({"format": 9}), "format"),
        ],
    )
    async def test_so_is_one_that_cannot_be_read(
        self, home: Home, other_chain: LiveChain, text: str | None, rule: str
    ) -> None:
        settings = home.linked_to(other_chain)
        file = settings.linked_chains[0].manifest
        file.unlink() if text is None else file.write_text(text)
        with pytest.raises(ManifestUnreadable, match=rule) as refused:
            create_app(settings)
        assert refused.value.field == "linked_chains.0.manifest"
