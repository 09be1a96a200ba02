"""The rules of a cargo policy: what insurer and insured may do with it while it is in force. The
contract keeps the same."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from tidan_node.domain.identifiers import NO_PARTY, ZERO_32, ContentRoot, PartyIndex, RecordId
from tidan_node.domain.parties import Role, Standing
from tidan_node.domain.record_problems import (
    AlreadyRegistered,
    EmptyValue,
    NotTheInsured,
    NotTheInsurer,
    PolicyExpired,
    VersionNotAhead,
    WrongStatus,
)
from tidan_node.domain.title_problems import StaleSeq


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
class PolicyTerms:
    """What an insurer states when it issues a policy."""

    policy_id: RecordId
    content_root: ContentRoot
    expires: int
    schema: int
    version: int


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as it stands after `seq` acts. Each act gives the policy after it, or a Problem.

    No act writes EXPIRED: `expires` says it. Checks come in the contract's order: seq, status, not
    expired, the caller's place, the caller is active, the rest.
    """

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

    @classmethod
    def issue(
        cls, terms: PolicyTerms, *, insurer: Standing, insured: Standing, taken: bool, now: int
    ) -> Policy:
        """A new policy, by an active insurer for an active party and a time yet to come."""
        insurer.require_active("caller")
        insurer.require_role(Role.INSURER, "caller")
        if taken:
            raise AlreadyRegistered("this policy is issued already", field="policy")
        insured.require_active("insured")
        if now >= terms.expires:
            raise PolicyExpired("the cover has ended already", field="/coverUntil")
        return cls(
            policy_id=terms.policy_id,
            insurer=insurer.party,
            insured=insured.party,
            status=PolicyStatus.ISSUED,
            seq=1,
            content_root=terms.content_root,
            expires=terms.expires,
            schema=terms.schema,
            version=terms.version,
        )

    def endorse(
        self,
        content_root: ContentRoot,
        version: int,
        *,
        caller: Standing,
        expected_seq: int,
        now: int,
    ) -> Policy:
        """The insurer replaces the content by a later version; an assigned policy stays so."""
        self.require_endorsable(caller=caller, expected_seq=expected_seq, now=now)
        if content_root == ZERO_32:
            raise EmptyValue("a content root is not zero", field="contentRoot")
        if version <= self.version:
            raise VersionNotAhead(
                f"version {version} does not follow version {self.version}", field="version"
            )
        issued = self.status is PolicyStatus.ISSUED
        return replace(
            self,
            seq=self.seq + 1,
            status=PolicyStatus.ENDORSED if issued else self.status,
            content_root=content_root,
            version=version,
        )

    def assign(
        self, *, caller: Standing, loss_payee: Standing, expected_seq: int, now: int
    ) -> Policy:
        """The insured names, once, the active party to whom losses are paid."""
        self._require_in_force(expected_seq, now)
        if self.status is PolicyStatus.ASSIGNED:
            raise WrongStatus(f"the policy is assigned to party {self.loss_payee}", field="policy")
        if caller.party != self.insured:
            raise NotTheInsured(f"the policy does not insure {caller.called}", field="caller")
        caller.require_active("caller")
        loss_payee.require_active("lossPayee")
        return replace(
            self, seq=self.seq + 1, status=PolicyStatus.ASSIGNED, loss_payee=loss_payee.party
        )

    def cancel(self, *, caller: Standing, expected_seq: int, now: int) -> Policy:
        """The insurer ends the policy, whether it is assigned or not."""
        self._require_in_force(expected_seq, now)
        self._require_insurer(caller)
        return replace(self, seq=self.seq + 1, status=PolicyStatus.CANCELLED)

    def require_endorsable(self, *, caller: Standing, expected_seq: int, now: int) -> None:
        """What can be said before the new content is there."""
        self._require_in_force(expected_seq, now)
        self._require_insurer(caller)

    def has_expired(self, now: int) -> bool:
        """Whether the policy's time is over, at this chain time (seconds)."""
        return now >= self.expires

    def _require_in_force(self, expected_seq: int, now: int) -> None:
        if expected_seq != self.seq:
            raise StaleSeq(
                f"the policy is at seq {self.seq}, the request expects {expected_seq}",
                field="expectedSeq",
                actualSeq=self.seq,
            )
        if self.status > PolicyStatus.ASSIGNED:
            raise WrongStatus(f"the policy is {self.status.name}", field="policy")
        if self.has_expired(now):
            raise PolicyExpired("the cover has ended", field="policy")

    def _require_insurer(self, caller: Standing) -> None:
        if caller.party != self.insurer:
            raise NotTheInsurer(
                f"{caller.called} did not issue the policy, party {self.insurer} did",
                field="caller",
            )
        caller.require_active("caller")
