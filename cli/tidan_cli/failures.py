"""Expected failures of the command line itself, and those that a node answered with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from tidan_node.problems import Problem


class UsageProblem(Problem):
    """What was typed, or a file that was named, cannot be used."""

    status, slug, title = 400, "usage", "The command cannot be used like this"


class FileUnusable(UsageProblem):
    status, slug, title = 400, "file-unusable", "A file cannot be used"


class FileExists(Problem):
    status, slug, title = 409, "file-exists", "There is a file by this name already"


class NodeNotChosen(UsageProblem):
    status, slug, title = 400, "node-not-chosen", "No node is chosen"


class ClientFileUnusable(UsageProblem):
    status, slug, title = 400, "client-file-unusable", "The home holds no usable client file"


class IdentifierTooShort(UsageProblem):
    status, slug, title = 400, "identifier-too-short", "The id is too short or not an id"


class IdentifierAmbiguous(Problem):
    status, slug, title = 409, "identifier-ambiguous", "Several records are meant by this"

    next_step = "give the id of the one that you mean, or enough of its first digits"


class NodeUnreachable(Problem):
    status, slug, title = 503, "node-unreachable", "The node cannot be reached"


class NotANode(Problem):
    status, slug, title = 502, "not-a-node", "What answered is not a Tidan node"


class StillPending(Problem):
    """Not a refusal: the node goes on, only the command has stopped waiting."""

    status, slug, title = 202, "still-pending", "The operation has not ended yet"


class NothingMoreTold(StillPending):
    """Not a refusal: the command has watched for as long as it was to."""

    status, slug, title = 202, "nothing-more-told", "It has not happened yet"


class NotWatched(StillPending):
    """Not a refusal: the node does what it was asked for, and may not be asked how that ends."""

    status, slug, title = 202, "not-watched", "The operation goes on, and cannot be watched"

    next_step: str | None = None


class AwaitsApproval(Problem):
    """Not a refusal: the node keeps the request until others of the party have approved it."""

    status, slug, title = 202, "awaits-approval", "It waits for approval; nothing is done yet"

    def __init__(self, approval: Mapping[str, object]) -> None:
        name = str(approval["id"])
        super().__init__(f"{approval['act']} waits as approval {name}", approval=name)
        self.approval = dict(approval)
        self.next_step = f"somebody else runs `tidan approval approve {name}`"


class ApprovalNotGiven(Problem):
    status, slug, title = 409, "approval-not-given", "It was not approved, and is not done"


class NotVerified(Problem):
    """Not a refusal: the node has looked, and something is not as it should be."""

    status, slug, title = 409, "not-verified", "Something is not as it should be"


class HistoryNotProven(NotVerified):
    """The node's answer does not prove what it shows. `tidan audit` asks the chain without it."""

    status, slug, title = 409, "history-not-proven", "The history does not prove itself"


class NotAllVerified(Problem):
    """Not a refusal: the node has looked, and could not look at everything."""

    status, slug, title = 409, "not-all-verified", "Not everything could be looked at"


class Interrupted(Problem):
    """Not a refusal: Ctrl-C stops the command, never what the node was asked for."""

    status, slug, title = 202, "interrupted", "The command was interrupted; its request goes on"


class ShownBefore(Problem):
    """The request was done when it was first sent; what it showed then is kept nowhere."""

    status, slug, title = 409, "shown-before", "It was shown before, and cannot be shown again"


class DeliveryFailed(Problem):
    status, slug, title = 502, "delivery-failed", "A delivery was not taken"


class OperationUndone(Problem):
    status, slug, title = 409, "operation-undone", "The deadline passed before anything was sent"

    next_step = (
        "nothing was done: run the command again, where it has --until with a later one (a span"
        " counts from the chain's last block, and the chain's clock may have gone on since)"
    )


class SomeRefused(Problem):
    """Each act of a batch is done or refused by itself: the answer says which were."""

    status, slug, title = 409, "some-refused", "Some of the acts were refused"


class PackageNotTaken(Problem):
    status, slug, title = 409, "package-not-taken", "The package did not arrive"


class SettingsWrong(UsageProblem):
    status, slug, title = 400, "settings-wrong", "The node's settings are wrong"


class HomeExists(Problem):
    status, slug, title = 409, "home-exists", "There is something in this folder already"


