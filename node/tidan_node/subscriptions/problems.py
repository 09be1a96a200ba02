"""Why a stream cannot begin, or a webhook cannot be made."""

from __future__ import annotations

from tidan_node.problems import Problem


class PositionUnknown(Problem):
    """The node has read that far, and has never seen this event: begin anew, with `after=start`
    for everything, or without a position for what comes from now on."""

    status, slug, title = 410, "position-unknown", "The node cannot go on from this event"


class WebhookUrlRefused(Problem):
    """Deliveries go to https URLs, or to http ones of this very machine."""

    status, slug, title = 422, "webhook-url-refused", "Nothing can be delivered to this URL"


class TooManyWebhooks(Problem):
    """Remove one that is no longer needed."""

    status, slug, title = 409, "too-many-webhooks", "The node has as many webhooks as it can keep"
