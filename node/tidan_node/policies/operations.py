"""What was intended with a policy becomes a call of PolicyRegistry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tidan_node.ledger.calls import Call

ISSUE: Final = "policy.issue"
ENDORSE: Final = "policy.endorse"
ASSIGN: Final = "policy.assign"
CANCEL: Final = "policy.cancel"

_ACT: Final = ("id", "expectedSeq")


@dataclass(frozen=True, slots=True)
class PolicyHandler:
    """One kind of operation on policies; `members` of the intent are the function's arguments."""

    kind: str
    function: str
    members: tuple[str, ...]

    def call(self, intent: Mapping[str, object]) -> Call:
        return Call("PolicyRegistry", self.function, tuple(intent[name] for name in self.members))


HANDLERS: Final = (
    PolicyHandler(
        ISSUE, "issue", ("number", "contentRoot", "insured", "expires", "schema", "version")
    ),
    PolicyHandler(ENDORSE, "endorse", (*_ACT, "contentRoot", "version")),
    PolicyHandler(ASSIGN, "assign", (*_ACT, "lossPayee")),
    PolicyHandler(CANCEL, "cancel", _ACT),
)
