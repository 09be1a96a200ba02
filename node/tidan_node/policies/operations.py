"""What was intended with a policy becomes a call of PolicyRegistry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tidan_node.ledger.calls import Call

ISSUE: Final = "policy.issue"
_MEMBERS: Final = ("id", "contentRoot", "insured", "expires", "schema", "version")


class Issue:
    """The one operation on policies so far."""

    kind = ISSUE

    def call(self, intent: Mapping[str, object]) -> Call:
        return Call("PolicyRegistry", "issue", tuple(intent[name] for name in _MEMBERS))


HANDLERS: Final = (Issue(),)
