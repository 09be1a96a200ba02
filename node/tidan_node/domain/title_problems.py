"""Why an act on a title is refused; each is also a typed error of TitleRegistry."""

from __future__ import annotations

from tidan_node.problems import Problem


class AlreadyIssued(Problem):
    status, slug, title = 409, "already-issued", "A title is issued once"


class SeriesAlreadyUsed(Problem):
    status, slug, title = 409, "series-already-used", "A title of this B/L number exists already"


class TitleUnknown(Problem):
    status, slug, title = 404, "title-unknown", "There is no such title"


class StaleSeq(Problem):
    status, slug, title = 409, "stale-seq", "The record has moved on since you looked at it"


class TitleNotLive(Problem):
    status, slug, title = 409, "title-not-live", "Only a live title can do this"


class NotThePossessor(Problem):
    status, slug, title = 403, "not-the-possessor", "Only the possessor of the title may do this"


class NotTheTitleholder(Problem):
    status, slug, title = 403, "not-the-titleholder", "Only the titleholder may do this"


class NotTheOfferee(Problem):
    status, slug, title = 403, "not-the-offeree", "Only the party that it is offered to may do this"


class NotTheIssuer(Problem):
    status, slug, title = (
        403,
        "not-the-issuer",
        "Only the carrier that issued the title, or its successor, may do this",
    )


class NoOpenOffer(Problem):
    status, slug, title = 409, "no-open-offer", "The title is not on offer"


class OfferAlreadyOpen(Problem):
    status, slug, title = 409, "offer-already-open", "The title is on offer already"


class OfferExpired(Problem):
    status, slug, title = 409, "offer-expired", "The offer has ended"


class DeadlineInThePast(Problem):
    status, slug, title = 422, "deadline-in-the-past", "The deadline has passed already"


class OfferToSelf(Problem):
    status, slug, title = 422, "offer-to-self", "A title cannot be offered to its own possessor"


class NothingOffered(Problem):
    status, slug, title = 422, "nothing-offered", "The offer moves nothing"


class KindForbidsTransfer(Problem):
    status, slug, title = 409, "kind-forbids-transfer", "A title of this kind does not move so"


class KindNeedsTitleholder(Problem):
    status, slug, title = 422, "kind-needs-titleholder", "A title of this kind names a titleholder"


class BlankHasNoTitleholder(Problem):
    status, slug, title = 422, "blank-has-no-titleholder", "A title in blank names no titleholder"


class NoSurrenderPending(Problem):
    status, slug, title = (
        409,
        "no-surrender-pending",
        "No surrender of this title waits for an answer",
    )


class SeriesDiffers(Problem):
    status, slug, title = 422, "series-differs", "The title is of another B/L number"


class TermsMalformed(Problem):
    status, slug, title = 422, "terms-malformed", "These are no terms of a title"


class CountUnfit(Problem):
    status, slug, title = 422, "count-unfit", "Too few or too many titles for one act"


class FinalWithoutTitle(Problem):
    status, slug, title = 422, "final-without-title", "A last titleholder takes the title over"


class OfferEnforced(Problem):
    status, slug, title = 409, "offer-enforced", "The open offer is the pledgee's own"


class EndorsementUnfit(Problem):
    status, slug, title = 409, "endorsement-unfit", "A title of this kind is not endorsed so"


class Pledged(Problem):
    status, slug, title = 409, "pledged", "A pledged title does not do this"


class NotPledged(Problem):
    status, slug, title = 409, "not-pledged", "The title is not pledged"


class NoPledgeProposed(Problem):
    status, slug, title = 409, "no-pledge-proposed", "No pledge of the title is proposed"


class NotThePledgee(Problem):
    status, slug, title = 403, "not-the-pledgee", "Only the pledgee of the title may do this"


class PledgeeUnfit(Problem):
    status, slug, title = 409, "pledgee-unfit", "The pledgee may take and enforce no pledge"


class KindForbidsPledge(Problem):
    status, slug, title = 409, "kind-forbids-pledge", "A title of this kind is not pledged"


class ConsentMissing(Problem):
    status, slug, title = 409, "consent-missing", "The pledgee has not consented to this offer"


class ConsentGiven(Problem):
    status, slug, title = 409, "consent-given", "The pledgee has consented to this offer already"


class HoldersDiffer(Problem):
    status, slug, title = 409, "holders-differ", "A successor has the holders of its origin"


class OriginalsDiffer(Problem):
    status, slug, title = 409, "originals-differ", "Only titles of the same terms are combined"


class CarrierNotRevoked(Problem):
    status, slug, title = 409, "carrier-not-revoked", "The carrier of the title answers for it"


class CarrierHasSuccessor(Problem):
    status, slug, title = 409, "carrier-has-successor", "The carrier's successor answers for it"


class PaperTooEarly(Problem):
    status, slug, title = 409, "paper-too-early", "A successor of the carrier may still be named"


class GatewayUnknown(Problem):
    status, slug, title = 403, "gateway-unknown", "No such gateway is recognised"


class GatewayAlreadyRecognised(Problem):
    status, slug, title = 409, "gateway-already-recognised", "The gateway is recognised already"


class NotTheGateway(Problem):
    status, slug, title = 403, "not-the-gateway", "Only the gateway that has the title may do this"


class TitleNotInTransit(Problem):
    status, slug, title = 409, "title-not-in-transit", "The title is locked for no gateway"


class TitleNotExported(Problem):
    status, slug, title = 409, "title-not-exported", "The title is here, or has ended"


class ContentDiffers(Problem):
    status, slug, title = (
        409,
        "content-differs",
        "A title comes back with the document it left with",
    )


class IssuerUnfit(Problem):
    status, slug, title = 422, "issuer-unfit", "The issuer is no carrier that is a member"


class SignatureExpired(Problem):
    status, slug, title = 409, "signature-expired", "The signed act is no longer valid"


class SignatureInvalid(Problem):
    status, slug, title = (
        403,
        "signature-invalid",
        "The signature is not the signer's over this act",
    )


class ActNotSignable(Problem):
    status, slug, title = 422, "act-not-signable", "This is no act that can be signed for another"
