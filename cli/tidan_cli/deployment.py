"""The contracts of a new consortium: deployed once, and written down once they all are there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tidan_cli.authority import AuthorityHome
from tidan_cli.chain_engines import Engine, engine_of
from tidan_cli.failures import DeployedElsewhere, DeployedWithOtherTerms
from tidan_cli.spans import span_in_words
from tidan_node.domain.proposals import Terms
from tidan_node.domain.record_problems import WaitUnfit
from tidan_node.ledger import deployment
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc

Document = dict[str, Any]  # Any: what a command answers, as JSON

_LONGEST_WAIT: Final = 90 * 86_400
"""As the contracts have it; the chain has no words for much more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for, times in seconds; None: as it is, or as usual where nothing is yet."""

    threshold: int | None = None
    delay: int | None = None
    objection_window: int | None = None
    paper_delay: int | None = None
    gas_price: int | None = None
    finality_depth: int | None = None
    block_period: int | None = None

    def terms(self) -> Terms:
        usual = deployment.DEFAULT_TERMS
        for option, wait in (
            ("--delay", self.delay),
            ("--objection-window", self.objection_window),
            ("--paper-delay", self.paper_delay),
        ):
            if wait is not None and wait > _LONGEST_WAIT:
                raise WaitUnfit("nothing waits longer than 90 days", field=option)
        return Terms(
            usual.threshold if self.threshold is None else self.threshold,
            usual.delay if self.delay is None else self.delay,
            usual.objection_window if self.objection_window is None else self.objection_window,
        )

    def or_usual(self, engine: Engine) -> Wanted:
        """With what the chain of the home wants where nothing else was asked for."""
        return replace(
            self,
            gas_price=engine.gas_price() if self.gas_price is None else self.gas_price,
            finality_depth=(
                engine.finality_depth() if self.finality_depth is None else self.finality_depth
            ),
            block_period=engine.block_period() if self.block_period is None else self.block_period,
        )

    def require_as_deployed(self, terms: Terms, paper_delay: int, manifest: Manifest) -> None:
        """They are for good: who asks for others is told so."""
        compared = (
            ("--threshold", self.threshold, terms.threshold, str),
            ("--delay", self.delay, terms.delay, span_in_words),
            (
                "--objection-window",
                self.objection_window,
                terms.objection_window,
                span_in_words,
            ),
            ("--paper-delay", self.paper_delay, paper_delay, span_in_words),
            ("--gas-price", self.gas_price, manifest.gas_price, str),
            ("--finality-depth", self.finality_depth, manifest.finality_depth, str),
            ("--block-period", self.block_period, manifest.block_period, span_in_words),
        )
        other = [
            (option, f"{option} is {said(known)}, not {said(asked)}")
            for option, asked, known, said in compared
            if asked is not None and asked != known
        ]
        if other:
            raise DeployedWithOtherTerms(
                "deployed already, with other terms, which are for good: "
                + "; ".join(words for _, words in other),
                field=other[0][0],
            )


def deploy_contracts(home: Path, chain: str | None, wanted: Wanted) -> Document:
    """Deploy what is not there yet, and say what is there."""
    return asyncio.run(_deploy(home, chain, wanted))


async def _deploy(home: Path, chain: str | None, wanted: Wanted) -> Document:
    terms = wanted.terms()
    authority = AuthorityHome(home)
    rpc = Rpc(authority.chain_url(chain))
    try:
        manifest = authority.manifest()
        known = manifest is not None
        if manifest is None:
            authority.prepare()
            signer = authority.signer_or_new()
            if chain is None:
                engine = engine_of(home)
                await asyncio.to_thread(engine.endow, signer.address)
                wanted = wanted.or_usual(engine)
            manifest = await deployment.deploy(
                rpc,
                signer,
                wanted.gas_price or 0,
                finality_depth=wanted.finality_depth or 0,
                block_period=wanted.block_period or 0,
                terms=terms,
                paper_delay=(
                    deployment.PAPER_DELAY if wanted.paper_delay is None else wanted.paper_delay
                ),
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
    wanted.require_as_deployed(decided, waiting, manifest)
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
