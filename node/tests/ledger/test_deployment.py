"""The contracts of a new consortium."""

from dataclasses import replace

import pytest

from tests.live_chain import LiveChain
from tidan_contracts import load_artifact
from tidan_node.domain.proposals import Terms
from tidan_node.domain.record_problems import WaitUnfit
from tidan_node.ledger.abi import CONTRACTS
from tidan_node.ledger.calls import Call
from tidan_node.ledger.deployment import deploy, is_deployed
from tidan_node.ledger.gateway import Gateway


async def test_every_contract_is_created_and_named(live_chain: LiveChain) -> None:
    manifest = await deploy(live_chain.rpc, live_chain.signers[5], 0, finality_depth=3)
    assert tuple(manifest.contracts) == CONTRACTS
    for name, deployed in manifest.contracts.items():
        assert deployed.artifact_hash == load_artifact(name).artifact_hash
    genesis = await live_chain.gateway.block(0)
    assert genesis is not None
    assert manifest.genesis_hash == genesis.hash
    assert (manifest.chain_id, manifest.gas_price, manifest.finality_depth) == (31337, 0, 3)
    await Gateway(live_chain.rpc, manifest).check_chain()


async def test_the_first_event_is_not_before_its_block(live_chain: LiveChain) -> None:
    before = await live_chain.gateway.head()
    manifest = await deploy(live_chain.rpc, live_chain.signers[5], 0)
    assert manifest.block == before.number + 1


async def test_on_a_chain_that_may_go_back_it_is_as_much_earlier(live_chain: LiveChain) -> None:
    before = await live_chain.gateway.head()
    manifest = await deploy(live_chain.rpc, live_chain.signers[5], 0, finality_depth=1)
    assert manifest.block == before.number


async def test_the_deployer_is_the_authority(live_chain: LiveChain) -> None:
    deployer = live_chain.signers[5]
    manifest = await deploy(live_chain.rpc, deployer, 0)
    gateway = Gateway(live_chain.rpc, manifest)
    is_admin, delay = await gateway.view(Call("Authority", "hasRole", (0, deployer.address)))
    assert (is_admin, delay) == (True, 0)
    assert await gateway.view(Call("PartyRegistry", "authority")) == (
        manifest.address_of("Authority"),
    )


async def test_until_it_is_founded_the_council_shares_the_authority(live_chain: LiveChain) -> None:
    manifest = await deploy(live_chain.rpc, live_chain.signers[5], 0)
    gateway = Gateway(live_chain.rpc, manifest)
    admins = Call("Authority", "holdersOf", (0,))
    council = Call("Authority", "hasRole", (0, manifest.address_of("Council")))
    assert await gateway.view(admins) == (2,)
    assert await gateway.view(council) == (True, 0)
    assert await gateway.view(Call("Council", "seats")) == ((),)


async def test_the_terms_are_those_that_were_given(live_chain: LiveChain) -> None:
    terms = Terms(threshold=3, delay=2 * 24 * 3600, objection_window=7 * 24 * 3600)
    manifest = await deploy(live_chain.rpc, live_chain.signers[5], 0, terms=terms)
    gateway = Gateway(live_chain.rpc, manifest)
    assert await gateway.view(Call("Council", "terms")) == ((3, 2 * 24 * 3600, 7 * 24 * 3600),)
    assert await gateway.view(Call("PartyRegistry", "rotationDelay")) == (7 * 24 * 3600,)


async def test_the_manifest_states_the_paper_delay_of_the_registry(live_chain: LiveChain) -> None:
    manifest = await deploy(live_chain.rpc, live_chain.signers[5], 0, paper_delay=5 * 86_400)
    gateway = Gateway(live_chain.rpc, manifest)
    assert await gateway.view(Call("TitleRegistry", "paperDelay")) == (manifest.paper_delay,)
    assert manifest.paper_delay == 5 * 86_400


async def test_a_wait_under_a_day_is_refused_outside_the_embedded_chain(
    live_chain: LiveChain,
) -> None:
    terms = Terms(threshold=1, delay=60, objection_window=24 * 3600)
    with pytest.raises(WaitUnfit, match="60 seconds"):
        await deploy(live_chain.rpc, live_chain.signers[5], 0, terms=terms)


async def test_what_is_there_is_known_and_what_is_not_is_not(live_chain: LiveChain) -> None:
    assert await is_deployed(live_chain.rpc, live_chain.manifest)
    assert not await is_deployed(live_chain.rpc, replace(live_chain.manifest, chain_id=5))
