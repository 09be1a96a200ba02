"""Sign-ins under way: begun here, continued at the provider, ended once or forgotten."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.problems import SignInUnknown
from tidan_node.people.tables import sign_ins
from tidan_node.people.users import utc_now

LIFE: Final = timedelta(minutes=10)
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the node keeps of a sign-in to recognise its end by."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str

    @property
    def challenge(self) -> str:
        """The verifier as the provider sees it first (RFC 7636, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Begun:
    """A new sign-in with its two secrets. The state travels through the browser; the other one
    stays with whoever began, so that a caught redirect is of no use to who caught it."""

    sign_in: SignIn
    state: str = field(repr=False)
    secret: str = field(repr=False)
    expires_at: datetime


class SignIns:
    """Sign-ins under way, in the caller's transaction."""

    def __init__(
        self, connection: AsyncConnection, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._connection = connection
        self._clock = clock

    async def begin(self, redirect_uri: str) -> Begun:
        """A sign-in that ends within ten minutes or not at all."""
        begun = Begun(
            SignIn(_random(), _random(), redirect_uri),
            state=_random(),
            secret=_random(),
            expires_at=self._clock() + LIFE,
        )
        await self._connection.execute(
            insert(sign_ins).values(
                state_digest=_digest(begun.state),
                secret_digest=_digest(begun.secret),
                nonce=begun.sign_in.nonce,
                verifier=begun.sign_in.verifier,
                redirect_uri=redirect_uri,
                expires_at=begun.expires_at,
            )
        )
        return begun

    async def take(self, state: str, secret: str) -> SignIn:
        """The sign-in of these secrets, which is gone from here with this. One that never was, has
        ended, has expired or is another's is refused in the same words."""
        taken = await self._connection.execute(
            delete(sign_ins)
            .where(
                sign_ins.c.state_digest == _digest(state),
                sign_ins.c.secret_digest == _digest(secret),
                sign_ins.c.expires_at > self._clock(),
            )
            .returning(sign_ins.c.nonce, sign_ins.c.verifier, sign_ins.c.redirect_uri)
        )
        row = taken.one_or_none()
        if row is None:
            raise SignInUnknown("begin anew", field="state")
        return SignIn(row.nonce, row.verifier, row.redirect_uri)

    async def forget_expired(self) -> int:
        """How many that nobody ended were let go."""
        gone = await self._connection.execute(
            delete(sign_ins).where(sign_ins.c.expires_at <= self._clock())
        )
        return gone.rowcount


def _random() -> str:
    return secrets.token_urlsafe(_BYTES)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
