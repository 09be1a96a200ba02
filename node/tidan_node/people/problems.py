"""Why a caller is turned away."""

from __future__ import annotations

from tidan_node.problems import InvalidInput, NotFound, Problem


class NotAuthenticated(Problem):
    """Send `Authorization: Bearer` with an API key or a session's token that is still good.

    One that was never made, has expired, was revoked or ended is answered in the same words, so
    that an answer tells nobody which of them exist.
    """

    status, slug, title = (
        401,
        "not-authenticated",
        "The request carries no valid API key or session",
    )


class ScopeMissing(Problem):
    """The API key or session is good, and does not cover what this needs."""

    status, slug, title = 403, "scope-missing", "The key or session does not cover this"


class ScopeUnknown(InvalidInput):
    """The scopes of a key are chosen from a fixed list."""

    status, slug, title = 422, "scope-unknown", "There is no such scope"


class UserRoleUnknown(InvalidInput):
    """The roles of a user are chosen from a fixed list."""

    status, slug, title = 422, "user-role-unknown", "There is no such role of a user"


class ApiKeyUnknown(NotFound):
    """No key of this node has this id, or none that the caller may see: the two look alike."""

    status, slug, title = 404, "api-key-unknown", "There is no such API key"


class UserUnknown(NotFound):
    """Nobody in this node's directory has this id."""

    status, slug, title = 404, "user-unknown", "There is no such user"


class UserExists(Problem):
    """An issuer and a subject name one person, who stands in the directory once."""

    status, slug, title = 409, "user-exists", "This person is in the directory already"


class NotInDirectory(Problem):
    """The sign-in was good, and this node's directory has nobody for it, or has it disabled: the
    two look alike. An administrator of the party adds people: `tidan user add`."""

    status, slug, title = 403, "not-in-directory", "Nobody in the directory signs in like this"


class DelegationRefused(Problem):
    """An agent has some of what its owner has, for a limited time, and decides nothing."""

    status, slug, title = 403, "delegation-refused", "This cannot be delegated"


class SignInNotOffered(NotFound):
    """This node has no OpenID provider: its settings `oidc_issuer` and `oidc_client_id`."""

    status, slug, title = 404, "sign-in-not-offered", "People do not sign in to this node"


class SignInUnknown(Problem):
    """A sign-in is ended once, by whoever began it, within ten minutes. One that was never begun,
    has ended, has expired or is somebody else's is answered in the same words."""

    status, slug, title = 403, "sign-in-unknown", "No such sign-in is under way"


class SignInRefused(Problem):
    """What came back from the OpenID provider does not vouch for anybody; `rule` names the check
    that it failed."""

    status, slug, title = 403, "sign-in-refused", "The sign-in cannot be believed"


class ProviderUnusable(Problem):
    """The OpenID provider cannot be reached, or does not answer as one. Try again later; if it
    stays so, the node's administrator checks the setting `oidc_issuer`."""

    status, slug, title = 503, "provider-unusable", "The OpenID provider cannot be used"


class RedirectRefused(InvalidInput):
    """After signing in a browser is sent to this very machine
    (`http://127.0.0.1:<port>/<path>`), or to the setting `oidc_redirect_uri`."""

    status, slug, title = 422, "redirect-refused", "Nobody is sent to this address"


class TooManySignIns(Problem):
    """So many sign-ins were begun in this minute that the node takes no more for its rest."""

    status, slug, title = 429, "too-many-sign-ins", "Too many sign-ins were begun just now"
