"""An act that waits for others of the party: wait with it, and say how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import (
    KEPT_FROM_LOOKING,
    Answered,
    ApprovalNotGiven,
    AwaitsApproval,
    Interrupted,
    NodeUnreachable,
)
from tidan_cli.patience import Patience

OPEN = "open"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0


class Awaiting:
    """Waits until an approval has ended, and gives what the act was then answered with. When the
    time is up, or it was not approved, that is raised."""

    def __init__(self, client: NodeClient, timeout: float, note: Callable[[str], None]) -> None:
        self._client = client
        self._note = note
        self.left = timeout
        """Seconds that are left to wait for what comes after the approval."""

    def __call__(self, approval: Document) -> Document:
        name = approval["id"]
        self._note(f"{needs(approval)}: tidan approval show {name}")
        started = time.monotonic()
        try:
            decided = await_decision(self._client, approval, started + self.left)
        except KeyboardInterrupt as interrupt:
            raise Interrupted(
                f"approval {name} goes on at the node: `tidan approval show {name}` follows it",
                approval=name,
            ) from interrupt
        self.left = max(0.0, self.left - (time.monotonic() - started))
        return answer_of(self._client, decided)


def await_decision(client: NodeClient, approval: Document, deadline: float) -> Document:
    """The approval once it has ended, or as it is when the time is up."""
    patience = Patience(deadline, _FIRST_PAUSE, _LONGEST_PAUSE)
    while approval["status"] == OPEN and patience.rested():
        try:
            approval = client.get(f"/v1/approvals/{approval['id']}")
        except Answered as refusal:
            if refusal.answered not in KEPT_FROM_LOOKING:
                raise
            break  # the node keeps it all the same
        except NodeUnreachable:
            # The node keeps what waits, so its restart is waited out.
            if time.monotonic() >= deadline:
                raise
    return approval


def answer_of(client: NodeClient, approval: Document) -> Document:
    """What the act was answered with, if it was done; how it ended otherwise is raised."""
    if approval["status"] == OPEN:
        raise AwaitsApproval(approval)
    require_not_failed(client, approval)
    if approval["status"] != "done":
        said = f": {approval['reason']}" if approval.get("reason") else ""
        raise ApprovalNotGiven(
            f"approval {approval['id']} is {approval['status']}{said}", approval=approval["id"]
        )
    answer: Document = approval["answer"]
    return answer


def require_not_failed(client: NodeClient, approval: Document) -> None:
    """One that was approved and could not be done any more is a refusal."""
    if approval["status"] == "failed":
        raise client.refused(approval["problem"])


def needs(approval: Document) -> str:
    """How many more must approve, and whether there are so many."""
    approvers = approval["approvers"]
    more = approvers["needed"] - approvers["given"]
    words = f"waits for {more} more approver{'' if more == 1 else 's'}"
    if approvers["able"] < approvers["needed"]:
        words += f" (only {approvers['able']} can: `tidan user roles` makes a CHECKER)"
    return words
