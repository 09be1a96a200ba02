"""The rules of the Council: m of n members decide, after a delay. The contract keeps the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tidan_node.domain.chain_time import moment
from tidan_node.domain.council_problems import (
    AlreadyApproved,
    AlreadyDecided,
    AlreadyFounded,
    AlreadyObjected,
    AlreadySeated,
    ApprovalsMissing,
    NotApproved,
    NothingToObjectTo,
    NotSeated,
    NotTheSubject,
    ProposalUnknown,
    SeatCountUnfit,
    SeatUnknown,
    TargetForbidden,
    TooEarly,
)
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.parties import PartyStatus, Standing
from tidan_node.domain.proposals import (
    Decision,
    Motion,
    Proposal,
    ProposalStatus,
    Terms,
    executable_from,
)
from tidan_node.domain.record_problems import EmptyValue

MOST_SEATS: Final = 31

StandingOf = Callable[[PartyIndex], Standing]


@dataclass(frozen=True, slots=True)
class CouncilState:
    """The Council after some acts; without seats it is not founded. Each act gives the next state,
    or a Problem. Checks come in the contract's order: the proposal is there, it is open, the
    caller's place, the caller's standing, the rest."""

    terms: Terms
    seats: tuple[PartyIndex, ...] = ()
    proposals: Mapping[int, Proposal] = field(default_factory=dict)
    settled: Mapping[Decision, int] = field(default_factory=dict)
    """How many proposals there were when this was last done: what is decided twice is done once."""

    @property
    def is_founded(self) -> bool:
        return bool(self.seats)

    def found(self, members: Sequence[Standing]) -> CouncilState:
        """The first seats, each of an active party."""
        if self.is_founded:
            raise AlreadyFounded("the Council is founded already")
        self._require_count(len(members))
        founded = replace(self, seats=())
        for member in members:
            founded = founded._with_seat(member)
        return founded

    def propose(
        self, motion: Motion, *, caller: Standing, target_allowed: bool = True, at: int
    ) -> CouncilState:
        """One more proposal, numbered from 1; to propose is to approve."""
        self.require_member(caller)
        if not target_allowed:
            raise TargetForbidden("the Council decides of itself and registries", field="target")
        if not motion.reason:
            raise EmptyValue("a proposal says why", field="reason")
        number = len(self.proposals) + 1
        proposal = Proposal(number, caller.party, motion, proposed_at=at, approvals=())
        return self._with(self._approved(proposal, caller, at, lambda _: caller))

    def approve(
        self, number: int, *, caller: Standing, standing_of: StandingOf, at: int
    ) -> CouncilState:
        """One member more. With the last approval that is needed the waiting begins."""
        proposal = self._open(number, at)
        self.require_member(caller)
        if caller.party in proposal.approvals:
            raise AlreadyApproved(f"{caller.called} has approved it", field="proposal")
        return self._with(self._approved(proposal, caller, at, standing_of))

    def withdraw_approval(
        self, number: int, *, caller: Standing, standing_of: StandingOf, at: int
    ) -> CouncilState:
        """One member less. Where too few are left, the waiting has ended."""
        proposal = self._open(number, at)
        self.require_member(caller)
        if caller.party not in proposal.approvals:
            raise NotApproved(f"{caller.called} has not approved it", field="proposal")
        approvals = tuple(party for party in proposal.approvals if party != caller.party)
        left = replace(proposal, approvals=approvals)
        if not self.has_enough(left, standing_of):
            left = replace(left, executable_from=0)
        return self._with(left)

    def object(
        self, number: int, reason: str, *, caller: Standing, standing_of: StandingOf, at: int
    ) -> CouncilState:
        """The party concerned says no, once: now all other members are needed, and wait anew."""
        proposal = self._open(number, at)
        if proposal.motion.subject == NO_PARTY:
            raise NothingToObjectTo(f"proposal {number} has no subject", field="proposal")
        if caller.party != proposal.motion.subject:
            raise NotTheSubject(
                f"{caller.called} is not the subject of proposal {number}", field="caller"
            )
        caller.require_not_revoked("caller")
        if proposal.is_objected:
            raise AlreadyObjected(f"proposal {number} is objected to already", field="proposal")
        if not reason:
            raise EmptyValue("an objection says why", field="reason")
        objected = replace(proposal, objected_at=at, objection=reason, executable_from=0)
        return self._with(self._waiting_from(objected, at, standing_of))

    def executable(self, number: int, *, standing_of: StandingOf, at: int) -> Proposal:
        """The proposal, if it may be executed now; its approvals are counted anew."""
        proposal = self._open(number, at)
        if self.is_superseded(proposal):
            raise AlreadyDecided(
                f"what proposal {number} decides was done after it was proposed", field="proposal"
            )
        if not proposal.executable_from or not self.has_enough(proposal, standing_of):
            raise ApprovalsMissing(
                f"proposal {number} has {len(self.standing_approvals(proposal, standing_of))} "
                f"approvals of {required_approvals(self, proposal)}",
                field="proposal",
            )
        if at < proposal.executable_from:
            raise TooEarly(
                f"proposal {number} can be executed from {moment(proposal.executable_from)};"
                f" as far as the chain is read here, its clock is at {moment(at)}",
                field="proposal",
                executableFrom=proposal.executable_from,
            )
        return proposal

    def execute(self, number: int, *, standing_of: StandingOf, at: int) -> CouncilState:
        """By anybody. What the call does to the Council itself is `add_seat` or `remove_seat`."""
        proposal = self.executable(number, standing_of=standing_of, at=at)
        return self._with(replace(proposal, executed_at=at)).settling(proposal)

    def settling(self, done: Proposal) -> CouncilState:
        """Every proposal of the same that there is by now needs no execution any more."""
        return replace(self, settled={**self.settled, done.motion.decision: len(self.proposals)})

    def is_superseded(self, proposal: Proposal) -> bool:
        settled = self.settled.get(proposal.motion.decision, 0)
        return not proposal.executed_at and proposal.number <= settled

    def status_of(self, proposal: Proposal, at: int) -> ProposalStatus:
        return proposal.status(at, superseded=self.is_superseded(proposal))

    def add_seat(self, party: Standing) -> CouncilState:
        """A seat more, for an active party."""
        self._require_count(len(self.seats) + 1)
        return self._with_seat(party)

    def remove_seat(self, party: PartyIndex) -> CouncilState:
        """A seat less; its approvals count no more."""
        if party not in self.seats:
            raise SeatUnknown(f"party {party} has no seat", field="party")
        self._require_count(len(self.seats) - 1)
        return replace(self, seats=tuple(seat for seat in self.seats if seat != party))

    def standing_approvals(
        self, proposal: Proposal, standing_of: StandingOf
    ) -> tuple[PartyIndex, ...]:
        """The approvals that count today: of parties that are seated still, and active."""
        return tuple(
            party
            for party in proposal.approvals
            if party in self.seats and standing_of(party).status is PartyStatus.ACTIVE
        )

    def has_enough(self, proposal: Proposal, standing_of: StandingOf) -> bool:
        """Whether the threshold stands and, after an objection, every seat but the subject's."""
        counted = self.standing_approvals(proposal, standing_of)
        if len(counted) < self.terms.threshold:
            return False
        others = set(self.seats) - {proposal.motion.subject}
        return not proposal.is_objected or others <= set(counted)

    def _approved(
        self, proposal: Proposal, caller: Standing, at: int, standing_of: StandingOf
    ) -> Proposal:
        approved = replace(proposal, approvals=(*proposal.approvals, caller.party))
        return self._waiting_from(approved, at, standing_of)

    def _waiting_from(self, proposal: Proposal, at: int, standing_of: StandingOf) -> Proposal:
        """Once begun, the waiting goes on: an objection ends it, or an approval taken back."""
        if proposal.executable_from or not self.has_enough(proposal, standing_of):
            return proposal
        return replace(proposal, executable_from=executable_from(self.terms, proposal, at))

    def _with(self, proposal: Proposal) -> CouncilState:
        return replace(self, proposals={**self.proposals, proposal.number: proposal})

    def _with_seat(self, party: Standing) -> CouncilState:
        if party.party in self.seats:
            raise AlreadySeated(f"{party.called} has a seat", field="party")
        party.require_active("party")
        return replace(self, seats=(*self.seats, party.party))

    def _open(self, number: int, at: int) -> Proposal:
        proposal = self.proposals.get(number)
        if proposal is None:
            raise ProposalUnknown(f"there is no proposal {number}", field="proposal")
        proposal.require_open(at)
        return proposal

    def require_member(self, caller: Standing) -> None:
        if caller.party not in self.seats:
            raise NotSeated(f"{caller.called} has no seat in the Council", field="caller")
        caller.require_active("caller")

    def _require_count(self, seats: int) -> None:
        threshold = self.terms.threshold
        if not threshold <= seats < 2 * threshold or seats > MOST_SEATS:
            raise SeatCountUnfit(
                f"with a threshold of {threshold} the Council has {threshold} to "
                f"{min(2 * threshold - 1, MOST_SEATS)} seats, not {seats}",
                field="seats",
            )


def required_approvals(council: CouncilState, proposal: Proposal) -> int:
    """How many approvals the proposal needs as it stands now."""
    if not proposal.is_objected:
        return council.terms.threshold
    others = sum(seat != proposal.motion.subject for seat in council.seats)
    return max(council.terms.threshold, others)
