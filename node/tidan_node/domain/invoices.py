"""An invoice as the chain keeps it: between whom, in which state."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tidan_node.domain.identifiers import ContentRoot, PartyIndex, RecordId


class InvoiceStatus(enum.IntEnum):
    """The states of an invoice, numbered as in InvoiceRegistry."""

    NONE = 0
    REGISTERED = 1
    ACCEPTED = 2
    DISPUTED = 3
    SETTLED = 4
    CANCELLED = 5
    REPLACED = 6


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice as it stands after `seq` acts."""

    invoice_id: RecordId
    seller: PartyIndex
    buyer: PartyIndex
    status: InvoiceStatus
    seq: int
    content_root: ContentRoot
    schema: int
    version: int
