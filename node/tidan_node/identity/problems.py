"""Why a credential is not issued, and why another party's node could not be asked."""

from __future__ import annotations

from tidan_node.problems import InvalidInput, NotFound, Problem


class CredentialUnknown(NotFound):
    """This node has issued no credential of this id."""

    status, slug, title = 404, "credential-unknown", "There is no such credential"


class CredentialAlreadyRevoked(Problem):
    """A revoked credential stays revoked; issue another one."""

    status, slug, title = 409, "credential-already-revoked", "The credential is revoked already"


class CredentialNotPossible(Problem):
    """A credential names its issuer and another party by their DIDs, and is signed with the key
    that the chain has for the issuer: both need a profile with a node's URL, and this node its key.
    What it vouches for must be possible: numbers that can exist and that nobody else states."""

    status, slug, title = 409, "credential-not-possible", "No credential can be issued here yet"


class CredentialRolesRefused(InvalidInput):
    """A party is accredited for roles that the chain gives it; the Council gives and takes them."""

    status, slug, title = 422, "credential-roles-refused", "The party has not all of these roles"


class CredentialNotPresentable(InvalidInput):
    """Only a credential with selective disclosure that names this node's own key can be shown by
    it, and of it only claims that it has."""

    status, slug, title = 422, "credential-not-presentable", "This node cannot present it"


class NodeNotAsked(Problem):
    """Another party's node could not be asked, or has not answered as its address promises."""

    status, slug, title = 502, "node-not-asked", "The other node has not answered"
