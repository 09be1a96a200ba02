"""One chain as a node follows it: where it is asked, its database, and who reads it into that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.indexer.checkpoint import Checkpoint
from tidan_node.indexer.follower import Follower, FollowerSettings
from tidan_node.indexer.projections import Projection
from tidan_node.indexer.rebuild import Rebuild
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.heads import NewHeads
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc
from tidan_node.linked_chains import HOME_CHAIN
from tidan_node.records.projections import PROJECTED, record_projections
from tidan_node.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPlace:
    """Which chain it is, where it is asked, and where the view of it stands."""

    name: str
    manifest: Manifest
    url: str
    heads_url: str
    timeout: float
    database_url: str


class FollowedChain:
    """The view of one chain, in a database that holds no other's. `others` are projections beside
    those of the records; they only hear of what has not been read before."""

    def __init__(
        self,
        place: ChainPlace,
        *,
        settings: FollowerSettings,
        checkpoints: Checkpoints,
        others: Sequence[Projection] = (),
        progressed: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = place.name
        self.manifest = place.manifest
        self.database = Database(place.database_url)
        self.settings = settings
        self.rpc = Rpc(place.url, timeout=place.timeout)
        self.gateway = Gateway(self.rpc, place.manifest)
        self.checkpoint = Checkpoint(place.manifest.chain_id)
        self.heads = NewHeads(place.heads_url)
        rows = record_projections()
        self.follower = Follower(
            database=self.database,
            chain=self.gateway,
            projections=(*rows, *others),
            settings=settings,
            checkpoints=checkpoints,
            progressed=progressed,
            heads=self.heads,
        )
        self.rebuild = Rebuild(
            database=self.database,
            chain=self.gateway,
            settings=settings,
            rows=rows,
            others=others,
            tables=PROJECTED,
            moments=checkpoints,
        )

    @property
    def chain_id(self) -> int:
        return self.manifest.chain_id

    @property
    def is_home(self) -> bool:
        """Whether the node acts on it; any other it only reads."""
        return self.name == HOME_CHAIN

    async def close(self) -> None:
        """Let go of the chain and of the database."""
        await self.rpc.close()
        await self.database.close()
