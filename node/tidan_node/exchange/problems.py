"""Why a parcel is not taken, or not delivered yet."""

from __future__ import annotations

from tidan_node.problems import InvalidInput, NotFound, Problem


class SignatureRefused(Problem):
    """Another node's request carries one signature (RFC 9421) by the key in its party's profile.

    It covers the method, the target, the type and the digest of the body, names its time, its end
    at most five minutes later and a nonce, and is good once. The clocks of two nodes may differ by
    a minute. `rule` names what was wrong.
    """

    status, slug, title = 401, "signature-refused", "The request is not signed as it must be"


class SignerNotActive(Problem):
    """The signature is good, but the party has been suspended or revoked."""

    status, slug, title = 403, "signer-not-active", "The signing party may not send now"


class ParcelMisdirected(Problem):
    """A parcel's `from`, `to` and `chainId` are its signer, this node's party and its chain."""

    status, slug, title = 403, "parcel-misdirected", "The parcel is not from its signer to us"


class ParcelIdReused(Problem):
    """The sender gave this name to a parcel with another body before."""

    status, slug, title = 409, "parcel-id-reused", "Another parcel had this name"


class SealBroken(Problem):
    """The parcel is sealed for another key, or it was altered after it was sealed."""

    status, slug, title = 422, "seal-broken", "The parcel cannot be opened"


class RefusedTooOften(Problem):
    """What is refused is kept for ever, so each party has so many refusals an hour written down.

    This one was not; what is sent after `retryAfter` seconds is looked at as ever.
    """

    status, slug, title = 429, "refused-too-often", "Too much of this party was refused lately"


class RecordNotSeenYet(Problem):
    """This node has not read so far on the chain; the same parcel is welcome a little later."""

    status, slug, title = 503, "record-not-seen-yet", "The record has not been read here yet"


class ExchangeKeyNotHeld(InvalidInput):
    """A party's profile names exchange keys that its node has, and no former ones: else nothing
    could be opened that others seal. `tidan node renew-exchange-key` makes the next ones."""

    status, slug, title = 422, "exchange-key-not-held", "The node does not have this exchange key"


class ReceiptRefused(Problem):
    """A receipt is the recipient's signed statement about this very parcel, and nothing else."""

    status, slug, title = 502, "receipt-refused", "The receipt is not one of the recipient"


class RecipientUnreachable(Problem):
    """The recipient's node does not answer, or its profile names no node or no keys."""

    status, slug, title = 502, "recipient-unreachable", "The recipient's node cannot be reached"


class TlsRequired(Problem):
    """Nodes speak TLS with each other, and trust the certificates in each other's profile.

    Only a party that pins none is reached by plain http, and only on this very machine.
    """

    status, slug, title = 502, "tls-required", "The recipient cannot be reached by TLS"


class CertificateNotPinned(Problem):
    """Somebody else may be answering: nothing was sent. Or the recipient has a new certificate, and
    has not written it into its profile, or this node has not read so far on the chain."""

    status, slug, title = 502, "certificate-not-pinned", "Who answers is not shown to be it"


class CertificateNotInTime(Problem):
    """The certificate is the recipient's, and its time is over or still to come: nothing was sent.

    The recipient mends it with `tidan node renew-certificate`.
    """

    status, slug, title = 502, "certificate-not-in-time", "The recipient's certificate has ended"


class RecipientSuspended(Problem):
    """Nothing is sent to a party while it is suspended."""

    status, slug, title = 409, "recipient-suspended", "The recipient is suspended"


class RecipientNotConcerned(Problem):
    """The act that made the parcel due has been overtaken: the offer was withdrawn, or has passed
    on. Nothing is disclosed to a party that has no place in the record any more."""

    status, slug, title = 409, "recipient-not-concerned", "The record no longer concerns this party"


class RecipientRedirects(Problem):
    """A parcel goes to the address that the chain has, and to no other."""

    status, slug, title = 502, "recipient-redirects", "The recipient's address leads elsewhere"


class AnswerNotUnderstood(Problem):
    """What came back is neither a receipt nor a problem; it may be somebody's on the way."""

    status, slug, title = 502, "answer-not-understood", "The answer is not one of a node"


class RecordNotOnChain(Problem):
    """The chain, as far as it was read here, does not have what the parcel is to carry."""

    status, slug, title = 409, "record-not-on-chain", "The chain does not have this content yet"


class OperationUnderWay(Problem):
    """The parcel leaves once the chain shows the act that it belongs to."""

    status, slug, title = 409, "operation-under-way", "The chain does not show the act yet"


class OperationWithoutEffect(Problem):
    """The act that made the parcel due did not happen; nothing was sent."""

    status, slug, title = 409, "operation-without-effect", "The act did not happen"


class ContentNotHeld(NotFound):
    """Only who holds a record's content can hand it on."""

    status, slug, title = 404, "content-not-held", "This node does not hold the content"


class ParcelToSelf(InvalidInput):
    """What one holds one need not send oneself."""

    status, slug, title = 422, "parcel-to-self", "The parcel is addressed to its sender"


class ParcelUnknown(NotFound):
    """No parcel of this node has this name."""

    status, slug, title = 404, "parcel-unknown", "There is no such parcel"
