"""Sessions: what a person has after signing in, until they end or the person ends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.caller import Scope
from tidan_node.people.secrets import SessionText
from tidan_node.people.tables import sessions
from tidan_node.people.users import User, utc_now
from tidan_node.problems import InvalidInput


@dataclass(frozen=True, slots=True)
class Session:
    """A session as the node knows it, without its secret."""

    session_id: str
    user_id: str
    scopes: frozenset[Scope]
    via: str
    created_at: datetime
    expires_at: datetime
    anchor_id: str | None = None


class Sessions:
    """The sessions of this node's users, in the caller's transaction."""

    def __init__(
        self, connection: AsyncConnection, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._connection = connection
        self._clock = clock

    async def start(
        self,
        user: User,
        *,
        via: str,
        expires_at: datetime,
        within: frozenset[Scope] | None = None,
        anchor_id: str | None = None,
    ) -> tuple[Session, SessionText]:
        """A new session of this person, and its token, which is nowhere else and cannot be had
        again. It covers what the person's roles cover now, or of that what is `within`; and in each
        request no more than the roles cover then."""
        now = self._clock()
        text = SessionText.fresh()
        session = Session(
            session_id=text.key_id,
            user_id=user.user_id,
            scopes=user.scopes if within is None else user.scopes & within,
            via=via,
            created_at=now,
            expires_at=expires_at,
            anchor_id=anchor_id,
        )
        if not now < session.expires_at:
            raise InvalidInput("the session would have expired already", field="expiresAt")
        await self._connection.execute(
            insert(sessions).values(
                id=session.session_id,
                digest=text.digest(),
                user_id=session.user_id,
                scopes=sorted(session.scopes),
                via=session.via,
                anchor_id=session.anchor_id,
                created_at=session.created_at,
                expires_at=session.expires_at,
            )
        )
        return session, text

    async def end(self, session_id: str) -> None:
        """From now on its token opens nothing."""
        await self._connection.execute(
            update(sessions)
            .where(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
            .values(ended_at=self._clock())
        )

    async def forget_expired(self, before: datetime) -> int:
        """How many that had expired by then were let go; the trail keeps that they were."""
        gone = await self._connection.execute(
            delete(sessions).where(sessions.c.expires_at < before)
        )
        return gone.rowcount
