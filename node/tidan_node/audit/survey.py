"""One pass over the whole chain: which records there are, and whom each concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.kinds import KINDS, kind_of
from tidan_node.domain.events import ChainEvent
from tidan_node.ledger.blocks import BlockRef

Counted = Callable[[int, int | None], None]


@dataclass(slots=True)
class Survey:
    """What was found up to a block. Ids are kept, events are not."""

    as_of: BlockRef
    records: dict[str, dict[str, None]] = field(
        default_factory=lambda: {kind.name: {} for kind in KINDS}
    )
    """By kind: the ids, in the order in which they began."""
    events: int = 0


def _every_one(_: ChainEvent) -> bool:
    return True


async def survey(
    chain: AuditedChain,
    *,
    counted: Counted,
    concerns: Callable[[ChainEvent], bool] = _every_one,
) -> Survey:
    """The records with at least one event that `concerns` is true of."""
    found = Survey(await chain.head())
    async for page in chain.everything(found.as_of):
        for happened in page.events:
            found.events += 1
            kind = kind_of(happened.event)
            if kind is not None and concerns(happened):
                found.records[kind.name].setdefault(str(getattr(happened.event, "id")))  # noqa: B009
        counted(page.up_to, found.as_of.number)
    return found
