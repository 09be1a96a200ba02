"""A cargo policy as the chain keeps it: between whom, until when, in which state."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tidan_node.domain.identifiers import NO_PARTY, ContentRoot, PartyIndex, RecordId


class PolicyStatus(enum.IntEnum):
    """The states of a policy, numbered as in PolicyRegistry."""

    NONE = 0
    ISSUED = 1
    ENDORSED = 2
    ASSIGNED = 3
    CLAIMED = 4
    PAID = 5
    REJECTED = 6
    EXPIRED = 7
    CANCELLED = 8


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as it stands after `seq` acts. No act writes EXPIRED: `expires` says it."""

    policy_id: RecordId
    insurer: PartyIndex
    insured: PartyIndex
    status: PolicyStatus
    seq: int
    content_root: ContentRoot
    expires: int
    schema: int
    version: int
    loss_payee: PartyIndex = NO_PARTY

    def has_expired(self, now: int) -> bool:
        """Whether the policy's time is over, at this chain time (seconds)."""
        return now >= self.expires
