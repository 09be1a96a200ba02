"""What each typed error of the contracts means: the Problem of the same meaning, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tidan_node.domain import parties, record_problems
from tidan_node.ledger.membership_refusals import OF_COUNCIL, OF_PARTY_CHANGES, OF_PLATFORMS
from tidan_node.ledger.refusal import Refusal, empty, other
from tidan_node.ledger.title_refusals import OF_TITLES

_OF_PARTIES: Final = {
    "NotEnrolled": Refusal(
        parties.NotEnrolled,
        "account {account} belongs to no enrolled party; where the party has changed its key since,"
        " start its node again with the new one",
        "caller",
    ),
    "PartyUnknown": Refusal(parties.PartyUnknown, "there is no party {party}", "party"),
    "PartyNotActive": Refusal(parties.PartyNotActive, "party {party} is not active", "party"),
    "PartyRevoked": Refusal(record_problems.PartyRevoked, "party {party} is revoked", "party"),
    "RoleMissing": Refusal(
        parties.RoleMissing, "party {party} does not have the role {role}", "caller"
    ),
    "InvalidRoles": Refusal(parties.PartyRoleUnknown, "{roles} is no set of roles", "roles"),
    "InvalidStatus": Refusal(
        record_problems.PartyStatusRefused, "party {party} cannot be made {status}", "status"
    ),
    "AccountTaken": Refusal(
        record_problems.AccountTaken,
        "account {account} belongs, or belonged, to party {party}",
        "account",
    ),
    "AccountNotOfParty": Refusal(
        record_problems.AccountNotOfParty,
        "account {account} is none of party {party}",
        "account",
    ),
    "LastAccount": Refusal(
        record_problems.LastAccount, "it is the last account of party {party}", "account"
    ),
    "InvalidNumberingKey": Refusal(
        record_problems.NumberingKeyMalformed,
        "a numbering key is 33 bytes, the first of them 2 or 3",
        "key",
    ),
    "CodeTaken": Refusal(
        record_problems.CodeTaken, "the code has a numbering key, of party {party}", "code"
    ),
    "EmptyAccount": empty("the account is the zero address", "account"),
    "EmptyProfile": empty("the profile is empty", "profile"),
    "EmptyRulebook": empty("the version of the rulebook is empty", "rulebook"),
    "EmptyGoverningLaw": empty("the governing law is empty", "governingLaw"),
    "EmptyCode": empty("the code is empty", "code"),
}

_OF_RECORDS: Final = {
    "RecordUnknown": Refusal(record_problems.RecordUnknown, "there is no record {id}", "id"),
    "AlreadyRegistered": Refusal(
        record_problems.AlreadyRegistered, "record {id} exists already", "id"
    ),
    "NotTheSeller": Refusal(
        record_problems.NotTheSeller, "party {caller} did not issue the invoice", "caller"
    ),
    "NotTheBuyer": Refusal(
        record_problems.NotTheBuyer, "the invoice is not made out to party {caller}", "caller"
    ),
    "BuyerIsTheSeller": Refusal(
        record_problems.BuyerIsTheSeller, "the buyer is the seller", "buyer"
    ),
    "NotTheInsurer": Refusal(
        record_problems.NotTheInsurer, "party {caller} did not issue the policy", "caller"
    ),
    "NotTheInsured": Refusal(
        record_problems.NotTheInsured, "the policy does not insure party {caller}", "caller"
    ),
    "WrongStatus": Refusal(
        record_problems.WrongStatus, "the status of the record ({status}) forbids it", "id"
    ),
    "PolicyExpired": Refusal(
        record_problems.PolicyExpired, "the policy ended at {expires}", "expires"
    ),
    "VersionNotAhead": Refusal(
        record_problems.VersionNotAhead,
        "version {version} does not follow version {current}",
        "version",
    ),
    "AnchorNotAhead": Refusal(
        record_problems.AnchorNotAhead, "the trail is anchored up to {last} already", "upTo"
    ),
}


def _unauthorised(argument: str) -> Refusal:
    return Refusal(
        record_problems.NotAuthorised, f"account {{{argument}}} is not the authority", "caller"
    )


_OF_AUTHORITY: Final = {
    "AccessManagedUnauthorized": _unauthorised("caller"),
    "AccessManagerUnauthorizedAccount": _unauthorised("msgsender"),
    "AccessManagerUnauthorizedCall": _unauthorised("caller"),
    "AccessManagerUnauthorizedCancel": _unauthorised("msgsender"),
    "AccessManagerUnauthorizedConsume": _unauthorised("target"),
    "AccessManagedRequiredDelay": other("the authority must wait {delay} seconds"),
    "AccessManagedInvalidAuthority": other("{authority} is no authority"),
    "AccessManagerAlreadyScheduled": other("act {operationId} is scheduled already"),
    "AccessManagerBadConfirmation": other("who renounces a role confirms it by its own account"),
    "AccessManagerExpired": other("act {operationId} was scheduled too long ago"),
    "AccessManagerInvalidInitialAdmin": other("{initialAdmin} cannot be the first admin"),
    "AccessManagerLockedRole": other("role {roleId} cannot be changed"),
    "AccessManagerNotReady": other("act {operationId} must still wait"),
    "AccessManagerNotScheduled": other("act {operationId} is not scheduled"),
    "AddressEmptyCode": other("there is no contract at {target}"),
    "FailedCall": other("the contract that was called on failed"),
    "InsufficientBalance": other("the contract has {balance}, and would need {needed}"),
    "SafeCastOverflowedUintDowncast": other("{value} does not fit {bits} bits"),
}

REFUSALS: Final[Mapping[str, Refusal]] = (
    _OF_PARTIES
    | OF_PARTY_CHANGES
    | OF_COUNCIL
    | OF_PLATFORMS
    | OF_TITLES
    | _OF_RECORDS
    | _OF_AUTHORITY
)
