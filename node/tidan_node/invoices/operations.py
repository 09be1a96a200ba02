"""What was intended with an invoice becomes a call of InvoiceRegistry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tidan_node.ledger.calls import Call

REGISTER: Final = "invoice.register"
ACCEPT: Final = "invoice.accept"
DISPUTE: Final = "invoice.dispute"
SETTLE: Final = "invoice.settle"
CANCEL: Final = "invoice.cancel"
LINK: Final = "invoice.link"

_ACT: Final = ("id", "expectedSeq")


@dataclass(frozen=True, slots=True)
class InvoiceHandler:
    """One kind of operation on invoices; `members` of the intent are the function's arguments."""

    kind: str
    function: str
    members: tuple[str, ...]

    def call(self, intent: Mapping[str, object]) -> Call:
        return Call("InvoiceRegistry", self.function, tuple(intent[name] for name in self.members))


HANDLERS: Final = (
    InvoiceHandler(REGISTER, "register", ("number", "contentRoot", "buyer", "schema", "version")),
    InvoiceHandler(ACCEPT, "accept", _ACT),
    InvoiceHandler(DISPUTE, "dispute", (*_ACT, "reason")),
    InvoiceHandler(SETTLE, "settle", _ACT),
    InvoiceHandler(CANCEL, "cancel", _ACT),
    InvoiceHandler(LINK, "link", (*_ACT, "title")),
)
