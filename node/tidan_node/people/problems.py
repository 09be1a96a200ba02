"""Why a caller is turned away."""

from __future__ import annotations

from tidan_node.problems import InvalidInput, NotFound, Problem


class NotAuthenticated(Problem):
    """Send `Authorization: Bearer` with an API key of this node that is still good.

    A key that was never made, has expired or was revoked is answered in the same words, so that an
    answer tells nobody which keys exist.
    """

    status, slug, title = 401, "not-authenticated", "The request carries no valid API key"


class ScopeMissing(Problem):
    """The API key is good, and was made without the scope that this needs."""

    status, slug, title = 403, "scope-missing", "The API key does not cover this"


class ScopeUnknown(InvalidInput):
    """The scopes of a key are chosen from a fixed list."""

    status, slug, title = 422, "scope-unknown", "There is no such scope"


class ApiKeyUnknown(NotFound):
    """No key of this node has this id."""

    status, slug, title = 404, "api-key-unknown", "There is no such API key"