class AuditDiffers(Problem):
    status, slug, title = 409, "audit-differs", "The audit found a difference"


class ReportNotGenuine(AuditDiffers):
    status, slug, title = 409, "report-not-genuine", "The signed report cannot be believed"


class TradeHasFindings(Problem):
    status, slug, title = 409, "trade-has-findings", "The check has findings"


class TradeNotEvaluable(Problem):
    """Missing evidence is never a pass."""

    status, slug, title = 409, "trade-not-evaluable", "Not every rule could be evaluated"


class HomeBusy(Problem):
    status, slug, title = 409, "home-busy", "The home is in use"


class HomeUnusable(UsageProblem):
    status, slug, title = 400, "home-unusable", "The home cannot be used"


class BackupUnusable(UsageProblem):
    status, slug, title = 400, "backup-unusable", "The backup cannot be used"


class CertificateNotShown(Problem):
    status, slug, title = 409, "certificate-not-shown", "The node does not show its certificate yet"


class SignInEnded(Problem):
    status, slug, title = 403, "sign-in-ended", "Nobody has signed in"


class NotSignedIn(Problem):
    status, slug, title = 401, "not-signed-in", "Nobody is signed in to this node here"


class NodeDidNotStart(Problem):
    status, slug, title = 500, "node-did-not-start", "The node did not start"


class CardUnusable(UsageProblem):
    status, slug, title = 400, "card-unusable", "The party card cannot be used"


class AuthorityMissing(UsageProblem):
    status, slug, title = 400, "authority-missing", "This folder holds no authority's keystore"


class CouncilDecides(Problem):
    """Whoever deployed the contracts has handed all rights over."""

    status, slug, title = 409, "council-decides", "The Council decides about this"

    next_step = "a member proposes it: `tidan party enrol CARD --home HOME`"


class NextKeyMissing(UsageProblem):
    status, slug, title = 400, "next-key-missing", "The home has no key that could follow"


class AccountNotKnown(Problem):
    status, slug, title = 409, "account-not-known", "The chain does not know the account yet"


class AccountOfAnother(Problem):
    status, slug, title = 409, "account-of-another", "The account is another party's"


class DeployedElsewhere(Problem):
    status, slug, title = 409, "deployed-elsewhere", "The manifest here is of another chain"


class DeployedWithOtherTerms(Problem):
    status, slug, title = 409, "deployed-with-other-terms", "It is deployed with other terms"

    next_step = "leave these options out; other terms need another consortium, in another --home"


class DocumentsUnusable(UsageProblem):
    status, slug, title = 400, "documents-unusable", "The story cannot be told with these documents"


class StepFailed(Problem):
    status, slug, title = 500, "step-failed", "A step of the story did not end as it should"


@contextmanager
def typed_at(field: str | None = None, options: Mapping[str, str] | None = None) -> Iterator[None]:
    """A rule of the node that typed words break is told as one of the command line, by the option
    that they stand at: the one that is given, or the one of the member that the rule names."""
    try:
        yield
    except UsageProblem:
        raise
    except Problem as problem:
        named = (options or {}).get(problem.field or "", problem.field)
        raise UsageProblem(problem.detail, field=field or named) from problem


SCOPE_MISSING: Final = "scope-missing"
NOT_AUTHENTICATED: Final = "not-authenticated"
KEPT_FROM_LOOKING: Final = (SCOPE_MISSING, NOT_AUTHENTICATED)
"""What a node says that does what it was asked for, and may not tell the caller how it ends."""

_NEXT: Final = {"party-unknown": "`tidan party list` shows the parties, their numbers and names"}
"""What to do after a refusal, whatever the command was."""


class Answered(Problem):
    """A problem as a node described it, with the page that explains its kind."""

    def __init__(self, document: Mapping[str, object], *, page: str | None) -> None:
        field = document.get("field")
        super().__init__(
            str(document.get("detail", "")), field=None if field is None else str(field)
        )
        self._document = dict(document)
        self.page = page
        self.answered = str(document.get("type", "")).rsplit("/", 1)[-1]
        """The kind of the problem as the node named it."""
        self.next_step = _NEXT.get(self.answered)
        """What to do about it on the command line; a command may know better."""

    def document(self) -> dict[str, object]:
        return self._document
