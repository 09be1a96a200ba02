"""Why an approval is not given, or not taken."""

from __future__ import annotations

from tidan_node.problems import InvalidInput, NotFound, Problem


class ApprovalUnknown(NotFound):
    """Nothing that waits, or waited, for approval at this node has this id."""

    status, slug, title = 404, "approval-unknown", "There is no such approval"


class ApprovalEnded(Problem):
    """It was carried out, refused, withdrawn, has failed or has expired; `tidan approval show`
    tells which. What is still wanted is asked for anew."""

    status, slug, title = 409, "approval-ended", "The request no longer waits for approval"


class MakerMayNotDecide(Problem):
    """Whoever asked, by whichever of its keys, sessions or agents, leaves the decision to others.
    It can withdraw: `tidan approval withdraw`."""

    status, slug, title = 403, "maker-may-not-decide", "Nobody decides on what they asked for"


class ApproverNotAPerson(Problem):
    """Approvers are people in the node's directory, so that two approvals are two people: sign in,
    or use a key that belongs to you. A service's key and an agent's decide nothing."""

    status, slug, title = 403, "approver-not-a-person", "Only a person can decide on an approval"


class ApprovalNotSeen(Problem):
    """To approve is to have seen: the key or session must cover what the request shows."""

    status, slug, title = 403, "approval-not-seen", "The caller cannot see what it would approve"


class ApprovedBefore(Problem):
    """Each person counts once; the next approval is another's."""

    status, slug, title = 409, "approved-before", "This person has approved it already"


class NotTheMaker(Problem):
    """Only whoever asked takes a request back; others refuse it."""

    status, slug, title = 403, "not-the-maker", "Only whoever asked can withdraw the request"


class MakerNotEntitled(Problem):
    """Since it asked, the maker was disabled, lost the role, or its key has ended."""

    status, slug, title = 403, "maker-not-entitled", "Whoever asked may no longer do this"


class ApprovalOutdated(Problem):
    """Carried out now, the request would come to something else than what was approved."""

    status, slug, title = 409, "approval-outdated", "It is no longer what was approved"


class TooFewApprovers(Problem):
    """A rule that nobody could satisfy would lock the party out. Give more people the role CHECKER
    first: `tidan user add`, `tidan user roles`."""

    status, slug, title = 409, "too-few-approvers", "There are fewer approvers than the rule needs"


class TooManyWaiting(Problem):
    """Requests that wait for approval are decided on, withdrawn, or expire after seven days."""

    status, slug, title = 409, "too-many-waiting", "Too many requests wait for approval already"


class ActUnknown(InvalidInput):
    """Rules are for acts of a fixed list; `tidan approval rules` shows it."""

    status, slug, title = 422, "act-unknown", "There is no such act"
