"""Why an act on a title is refused; each is also a typed error of TitleRegistry."""

from __future__ import annotations

from tidan_node.problems import Problem


class AlreadyIssued(Problem):
    """Number and sub-reference make a title's id, once and for ever. Issue it under another."""

    status, slug, title = 409, "already-issued", "A title is issued once"


class SeriesAlreadyUsed(Problem):
    """One title at a time is alive of each B/L number: it is amended, or ended, before the next."""

    status, slug, title = 409, "series-already-used", "A title of this B/L number exists already"


class TitleUnknown(Problem):
    """The chain has no title of this id, as far as the node has read it."""

    status, slug, title = 404, "title-unknown", "There is no such title"


class StaleSeq(Problem):
    """Each act raises `seq` by one. Look again: `actualSeq` is where the record stands."""

    status, slug, title = 409, "stale-seq", "The record has moved on since you looked at it"


class TitleNotLive(Problem):
    """`actualStatus` says how it stands. A surrender is answered or taken back; an end is one."""

    status, slug, title = 409, "title-not-live", "Only a live title can do this"


class NotThePossessor(Problem):
    """Possession moves when an offer is accepted, and with it who may do this."""

    status, slug, title = 403, "not-the-possessor", "Only the possessor of the title may do this"


class NotTheTitleholder(Problem):
    """Who possesses it alone can offer possession to the titleholder, and nothing more."""

    status, slug, title = 403, "not-the-titleholder", "Only the titleholder may do this"


class NotTheOfferee(Problem):
    """An offer names one party, and only that one accepts or declines it."""

    status, slug, title = 403, "not-the-offeree", "Only the party that it is offered to may do this"


class NotTheIssuer(Problem):
    """A successor is whom the Council names for a carrier that is revoked."""

    status, slug, title = (
        403,
        "not-the-issuer",
        "Only the carrier that issued the title, or its successor, may do this",
    )


class NoOpenOffer(Problem):
    """It was withdrawn or answered; or a pledge is proposed, which has acts of its own."""

    status, slug, title = 409, "no-open-offer", "The title is not on offer"


class OfferAlreadyOpen(Problem):
    """One offer, or proposal of a pledge, waits at a time: withdraw it, or let it end."""

    status, slug, title = 409, "offer-already-open", "The title is on offer already"


class OfferExpired(Problem):
    """Its deadline has passed on the chain's clock. Whoever made it can make it anew."""

    status, slug, title = 409, "offer-expired", "The offer has ended"


class DeadlineInThePast(Problem):
    """Deadlines are held against the chain's clock, which may be ahead of yours."""

    status, slug, title = 422, "deadline-in-the-past", "The deadline has passed already"


class OfferToSelf(Problem):
    """Name another party; who holds it endorses it to itself without an offer."""

    status, slug, title = 422, "offer-to-self", "A title cannot be offered to its own possessor"


class NothingOffered(Problem):
    """Say what moves: possession, the title, or both."""

    status, slug, title = 422, "nothing-offered", "The offer moves nothing"


class KindForbidsTransfer(Problem):
    """Of a straight title, and of one with its last titleholder, possession alone moves."""

    status, slug, title = 409, "kind-forbids-transfer", "A title of this kind does not move so"


class KindNeedsTitleholder(Problem):
    """Only a title in blank is made out to nobody."""

    status, slug, title = 422, "kind-needs-titleholder", "A title of this kind names a titleholder"


class BlankHasNoTitleholder(Problem):
    """Whoever possesses it is entitled: name the possessor alone."""

    status, slug, title = 422, "blank-has-no-titleholder", "A title in blank names no titleholder"


class NoSurrenderPending(Problem):
    """For delivery it is accepted, for amendment replaced or made paper; both can be rejected."""

    status, slug, title = 409, "no-surrender-pending", "The title is not surrendered for this"


class SurrenderedForAnother(Problem):
    """What was asked for binds the answer. Reject it, or have it surrendered anew."""

    status, slug, title = (
        409,
        "surrendered-for-another",
        "The carrier answers only what the title was surrendered for",
    )


class SeriesDiffers(Problem):
    """An amendment keeps the number, under another sub-reference. To change it is a switch."""

    status, slug, title = 422, "series-differs", "The title is of another B/L number"


