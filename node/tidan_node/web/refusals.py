"""What the edge refuses before any feature is asked."""

from __future__ import annotations

from tidan_node.problems import InvalidInput, Problem


class MethodNotAllowed(Problem):
    """The path exists and does not answer to this method; `Allow` lists those it answers to."""

    status, slug, title = 405, "method-not-allowed", "The path does not answer to this method"


class BadRequest(Problem):
    """The request is not HTTP that this node can read."""

    status, slug, title = 400, "bad-request", "The request cannot be read"


class IdempotencyKeyMissing(Problem):
    """Every POST names itself in `Idempotency-Key`, so that sending it twice does it once."""

    status, slug, title = 400, "idempotency-key-missing", "A POST needs an Idempotency-Key"


class IdempotencyKeyReused(Problem):
    """The key belongs to an earlier request with another body or path; take a new one."""

    status, slug, title = 422, "idempotency-key-reused", "The Idempotency-Key named another request"


class IdempotencyKeyInUse(Problem):
    """The first request with this key has not been answered yet; ask again in a moment."""

    status, slug, title = 409, "idempotency-key-in-use", "The same request is still being answered"


class TooLarge(Problem):
    """The body passes the node's limit (setting `upload_limit`)."""

    status, slug, title = 413, "too-large", "The request is larger than this node takes"


class UnsupportedMediaType(Problem):
    """The body is in a form that this endpoint does not read."""

    status, slug, title = 415, "unsupported-media-type", "The body is of a kind not read here"


class CursorInvalid(InvalidInput):
    """Cursors come from `nextCursor` of the page before, unchanged, for the same list."""

    status, slug, title = 422, "cursor-invalid", "The cursor is not one that this list gave"


class RecordedRefusal(Exception):
    """A refusal that the trail keeps: what was written before it was raised is committed."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem
