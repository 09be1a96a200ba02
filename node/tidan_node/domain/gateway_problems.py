"""Why what concerns a gateway is refused; each is also a typed error of the contracts."""

from __future__ import annotations

from tidan_node.problems import Problem


class GatewayUnknown(Problem):
    """The Council recognises gateways and dismisses them: `GET /v1/gateways` lists them."""

    status, slug, title = 403, "gateway-unknown", "No such gateway is recognised"


class GatewayAlreadyRecognised(Problem):
    """Nothing is left to do: titles can be locked for it."""

    status, slug, title = 409, "gateway-already-recognised", "The gateway is recognised already"


class GatewayNotAdmitted(Problem):
    """A title that was never here comes in only by a gateway that its carrier has admitted."""

    status, slug, title = 409, "gateway-not-admitted", "The carrier has not admitted this gateway"


class GatewayAlreadyAdmitted(Problem):
    """Nothing is left to do: it can bring in titles of this carrier."""

    status, slug, title = 409, "gateway-already-admitted", "The carrier admits the gateway already"


class NotTheGateway(Problem):
    """A title leaves, returns and comes back by one gateway, unless that was dismissed."""

    status, slug, title = (
        403,
        "not-the-gateway",
        "Only the gateway that has the title, or sent it out, may do this",
    )


class TitleNotInTransit(Problem):
    """Only a title that is locked, or that arrives, is exported or returned."""

    status, slug, title = 409, "title-not-in-transit", "The title is in no gateway's hands"


class TitleNotExported(Problem):
    """What is here cannot come in, and what has ended does not come back."""

    status, slug, title = 409, "title-not-exported", "The title is here, or has ended"


class ContentDiffers(Problem):
    """It has the content root and the rulebook that it left with."""

    status, slug, title = (
        409,
        "content-differs",
        "A title comes back with the document it left with",
    )


class IssuerUnfit(Problem):
    """A gateway brings in titles of carriers that are enrolled here, and not revoked."""

    status, slug, title = 422, "issuer-unfit", "The issuer is no carrier that is a member"
