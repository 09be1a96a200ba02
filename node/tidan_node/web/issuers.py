"""What the issuers of credentials publish at their own addresses."""

from __future__ import annotations

from typing import Protocol

from tidan_node.problems import Problem


class IssuerNotReached(Problem):
    """The issuer of a credential could not be asked for its keys or its list of revoked ones;
    try again later."""

    status, slug, title = 502, "issuer-not-reached", "The credential's issuer cannot be asked"


class Issuers(Protocol):
    """Fetches what an issuer publishes; whoever asks has found the address in what is trusted."""

    async def published(self, url: str) -> bytes: ...


class NobodyIsAsked:
    """For a node that asks no issuer."""

    async def published(self, url: str) -> bytes:
        raise IssuerNotReached("this node asks no issuers", field="token")
