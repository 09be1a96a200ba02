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
