"""How this node lets people sign in, as its settings say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tidan_node.people.loopback import is_loopback_redirect
from tidan_node.people.openid import OpenIdProvider
from tidan_node.people.problems import RedirectRefused


@dataclass(frozen=True, slots=True)
class SignInOffer:
    """The provider, where it may send people afterwards, and how long a session lasts."""

    provider: OpenIdProvider
    redirect_uri: str | None
    session_life: timedelta

    def require_redirect(self, uri: str) -> None:
        """Nobody is sent elsewhere, with a code that is good for a session."""
        if uri != self.redirect_uri and not is_loopback_redirect(uri):
            raise RedirectRefused(
                "http://127.0.0.1:<port>/<path>, or the setting oidc_redirect_uri",
                field="redirectUri",
            )