class TermsMalformed(Problem):
    """Kind, schema, version and rulebook stand in one word; this one has none of these."""

    status, slug, title = 422, "terms-malformed", "These are no terms of a title"


class CountUnfit(Problem):
    """A batch has 1 to 100 titles, a split or combination 2 to 50."""

    status, slug, title = 422, "count-unfit", "Too few or too many titles for one act"


class FinalWithoutTitle(Problem):
    """Offer the title itself, or leave `final` out: possession makes nobody titleholder."""

    status, slug, title = 422, "final-without-title", "A last titleholder takes the title over"


class OfferEnforced(Problem):
    """It ends with its acceptance, its deadline, or the pledgee's release."""

    status, slug, title = 409, "offer-enforced", "The open offer is the pledgee's own"


class EndorsementUnfit(Problem):
    """To order becomes blank or final; blank becomes to order or final; the rest never."""

    status, slug, title = 409, "endorsement-unfit", "A title of this kind is not endorsed so"


class Pledged(Problem):
    """Its pledgee releases it first, or consents where it is offered."""

    status, slug, title = 409, "pledged", "A pledged title does not do this"


class NotPledged(Problem):
    """Nobody has taken it as security, or the pledge was released."""

    status, slug, title = 409, "not-pledged", "The title is not pledged"


class NoPledgeProposed(Problem):
    """It was withdrawn, answered, or never made."""

    status, slug, title = 409, "no-pledge-proposed", "No pledge of the title is proposed"


class NotThePledgee(Problem):
    """A pledgee is a bank that has taken the title, or that it is proposed to."""

    status, slug, title = 403, "not-the-pledgee", "Only the pledgee of the title may do this"


class PledgeeUnfit(Problem):
    """Only an active bank takes a pledge, enforces it or consents; releasing needs no standing."""

    status, slug, title = 409, "pledgee-unfit", "The pledgee may take and enforce no pledge"


class KindForbidsPledge(Problem):
    """A title to order or in blank is pledged. Of the others a bank can be given possession."""

    status, slug, title = 409, "kind-forbids-pledge", "A title of this kind is not pledged"


class ConsentMissing(Problem):
    """A pledged title goes nowhere before its pledgee has agreed to this very offer."""

    status, slug, title = 409, "consent-missing", "The pledgee has not consented to this offer"


class ConsentGiven(Problem):
    """Nothing is left to do: the offer can be accepted."""

    status, slug, title = 409, "consent-given", "The pledgee has consented to this offer already"


class HoldersDiffer(Problem):
    """What takes a title's place has its possessor, titleholder and kind."""

    status, slug, title = 409, "holders-differ", "A successor has the holders of its origin"


class TitleholderDiffers(Problem):
    """The document says by a code to whom it is made out, and that is another member. Name this one
    as titleholder, or have the document say whose it is. A member that lacks the code in its
    profile can add it."""

    status, slug, title = 422, "titleholder-differs", "The document is made out to another member"


class OriginalsDiffer(Problem):
    """They have one carrier, possessor, titleholder and kind."""

    status, slug, title = 409, "originals-differ", "Only titles of the same terms are combined"


class CarrierNotRevoked(Problem):
    """Surrender the title to it: only where nobody answers does the possessor end it as paper."""

    status, slug, title = 409, "carrier-not-revoked", "The carrier of the title answers for it"


class CarrierHasSuccessor(Problem):
    """Surrender the title to the successor, which answers in the carrier's place."""

    status, slug, title = 409, "carrier-has-successor", "The carrier's successor answers for it"


class PaperTooEarly(Problem):
    """`possibleFrom` is when the possessor can end the title itself, in seconds of the chain."""

    status, slug, title = 409, "paper-too-early", "A successor of the carrier may still be named"


class SignatureExpired(Problem):
    """Have the act prepared and signed anew, with a later `validUntil`."""

    status, slug, title = 409, "signature-expired", "The signed act is no longer valid"


class SignatureInvalid(Problem):
    """It is made over the typed data as prepared, by the account that is named, with v 27 or 28."""

    status, slug, title = (
        403,
        "signature-invalid",
        "The signature is not the signer's over this act",
    )


class ActNotSignable(Problem):
    """The acts of parties and pledgees are signed for others to send, just as prepared."""

    status, slug, title = 422, "act-not-signable", "This is no act that can be signed for another"
