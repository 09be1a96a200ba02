"""Why an act on a party, an invoice, a policy or an anchor is refused, as typed errors say it."""

from __future__ import annotations

from tidan_node.problems import Problem


class ContractRefused(Problem):
    status, slug, title = 409, "contract-refused", "The contract refused, in words of its own"


class NotAuthorised(Problem):
    status, slug, title = 403, "not-authorised", "Only the authority of the consortium may do this"


class EmptyValue(Problem):
    status, slug, title = 422, "empty-value", "A value that is needed is empty"


class PartyRevoked(Problem):
    status, slug, title = 409, "party-revoked", "The party is revoked; nothing about it changes"


class PartyStatusRefused(Problem):
    status, slug, title = 409, "party-status-refused", "The party cannot be given this status"


class AccountTaken(Problem):
    status, slug, title = 409, "account-taken", "The account belongs, or belonged, to a party"


class AccountNotOfParty(Problem):
    status, slug, title = 409, "account-not-of-party", "The account is none of this party's"


class LastAccount(Problem):
    status, slug, title = 409, "last-account", "A party keeps at least one account"


class NumberingKeyMalformed(Problem):
    status, slug, title = 422, "numbering-key-malformed", "This is no numbering key"


class CodeTaken(Problem):
    status, slug, title = 409, "code-taken", "The code has its numbering key already, for ever"


class RotationOpen(Problem):
    status, slug, title = 409, "rotation-open", "The party exchanges an account already"


class NoRotationOpen(Problem):
    status, slug, title = 409, "no-rotation-open", "The party exchanges no account"


class PartyNotRevoked(Problem):
    status, slug, title = 409, "party-not-revoked", "Only a revoked party has a successor"


class SuccessorUnfit(Problem):
    status, slug, title = 422, "successor-unfit", "A successor is active, and has the roles"


class WaitUnfit(Problem):
    """Under 24 hours nobody sees it coming; only the embedded chain's clock can be advanced."""

    status, slug, title = 422, "wait-unfit", "The Council cannot wait so short or so long"


class RecordUnknown(Problem):
    status, slug, title = 404, "record-unknown", "There is no such invoice or policy"


class AlreadyRegistered(Problem):
    status, slug, title = 409, "already-registered", "A record of this number exists already"


class NotTheSeller(Problem):
    status, slug, title = 403, "not-the-seller", "Only the seller may do this with the invoice"


class NotTheBuyer(Problem):
    status, slug, title = 403, "not-the-buyer", "Only the buyer may do this with the invoice"


class BuyerIsTheSeller(Problem):
    status, slug, title = 422, "buyer-is-the-seller", "An invoice has two parties"


class NotTheInsurer(Problem):
    status, slug, title = 403, "not-the-insurer", "Only the insurer may do this with the policy"


class NotTheInsured(Problem):
    status, slug, title = 403, "not-the-insured", "Only the insured may do this with the policy"


class WrongStatus(Problem):
    status, slug, title = 409, "wrong-status", "The record's status does not allow this"


class PolicyExpired(Problem):
    status, slug, title = 409, "policy-expired", "The policy has ended"


class VersionNotAhead(Problem):
    status, slug, title = 409, "version-not-ahead", "A new version has a higher number"


class AnchorNotAhead(Problem):
    status, slug, title = 409, "anchor-not-ahead", "The trail is anchored this far already"


class AlreadyLinked(Problem):
    status, slug, title = 409, "already-linked", "The invoice is linked to this title already"


class EndorsementRefused(Problem):
    """An endorsement is a new version of the same policy: its number and its last day stay."""

    status, slug, title = 422, "endorsement-refused", "This is no endorsement of the policy"


class PackageMissing(Problem):
    """The content comes from the other party's node, or by hand (`POST /v1/packages`): nobody
    accepts a title or an invoice unread."""

    status, slug, title = 409, "package-missing", "This node does not hold the record's content"
