"""What was intended with an invoice becomes a call of InvoiceRegistry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tidan_node.ledger.calls import Call

REGISTER: Final = "invoice.register"
_MEMBERS: Final = ("id", "contentRoot", "buyer", "schema", "version")


class Registration:
    """The one operation on invoices so far."""

    kind = REGISTER

    def call(self, intent: Mapping[str, object]) -> Call:
        return Call("InvoiceRegistry", "register", tuple(intent[name] for name in _MEMBERS))


HANDLERS: Final = (Registration(),)
