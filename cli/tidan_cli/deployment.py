"""The contracts of a new consortium: deployed once, and written down once they all are there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tidan_cli.authority import AuthorityHome
from tidan_cli.failures import DeployedElsewhere
from tidan_node.domain.council import Terms
from tidan_node.ledger import deployment
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.rpc import Rpc

Document = dict[str, Any]  # Any: what a command answers, as JSON


def deploy_contracts(
    home: Path,
    chain: str | None,
    gas_price: int,
    finality_depth: int,
    *,
    terms: Terms,
    paper_delay: int,
) -> Document:
    """Deploy what is not there yet, and say what is there."""
    return asyncio.run(
        _deploy(home, chain, gas_price, finality_depth, terms=terms, paper_delay=paper_delay)
    )


async def _deploy(
    home: Path,
    chain: str | None,
    gas_price: int,
    finality_depth: int,
    *,
    terms: Terms,
    paper_delay: int,
) -> Document:
    authority = AuthorityHome(home)
    rpc = Rpc(authority.chain_url(chain))
    try:
        manifest = authority.manifest()
        known = manifest is not None
        if manifest is None:
            authority.prepare()
            manifest = await deployment.deploy(
                rpc,
                authority.signer_or_new(),
                gas_price,
                finality_depth=finality_depth,
                terms=terms,
                paper_delay=paper_delay,
            )
            authority.keep_manifest(manifest)
        elif not await deployment.is_deployed(rpc, manifest):
            raise DeployedElsewhere(
                f"{authority.manifest_file} describes contracts that this chain does not have;"
                " use another home, or move that file away to deploy anew",
                field="--home",
            )
        gateway = Gateway(rpc, manifest)
        (told,) = await gateway.view(Call("Council", "terms"))
        (waiting,) = await gateway.view(Call("TitleRegistry", "paperDelay"))
    finally:
        await rpc.close()
    decided = Terms(*told)
    return {
        "manifest": str(authority.manifest_file.absolute()),
        "deployed": not known,
        "chainId": manifest.chain_id,
        "genesisHash": manifest.genesis_hash,
        "block": manifest.block,
        "contracts": {name: each.address for name, each in manifest.contracts.items()},
        "terms": {
            "threshold": decided.threshold,
            "delay": decided.delay,
            "objectionWindow": decided.objection_window,
            "paperDelay": waiting,
        },
    }
