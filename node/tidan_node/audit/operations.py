"""A checkpoint of the trail becomes an operation, and that a call of TrailAnchor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.ledger.calls import Call
from tidan_node.operations.service import Operations

ANCHOR: Final = "trail.anchor"
_TARGET: Final = "trail"


class Anchor:
    """The one operation on the trail."""

    kind = ANCHOR

    def call(self, intent: Mapping[str, object]) -> Call:
        return Call("TrailAnchor", "anchor", (intent["upTo"], intent["checkpoint"]))


class AnchorByOperation:
    """The sealer's way to the chain: an operation in the sealer's own commit.

    It leaves no entry in the trail: each anchor would ask for the next one.
    """

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    async def is_under_way(self, connection: AsyncConnection) -> bool:
        return bool(await self._operations.unfinished(connection, target=_TARGET))

    async def anchor(self, connection: AsyncConnection, up_to: int, checkpoint: str) -> None:
        await self._operations.enqueue(
            connection,
            kind=ANCHOR,
            target=_TARGET,  # one after another: the contract takes them in rising order only
            intent={"upTo": up_to, "checkpoint": checkpoint},
            even_if_full=True,  # they are few, and what fills the queue is to be anchored
        )


HANDLERS: Final = (Anchor(),)
