"""The typed errors of the Council, of foreign platforms, and of changes to parties, in words."""

from __future__ import annotations

from typing import Final

from tidan_node.domain import council_problems, parties, platforms, record_problems
from tidan_node.ledger.refusal import Refusal, empty, other

OF_PARTY_CHANGES: Final = {
    "EmptyReason": empty("the reason is empty", "reason"),
    "EmptyRotation": empty("a rotation adds an account, removes one, or both", "added"),
    "RotationOpen": Refusal(
        record_problems.RotationOpen, "party {party} has an open rotation", "party"
    ),
    "NoRotationOpen": Refusal(
        record_problems.NoRotationOpen, "party {party} has no open rotation", "party"
    ),
    "RotationTooEarly": Refusal(
        council_problems.TooEarly,
        "the rotation can be completed from {completableFrom}",
        "party",
        {"completableFrom": "completableFrom"},
    ),
    "PartyNotRevoked": Refusal(
        record_problems.PartyNotRevoked, "party {party} is not revoked", "party"
    ),
    "SuccessorUnfit": Refusal(
        record_problems.SuccessorUnfit,
        "party {successor} is not active, or lacks a role, carrier or bank, of the revoked party",
        "successor",
    ),
    "WaitUnfit": Refusal(
        record_problems.WaitUnfit, "{wait} seconds are not between {least} and {most}", "delay"
    ),
}

OF_COUNCIL: Final = {
    "NotTheFounder": Refusal(
        council_problems.NotTheFounder, "account {account} did not deploy the Council", "caller"
    ),
    "AlreadyFounded": Refusal(council_problems.AlreadyFounded, "the Council is founded already"),
    "WrongAuthority": other("the registry at {registry} answers to another authority"),
    "RightsLeft": other(
        "role {roleId} of the authority would not be the Council's alone; revoke it from the others"
    ),
    "SeatCountUnfit": Refusal(
        council_problems.SeatCountUnfit,
        "a threshold of {threshold} does not go with {seats} seats: there are at least as many as"
        " the threshold, and less than twice as many",
        "seats",
    ),
    "AlreadySeated": Refusal(council_problems.AlreadySeated, "party {party} has a seat", "party"),
    "SeatUnknown": Refusal(council_problems.SeatUnknown, "party {party} has no seat", "party"),
    "NotSeated": Refusal(
        council_problems.NotSeated, "party {party} has no seat in the Council", "caller"
    ),
    "OnlyTheCouncil": Refusal(
        record_problems.NotAuthorised, "account {caller} is not the Council", "caller"
    ),
    "TargetForbidden": Refusal(
        council_problems.TargetForbidden,
        "the Council does not decide about function {selector} of {target}",
        "target",
    ),
    "CallMalformed": Refusal(
        council_problems.CallMalformed, "the call of {selector} names no party", "call"
    ),
    "SubjectUnknown": Refusal(parties.PartyUnknown, "there is no party {party}", "party"),
    "ProposalUnknown": Refusal(
        council_problems.ProposalUnknown, "there is no proposal {proposal}", "proposal"
    ),
    "ProposalExecuted": Refusal(
        council_problems.ProposalExecuted, "proposal {proposal} is executed", "proposal"
    ),
    "ProposalLapsed": Refusal(
        council_problems.ProposalLapsed, "proposal {proposal} lapsed at {lapsedAt}", "proposal"
    ),
    "AlreadyApproved": Refusal(
        council_problems.AlreadyApproved,
        "party {party} has approved proposal {proposal}",
        "proposal",
    ),
    "NotApproved": Refusal(
        council_problems.NotApproved,
        "party {party} has not approved proposal {proposal}",
        "proposal",
    ),
    "NothingToObjectTo": Refusal(
        council_problems.NothingToObjectTo, "proposal {proposal} has no subject", "proposal"
    ),
    "NotTheSubject": Refusal(
        council_problems.NotTheSubject,
        "party {party} is not the subject of proposal {proposal}",
        "caller",
    ),
    "AlreadyObjected": Refusal(
        council_problems.AlreadyObjected,
        "proposal {proposal} is objected to already",
        "proposal",
    ),
    "ApprovalsMissing": Refusal(
        council_problems.ApprovalsMissing,
        "proposal {proposal} has {approvals} approvals that count, and needs {required}",
        "proposal",
    ),
    "OtherCall": Refusal(
        council_problems.OtherCall, "proposal {proposal} is about another call", "call"
    ),
    "AlreadyDecided": Refusal(
        council_problems.AlreadyDecided,
        "what proposal {proposal} decides was done after it was proposed",
        "proposal",
    ),
    "TooEarly": Refusal(
        council_problems.TooEarly,
        "proposal {proposal} can be executed from {executableFrom}",
        "proposal",
        {"executableFrom": "executableFrom"},
    ),
}

OF_PLATFORMS: Final = {
    "PlatformCodeMalformed": Refusal(
        platforms.PlatformCodeMalformed,
        "2 to 20 capital letters, digits and hyphens, the first of them a letter",
        "platform",
    ),
    "EmptyAnchorKind": empty("the anchor has no kind", "kind"),
    "EmptyAnchor": empty("the anchor is empty", "anchor"),
    "EmptyActs": empty("at least one act is recognised", "acts"),
    "RecognitionExpired": Refusal(platforms.RecognitionExpired, "{expiresAt} is past", "expiresAt"),
    "AnchorUnknown": Refusal(
        platforms.AnchorUnknown, "no recognition has the anchor {anchorId}", "anchor"
    ),
    "AnchorWithdrawn": Refusal(
        platforms.AnchorWithdrawn, "the recognition of {anchorId} is withdrawn", "anchor"
    ),
}
