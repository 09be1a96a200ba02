"""Why an act of the Council is refused; each is also a typed error of Council."""

from __future__ import annotations

from tidan_node.problems import Problem


class NotFounded(Problem):
    status, slug, title = 409, "council-not-founded", "The Council is not founded yet"


class AlreadyFounded(Problem):
    status, slug, title = 409, "council-already-founded", "The Council is founded already"


class NotTheFounder(Problem):
    status, slug, title = (
        403,
        "not-the-founder",
        "Only who deployed the contracts founds the Council",
    )


class SeatCountUnfit(Problem):
    """Two sets of members that can decide always share a member: threshold ≤ n < 2 · threshold."""

    status, slug, title = 422, "seat-count-unfit", "The Council cannot have this many seats"


class AlreadySeated(Problem):
    status, slug, title = 409, "already-seated", "The party has a seat already"


class SeatUnknown(Problem):
    status, slug, title = 404, "seat-unknown", "The party has no seat that could be taken"


class NotSeated(Problem):
    status, slug, title = 403, "not-seated", "Only a member of the Council may do this"


class OtherCall(Problem):
    status, slug, title = 422, "other-call", "This is not the call that was proposed"


class CallMalformed(Problem):
    status, slug, title = 422, "call-malformed", "The call does not begin with a party"


class TargetForbidden(Problem):
    status, slug, title = 422, "target-forbidden", "The Council does not decide about this contract"


class ProposalUnknown(Problem):
    status, slug, title = 404, "proposal-unknown", "There is no such proposal"


class ProposalExecuted(Problem):
    status, slug, title = 409, "proposal-executed", "The proposal is carried out already"


class ProposalLapsed(Problem):
    status, slug, title = 409, "proposal-lapsed", "The proposal's time has passed"


class AlreadyApproved(Problem):
    status, slug, title = 409, "already-approved", "The member has approved the proposal already"


class NotApproved(Problem):
    status, slug, title = 409, "not-approved", "The member has not approved the proposal"


class NothingToObjectTo(Problem):
    status, slug, title = 409, "nothing-to-object-to", "The proposal takes nobody's accounts away"


class NotTheSubject(Problem):
    status, slug, title = 403, "not-the-subject", "Only the party concerned may object"


class AlreadyObjected(Problem):
    status, slug, title = 409, "already-objected", "The party has objected already"


class ApprovalsMissing(Problem):
    status, slug, title = (
        409,
        "approvals-missing",
        "The proposal does not have the approvals it needs",
    )


class AlreadyProposed(Problem):
    """A second proposal of the same would be superseded by the first, or the first by it."""

    status, slug, title = 409, "already-proposed", "Another proposal decides the same"


class AlreadyDecided(Problem):
    """Another proposal of the same was executed since; a new one may decide it once more."""

    status, slug, title = 409, "already-decided", "Another proposal has done the same meanwhile"


class TooEarly(Problem):
    status, slug, title = 409, "too-early", "The time to wait is not over"
