"""Why an operation ends without its effect, where the contract is not the one to say it."""

from __future__ import annotations

from tidan_node.problems import Problem


class DeadlinePassed(Problem):
    status, slug, title = 409, "deadline-passed", "The deadline passed before anything was signed"


class QueueFull(Problem):
    """As many operations are under way as the setting `queue_limit` says. Nothing was noted: send
    the request again, under the same key, after as many seconds as `Retry-After` says."""

    status, slug, title = 429, "queue-full", "The node has as much under way as it takes"


class OutOfGas(Problem):
    status, slug, title = 502, "out-of-gas", "The transaction used all of its gas each time"


class NoRoomInBlocks(Problem):
    """Nothing of it was carried out. Smaller acts have room: fewer titles in a batch, or a shorter
    text."""

    status, slug, title = 409, "no-room-in-blocks", "No block of the chain has room for it"


class NoEffect(Problem):
    """The contracts of the manifest tell of every act: whatever answered was none of them."""

    status, slug, title = 502, "no-effect", "The transaction was carried out, but told of nothing"


class ReasonUnknown(Problem):
    status, slug, title = 409, "reason-unknown", "The chain refused, and no longer shows why"
