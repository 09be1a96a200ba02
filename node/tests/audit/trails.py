"""A node's trail as its sealer, a dispatcher and the contract make it."""

from __future__ import annotations

from collections.abc import Sequence

from tests.office import Office
from tidan_node.audit.operations import AnchorByOperation
from tidan_node.domain import events as told
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.operations.service import Operations
from tidan_node.trail.sealer import Sealer, SealerSettings
from tidan_node.trail.trail import Trail

OWN = PartyIndex(1)


async def trailed(office: Office, subjects: Sequence[object]) -> None:
    async with office.database.writing() as connection:
        for subject in subjects:
            await Trail(connection).append("key-1", "title.show", f"title {subject}")


async def sealed(office: Office, anchor_every: int = 1) -> Sealer:
    """Everything that waited is sealed, and its anchoring asked for."""
    operations = Operations(chain_id=31337)
    sealer = Sealer(
        database=office.database,
        anchoring=AnchorByOperation(operations),
        settings=SealerSettings(anchor_every=anchor_every),
    )
    while await sealer.seal():
        pass
    await sealer.anchor_if_due()
    return sealer


async def anchored(office: Office) -> None:
    """What a dispatcher and the contract make of the waiting anchors."""
    for _, call in await office.waiting():
        assert (call.contract, call.function) == ("TrailAnchor", "anchor")
        up_to, checkpoint = call.args
        assert isinstance(up_to, int)
        office.consortium.story.emit(told.TrailAnchored(OWN, up_to, str(checkpoint), 0))
    await office.consortium.publish()
