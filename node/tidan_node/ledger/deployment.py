"""The contracts of a new consortium, put on a chain."""

from __future__ import annotations

from tidan_contracts import load_artifact
from tidan_node.domain.identifiers import Address, BlockHash
from tidan_node.ledger.abi import CONTRACTS
from tidan_node.ledger.codec import encode_creation
from tidan_node.ledger.gateway import Gateway, WrongChain
from tidan_node.ledger.manifest import Deployed, Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import Signer, created_address
from tidan_node.ledger.submission import Submitter


async def deploy(rpc: Rpc, signer: Signer, gas_price: int, *, finality_depth: int = 0) -> Manifest:
    """Create every contract; the deployer becomes the authority's first admin.

    It writes nothing but transactions: to keep the manifest is the caller's part.
    """
    chain_id = int(await rpc.call("eth_chainId"), 16)
    genesis = await rpc.call("eth_getBlockByNumber", "0x0", False)
    submitter = Submitter(rpc, signer, chain_id, gas_price)
    contracts: dict[str, Deployed] = {}
    first_block: int | None = None
    for name in CONTRACTS:
        nonce = int(await rpc.call("eth_getTransactionCount", signer.address, "pending"), 16)
        argument = _argument(name, signer.address, contracts)
        receipt = await submitter.submit(None, encode_creation(name, argument))
        first_block = receipt.block_number if first_block is None else first_block
        contracts[name] = Deployed(
            created_address(signer.address, nonce), load_artifact(name).artifact_hash
        )
    return Manifest(
        chain_id=chain_id,
        genesis_hash=BlockHash(genesis["hash"]),
        block=first_block or 0,
        contracts=contracts,
        gas_price=gas_price,
        finality_depth=finality_depth,
    )


async def is_deployed(rpc: Rpc, manifest: Manifest) -> bool:
    """Whether the chain has what this manifest says, so that nothing is to be done."""
    try:
        await Gateway(rpc, manifest).check_chain()
    except WrongChain:
        return False
    return True


def _argument(name: str, deployer: Address, contracts: dict[str, Deployed]) -> Address:
    """What the constructor is told: who is admin, who is the authority, where the parties are."""
    if name == "Authority":
        return deployer
    above = "Authority" if name == "PartyRegistry" else "PartyRegistry"
    return contracts[above].address
