"""The chains that the node follows, for those who run it."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request

from tidan_node.web.caller import requires
from tidan_node.web.chain_watch import ChainWatch, Hearing
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import AsOf, Shape
from tidan_node.web.state import node_of

router: APIRouter = guarded_router("/v1/chains", "operating")


class ChainAnswer(Shape):
    """One chain, and how far it has been read."""

    chain_id: int
    name: str
    role: Literal["home", "linked"]
    """The node acts on its home chain alone; a linked one it only reads."""
    head: int | None
    """The newest block that the node has seen."""
    as_of: AsOf | None
    """The block that all it knows of this chain is true at."""
    lag: int | None
    """Blocks that are final, and not read yet."""
    finality_depth: int
    heard_by: Hearing | None
    """How the node learns of new blocks; null where another process of the node reads them."""
    problem: str | None
    """Why it is not read as it should be just now."""

    @classmethod
    async def of(cls, watch: ChainWatch) -> ChainAnswer:
        chain, standing = watch.chain, await watch.standing()
        return cls(
            chain_id=chain.chain_id,
            name=chain.name,
            role="home" if chain.is_home else "linked",
            head=standing.head,
            as_of=None if standing.cursor is None else AsOf.of(standing.cursor),
            lag=standing.lag,
            finality_depth=chain.settings.finality_depth,
            heard_by=standing.hears_by,
            problem=standing.problem,
        )


class ChainsAnswer(Shape):
    """The node's own chain first."""

    items: list[ChainAnswer]


@router.get("", dependencies=[requires("records:read")])
async def list_chains(request: Request) -> ChainsAnswer:
    """Each chain that the node follows: its own, and those linked to it, which it only reads; how
    far each has been read, and what is wrong, if anything."""
    watches = node_of(request).chains
    return ChainsAnswer(items=await asyncio.gather(*map(ChainAnswer.of, watches)))
