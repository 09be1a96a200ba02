"""The contracts of a new consortium, put on a chain."""

from __future__ import annotations

from typing import Final

from tidan_contracts import load_artifact
from tidan_node.domain.identifiers import Address, BlockHash
from tidan_node.domain.proposals import Terms
from tidan_node.ledger.abi import CONTRACTS
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call, encode_creation
from tidan_node.ledger.gateway import Gateway, WrongChain
from tidan_node.ledger.manifest import Deployed, Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import Signer, created_address
from tidan_node.ledger.submission import Submitter

DEFAULT_TERMS: Final = Terms(threshold=1, delay=24 * 3600, objection_window=24 * 3600)
PAPER_DELAY: Final = 30 * 24 * 3600
"""Seconds for naming a revoked carrier's successor, before its titles may be ended as paper."""

_ADMIN_ROLE: Final = 0


async def deploy(
    rpc: Rpc,
    signer: Signer,
    gas_price: int,
    *,
    finality_depth: int = 0,
    block_period: int = 0,
    terms: Terms = DEFAULT_TERMS,
    paper_delay: int = PAPER_DELAY,
) -> Manifest:
    """Create every contract; the deployer and the Council become the authority's admins.

    The deployer is the Council's founder: with its seats the Council takes all rights over. So
    many seconds after its revocation (`paper_delay`) may titles of a carrier without a successor be
    ended as paper. This writes nothing but transactions: to keep the manifest is the caller's part.
    """
    chain_id = int(await rpc.call("eth_chainId"), 16)
    genesis = await rpc.call("eth_getBlockByNumber", "0x0", False)
    submitter = Submitter(rpc, signer, chain_id, gas_price)
    nonce = await submitter.next_nonce()
    contracts: dict[str, Deployed] = {}
    codes: list[bytes] = []
    for place, name in enumerate(CONTRACTS):
        arguments = _arguments(name, signer.address, contracts, terms, paper_delay)
        codes.append(encode_creation(name, *arguments))
        contracts[name] = Deployed(
            created_address(signer.address, nonce + place), load_artifact(name).artifact_hash
        )
    receipts = await submitter.create(codes, first_nonce=nonce)
    granted = Call("Authority", "grantRole", (_ADMIN_ROLE, contracts["Council"].address, 0))
    await submitter.submit(contracts["Authority"].address, encode_call(granted))
    return Manifest(
        chain_id=chain_id,
        genesis_hash=BlockHash(genesis["hash"]),
        # A reorganisation may have moved the first contract down since.
        block=max(0, receipts[0].block_number - finality_depth),
        contracts=contracts,
        gas_price=gas_price,
        finality_depth=finality_depth,
        paper_delay=paper_delay,
        block_period=block_period,
    )


async def is_deployed(rpc: Rpc, manifest: Manifest) -> bool:
    """Whether the chain has what this manifest says, so that nothing is to be done."""
    try:
        await Gateway(rpc, manifest).check_chain()
    except WrongChain:
        return False
    return True


def _arguments(
    name: str,
    deployer: Address,
    contracts: dict[str, Deployed],
    terms: Terms,
    paper_delay: int,
) -> tuple[object, ...]:
    """What the constructor is told: who is admin, who is the authority, where the parties are."""
    if name == "Authority":
        return (deployer,)
    authority = contracts["Authority"].address
    if name == "PartyRegistry":
        return (authority, terms.objection_window)
    if name == "PlatformRegistry":
        return (authority,)
    parties = contracts["PartyRegistry"].address
    told: dict[str, tuple[object, ...]] = {"GatewayRegistry": (authority, parties)}
    if name == "Council":
        of_council = (terms.threshold, terms.delay, terms.objection_window)
        foreign = (contracts["PlatformRegistry"].address, contracts["GatewayRegistry"].address)
        told[name] = (authority, parties, *foreign, of_council)
    if name == "TitleRegistry":
        asked = (contracts["BankGate"].address, contracts["GatewayRegistry"].address)
        told[name] = (parties, *asked, paper_delay)
    return told.get(name, (parties,))
