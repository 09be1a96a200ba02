"""The typed errors of titles and of gateways, in words."""

from __future__ import annotations

from typing import Final

from tidan_node.domain import gateway_problems, title_problems
from tidan_node.ledger.refusal import Refusal, empty

OF_TITLES: Final = {
    "EmptyId": empty("the id is zero", "id"),
    "EmptySeries": empty("the series is zero", "series"),
    "EmptyContentRoot": empty("the content root is zero", "contentRoot"),
    "AlreadyIssued": Refusal(title_problems.AlreadyIssued, "title {id} was issued before", "title"),
    "SeriesAlreadyUsed": Refusal(
        title_problems.SeriesAlreadyUsed,
        "title {current} of this B/L number exists already",
        "series",
    ),
    "TitleUnknown": Refusal(title_problems.TitleUnknown, "there is no title {id}", "title"),
    "StaleSeq": Refusal(
        title_problems.StaleSeq,
        "record {id} is at seq {actual}, the request expects {expected}",
        "expectedSeq",
        {"actualSeq": "actual", "record": "id"},
    ),
    "TitleNotLive": Refusal(
        title_problems.TitleNotLive,
        "the title is {status}",
        "title",
        {"actualStatus": "status"},
    ),
    "NotThePossessor": Refusal(
        title_problems.NotThePossessor, "party {caller} does not possess the title", "caller"
    ),
    "NotTheTitleholder": Refusal(
        title_problems.NotTheTitleholder,
        "the title is not made out to party {caller}",
        "caller",
    ),
    "NotTheOfferee": Refusal(
        title_problems.NotTheOfferee, "the offer is not made to party {caller}", "caller"
    ),
    "NotTheIssuer": Refusal(
        title_problems.NotTheIssuer,
        "party {caller} did not issue title {id}, and is not its carrier's successor",
        "caller",
        {"record": "id"},
    ),
    "NoOpenOffer": Refusal(title_problems.NoOpenOffer, "the title is offered to nobody", "title"),
    "OfferAlreadyOpen": Refusal(
        title_problems.OfferAlreadyOpen, "the title is offered to party {offeree}", "title"
    ),
    "OfferExpired": Refusal(
        title_problems.OfferExpired, "the offer's deadline {deadline} has passed", "deadline"
    ),
    "DeadlineInThePast": Refusal(
        title_problems.DeadlineInThePast,
        "the deadline {deadline} lies not ahead of the chain's time",
        "deadline",
    ),
    "OfferToSelf": Refusal(
        title_problems.OfferToSelf, "a title cannot be offered to who holds it", "recipient"
    ),
    "NothingOffered": Refusal(
        title_problems.NothingOffered, "offer possession, title or both", "what"
    ),
    "KindForbidsTransfer": Refusal(
        title_problems.KindForbidsTransfer,
        "the titleholder of a title of kind {kind} does not change",
        "what",
    ),
    "KindNeedsTitleholder": Refusal(
        title_problems.KindNeedsTitleholder,
        "a title of kind {kind} is made out to somebody: name its titleholder",
        "titleholder",
    ),
    "BlankHasNoTitleholder": Refusal(
        title_problems.BlankHasNoTitleholder,
        "a title in blank is made out to nobody",
        "titleholder",
    ),
    "NoSurrenderPending": Refusal(
        title_problems.NoSurrenderPending,
        "title {id} is {status}",
        "title",
        {"actualStatus": "status", "record": "id"},
    ),
    "SurrenderedForAnother": Refusal(
        title_problems.SurrenderedForAnother,
        "title {id} was surrendered for {surrenderedFor}",
        "title",
        {"surrenderedFor": "surrenderedFor", "record": "id"},
    ),
    "EmptyWithdrawal": empty("the record of the paper's withdrawal is zero", "withdrawal"),
    "EmptyTransfer": empty("the name of the transfer is zero", "transfer"),
    "EmptyGateway": empty("the gateway is the zero address", "gateway"),
    "EmptyGatewayName": empty("the name of the gateway is empty", "name"),
    "SeriesDiffers": Refusal(
        title_problems.SeriesDiffers, "title {id} is not of series {series}", "series"
    ),
    "TermsMalformed": Refusal(title_problems.TermsMalformed, "{terms} are no terms", "terms"),
    "CountUnfit": Refusal(
        title_problems.CountUnfit, "{count} titles are not between {least} and {most}", "titles"
    ),
    "FinalWithoutTitle": Refusal(
        title_problems.FinalWithoutTitle,
        "only who takes the title over can be its last titleholder",
        "what",
    ),
    "OfferEnforced": Refusal(
        title_problems.OfferEnforced,
        "the pledgee enforces its pledge, and ends that itself",
        "title",
    ),
    "EndorsementUnfit": Refusal(
        title_problems.EndorsementUnfit, "a title of kind {kind} is not endorsed to {to}", "kind"
    ),
    "Pledged": Refusal(title_problems.Pledged, "the title is pledged", "title"),
    "NotPledged": Refusal(title_problems.NotPledged, "the title is not pledged", "title"),
    "NoPledgeProposed": Refusal(
        title_problems.NoPledgeProposed, "no pledge of the title is proposed", "title"
    ),
    "NotThePledgee": Refusal(
        title_problems.NotThePledgee,
        "title {id} is pledged, or proposed as security, to another bank",
        "caller",
    ),
    "PledgeeUnfit": Refusal(
        title_problems.PledgeeUnfit, "{pledgee} can take and enforce no pledge", "pledgee"
    ),
    "KindForbidsPledge": Refusal(
        title_problems.KindForbidsPledge, "a title of kind {kind} is not pledged", "title"
    ),
    "ConsentMissing": Refusal(
        title_problems.ConsentMissing,
        "the title is pledged, and its pledgee has not consented to this offer",
        "title",
    ),
    "ConsentGiven": Refusal(
        title_problems.ConsentGiven, "the pledgee has consented to this offer already", "title"
    ),
    "HoldersDiffer": Refusal(
        title_problems.HoldersDiffer,
        "a successor of title {id} has its possessor, titleholder and kind",
        "possessor",
    ),
    "OriginalsDiffer": Refusal(
        title_problems.OriginalsDiffer,
        "title {id} has another carrier, possessor, titleholder or kind than the first",
        "titles",
        {"record": "id"},
    ),
    "CarrierNotRevoked": Refusal(
        title_problems.CarrierNotRevoked,
        "party {carrier} is not revoked: surrender the title to it",
        "title",
    ),
    "CarrierHasSuccessor": Refusal(
        title_problems.CarrierHasSuccessor,
        "party {successor} answers for its carrier: surrender the title to it",
        "title",
    ),
    "PaperTooEarly": Refusal(
        title_problems.PaperTooEarly,
        "before {possibleFrom} a successor of the carrier may still be named",
        "title",
        {"possibleFrom": "possibleFrom"},
    ),
    "GatewayUnknown": Refusal(
        gateway_problems.GatewayUnknown, "{gateway} is no gateway that is recognised", "gateway"
    ),
    "GatewayNotAdmitted": Refusal(
        gateway_problems.GatewayNotAdmitted,
        "party {issuer} has not admitted the gateway {gateway}",
        "issuer",
    ),
    "NotTheGateway": Refusal(
        gateway_problems.NotTheGateway,
        "account {account} is not the gateway that has the title",
        "caller",
    ),
    "TitleNotInTransit": Refusal(
        gateway_problems.TitleNotInTransit, "the title is {status}", "title"
    ),
    "TitleNotExported": Refusal(
        gateway_problems.TitleNotExported, "the title is {status}", "title"
    ),
    "ContentDiffers": Refusal(
        gateway_problems.ContentDiffers,
        "title {id} left with another document or rulebook",
        "contentRoot",
    ),
    "IssuerUnfit": Refusal(
        gateway_problems.IssuerUnfit, "party {issuer} is no carrier that is a member", "issuer"
    ),
    "SignatureExpired": Refusal(
        title_problems.SignatureExpired,
        "the act was signed to be valid until {validUntil}",
        "validUntil",
    ),
    "SignatureInvalid": Refusal(
        title_problems.SignatureInvalid,
        "the signature over this act is not that of {signer}",
        "signature",
    ),
    "ActNotSignable": Refusal(
        title_problems.ActNotSignable,
        "no act with selector {selector} can be signed for another to send",
        "call",
    ),
    "AlreadyRecognised": Refusal(
        gateway_problems.GatewayAlreadyRecognised, "{gateway} is recognised already", "gateway"
    ),
    "AlreadyAdmitted": Refusal(
        gateway_problems.GatewayAlreadyAdmitted,
        "party {carrier} has admitted {gateway} already",
        "gateway",
    ),
    "NotAdmitted": Refusal(
        gateway_problems.GatewayNotAdmitted,
        "party {carrier} has not admitted the gateway {gateway}",
        "gateway",
    ),
    "NotRecognised": Refusal(
        gateway_problems.GatewayUnknown, "{gateway} is no gateway that is recognised", "gateway"
    ),
}
