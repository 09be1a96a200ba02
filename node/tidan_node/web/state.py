"""What one running node has: `app.py` fills it in, every request reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from starlette.requests import Request

from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.domain.exchange_keys import KeyRing
from tidan_node.domain.identifiers import Address
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.ledger.manifest import Manifest
from tidan_node.operations.service import Operations
from tidan_node.people.sign_in_offer import SignInOffer
from tidan_node.people.users import utc_now
from tidan_node.records.proving import RecordChain
from tidan_node.storage.database import Database
from tidan_node.web.allowance import Allowance, Allowances, SharedAllowance
from tidan_node.web.chain_watch import ChainWatch
from tidan_node.web.four_eyes import FourEyes, NoFourEyes
from tidan_node.web.health import Health
from tidan_node.web.issuers import Issuers, NobodyIsAsked
from tidan_node.web.kept_texts import KeptTexts
from tidan_node.web.keys_in_use import KeysInUse
from tidan_node.web.metrics import Metrics
from tidan_node.web.newest import Newest
from tidan_node.web.news import News
from tidan_node.web.own_standing import OwnStanding
from tidan_node.web.session_guard import NothingRecognised, SessionGuard
from tidan_node.web.streaming import Streams


def _nothing() -> None:
    """Nobody waits for a commit."""


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """The chain that this node is on, as its manifest says."""

    chain_id: int
    title_registry: Address
    invoice_registry: Address
    policy_registry: Address
    party_registry: Address
    platform_registry: Address
    gateway_registry: Address
    council: Address
    paper_delay: int = 0
    """Seconds from a carrier's revocation until its titles may be ended as paper, as far as the
    manifest says."""

    @classmethod
    def of(cls, manifest: Manifest) -> ChainFacts:
        return cls(
            chain_id=manifest.chain_id,
            title_registry=manifest.address_of("TitleRegistry"),
            invoice_registry=manifest.address_of("InvoiceRegistry"),
            policy_registry=manifest.address_of("PolicyRegistry"),
            party_registry=manifest.address_of("PartyRegistry"),
            platform_registry=manifest.address_of("PlatformRegistry"),
            gateway_registry=manifest.address_of("GatewayRegistry"),
            council=manifest.address_of("Council"),
            paper_delay=manifest.paper_delay,
        )

    def contract_at(self, place: Address) -> str | None:
        """Which of the contracts that the Council decides about is at this address."""
        return {
            self.party_registry: "PartyRegistry",
            self.platform_registry: "PlatformRegistry",
            self.gateway_registry: "GatewayRegistry",
            self.council: "Council",
        }.get(place)


@dataclass(frozen=True, slots=True)
class NodeState:
    """Everything that a request may need of its node; made once, never changed."""

    database: Database
    account: Address
    operations: Operations
    numbering_key: NumberingKey
    exchange_keys: KeyRing
    chain: ChainFacts
    health: Health
    metrics: Metrics
    measure: Callable[[], Awaitable[None]]
    """Brings the figures up to date before they are read."""
    record_chain: RecordChain
    """What a history is held against."""
    proofs: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    """So many histories at once: each asks the chain as often as its record has acts."""
    checkpoints: Checkpoints = field(default_factory=NoCheckpoints)
    keys_in_use: KeysInUse = field(default_factory=KeysInUse)
    news: News = field(default_factory=News)
    """Told whenever the follower has read on; closed when the node ends."""
    newest: Newest = field(default_factory=Newest)
    streams: Streams = field(default_factory=Streams)
    strangers: Allowance = field(default_factory=Allowance)
    """What the trail takes of requests by whom nothing proves who they are."""
    members: Allowances = field(default_factory=Allowances)
    """Of each party, by its index: so many of its refusals are written down."""
    sign_in: SignInOffer | None = None
    """How people sign in; None where the node has no OpenID provider."""
    signing_in: SharedAllowance = field(
        default_factory=lambda: SharedAllowance(1200, 120, timedelta(minutes=1))
    )
    """How many sign-ins anybody may begin here, and how many of them from one address."""
    session_guard: SessionGuard = field(default_factory=NothingRecognised)
    issuers: Issuers = field(default_factory=NobodyIsAsked)
    four_eyes: FourEyes = field(default_factory=NoFourEyes)
    """Which acts wait for others of the party, and where they wait."""
    own: OwnStanding = field(default_factory=OwnStanding)
    status_lists: KeptTexts = field(default_factory=KeptTexts)
    """As this node has last signed them."""
    lanes: Sequence[Address] = ()
    """The accounts that the node has keys of; its own is the first."""
    chains: Sequence[ChainWatch] = ()
    """The chains that it follows, its own first."""
    trust_anchors: Path | None = None
    """The folder of the authorities whom this node lets vouch for parties."""
    clock: Callable[[], datetime] = utc_now
    committed: Callable[[], None] = _nothing
    """Called after each commit of a request: wakes the workers that wait for one."""


def node_of(request: Request) -> NodeState:
    return cast(NodeState, request.app.state.node)
