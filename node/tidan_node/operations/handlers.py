"""How a stored intent becomes a contract call; each feature brings the kinds that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tidan_node.ledger.calls import Call


class OperationHandler(Protocol):
    """One kind of operation. `call` is pure: the same intent gives the same call, for ever."""

    @property
    def kind(self) -> str: ...

    def call(self, intent: Mapping[str, object]) -> Call: ...
