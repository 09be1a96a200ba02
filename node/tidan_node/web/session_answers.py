"""Sessions as they begin and are shown, however the user was authenticated."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.people.caller import Scope
from tidan_node.people.sessions import Sessions
from tidan_node.people.users import User
from tidan_node.trail.trail import Trail
from tidan_node.web.shapes import Moment, Shape
from tidan_node.web.state import NodeState

STARTED: Final = "session.started"
ENDED: Final = "session.ended"


class SessionUser(Shape):
    """The person whose session it is."""

    id: str
    name: str


class SessionMade(Shape):
    """A new session with its token, which is shown this once."""

    token: str
    id: str
    user: SessionUser
    via: str
    """How the user was authenticated: `oidc`, or `platform:CODE`."""
    scopes: list[str]
    expires_at: Moment


async def started(
    connection: AsyncConnection,
    node: NodeState,
    user: User,
    *,
    via: str,
    expires_at: datetime,
    within: frozenset[Scope] | None = None,
    anchor_id: str | None = None,
) -> SessionMade:
    """A session of this user, written down in the trail, whose later entries name the session."""
    session, text = await Sessions(connection, node.clock).start(
        user, via=via, expires_at=expires_at, within=within, anchor_id=anchor_id
    )
    await Trail(connection).append(session.session_id, STARTED, user.user_id, {"via": via})
    return SessionMade(
        token=text.reveal(),
        id=session.session_id,
        user=SessionUser(id=user.user_id, name=user.name),
        via=session.via,
        scopes=sorted(session.scopes),
        expires_at=session.expires_at,
    )
