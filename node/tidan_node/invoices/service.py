"""Acts on an invoice that exists: load it, ask its rules, keep the intention and its trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import RecordId, title_id
from tidan_node.domain.invoices import Invoice
from tidan_node.domain.parties import Standing
from tidan_node.domain.reasons import DisputeReason
from tidan_node.domain.record_problems import AlreadyLinked, PackageMissing
from tidan_node.invoices import operations as kinds
from tidan_node.invoices.schemas import ActRequest, DisputeRequest, LinkRequest
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository
from tidan_node.trail.trail import Trail
from tidan_node.web.own_party import own_standing
from tidan_node.web.state import NodeState


@dataclass(frozen=True, slots=True)
class _Scene:
    """An invoice, who acts on it, and the seq that the act is for."""

    invoice: Invoice
    own: Standing
    seq: int


class Invoices:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._records = Records(connection)
        self._contents = ContentRepository(connection)
        self._trail = Trail(connection)
        self._connection = connection
        self._node = node
        self._caller = caller

    async def accept(self, invoice_id: RecordId, wanted: ActRequest) -> Operation:
        """Say as its buyer that it is owed, having its content to hand."""
        scene = await self._scene(invoice_id, wanted)
        scene.invoice.accept(caller=scene.own, expected_seq=scene.seq)
        if not await self._contents.holds(invoice_id, scene.invoice.content_root):
            raise PackageMissing(
                f"take in the package of {invoice_id} before it is accepted", field="invoice"
            )
        return await self._enqueue(kinds.ACCEPT, scene)

    async def dispute(self, invoice_id: RecordId, wanted: DisputeRequest) -> Operation:
        """Say as its buyer what is wrong with it."""
        scene = await self._scene(invoice_id, wanted)
        scene.invoice.dispute(caller=scene.own, expected_seq=scene.seq)
        reason = {"reason": int(DisputeReason[wanted.reason])}
        return await self._enqueue(kinds.DISPUTE, scene, reason)

    async def settle(self, invoice_id: RecordId, wanted: ActRequest) -> Operation:
        """Say as its seller that it is paid."""
        scene = await self._scene(invoice_id, wanted)
        scene.invoice.settle(caller=scene.own, expected_seq=scene.seq)
        return await self._enqueue(kinds.SETTLE, scene)

    async def cancel(self, invoice_id: RecordId, wanted: ActRequest) -> Operation:
        """Take it back as its seller."""
        scene = await self._scene(invoice_id, wanted)
        scene.invoice.cancel(caller=scene.own, expected_seq=scene.seq)
        return await self._enqueue(kinds.CANCEL, scene)

    async def link(self, invoice_id: RecordId, wanted: LinkRequest) -> Operation:
        """Say as its seller that it is for the goods of a title, which the chain must have: the
        registry itself does not ask."""
        scene = await self._scene(invoice_id, wanted)
        title = title_id(wanted.title, "title")
        scene.invoice.link(title, caller=scene.own, expected_seq=scene.seq)
        await self._records.title_by_id(title)
        if await self._records.is_linked(invoice_id, title):
            raise AlreadyLinked(f"the invoice is linked to {title} already", field="title")
        return await self._enqueue(kinds.LINK, scene, {"title": title})

    async def _scene(
        self, invoice_id: RecordId, wanted: ActRequest | DisputeRequest | LinkRequest
    ) -> _Scene:
        found = await self._records.invoice_by_id(invoice_id)
        invoice = found.state.invoice
        own = await own_standing(self._records, self._node)
        return _Scene(invoice, own, wanted.expected_seq or invoice.seq)

    async def _enqueue(
        self, kind: str, scene: _Scene, more: Mapping[str, object] | None = None
    ) -> Operation:
        invoice_id = scene.invoice.invoice_id
        operation = await self._node.operations.enqueue(
            self._connection,
            kind=kind,
            target=invoice_id,
            intent={"id": invoice_id, "expectedSeq": scene.seq, **(more or {})},
        )
        detail = {"operation": operation.id, **(more or {})}
        await self._trail.append(
            self._caller.key_id, kind, invoice_id, detail, party=scene.own.party
        )
        return operation
