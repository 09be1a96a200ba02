"""A user of a recognised platform signs in: proven first, and then there is a session."""

from __future__ import annotations

import binascii
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.certificates.client import CertificateRefused, UsedList
from tidan_node.domain.identifiers import party_on_chain
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.platforms import Recognition
from tidan_node.domain.sign_in_tokens import PlatformSignInRefused, refused
from tidan_node.people.problems import NotInDirectory, TooManySignIns
from tidan_node.people.sessions import Sessions
from tidan_node.people.users import PLATFORM, User, Users
from tidan_node.problems import InvalidInput, Problem
from tidan_node.recognition.proving import Proven, Recognised, proven_by
from tidan_node.recognition.repository import RevocationLists, SessionCertificates, UsedTokens
from tidan_node.recognition.schemas import PlatformSessionRequest
from tidan_node.recognition.scope import covers, scopes_of
from tidan_node.records.records import Records
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.web.own_party import own_party
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.session_answers import ENDED, SessionMade, started
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

REFUSED: Final = "platform-session.refused"
LONGEST: Final = timedelta(hours=1)

_log = structlog.stdlib.get_logger(__name__)


class PlatformSessions:
    """Reads and proves first, and asks for the one writer of the database only then."""

    def __init__(self, undertaking: Transaction, node: NodeState) -> None:
        self._undertaking = undertaking
        self._node = node

    async def start(self, sent: PlatformSessionRequest) -> SessionMade:
        """The session of whom the platform vouches for, in the name of this node's party."""
        crls = _lists(sent.crls)
        now = self._node.clock()
        async with self._node.database.reading() as connection:
            own = await own_party(Records(connection), self._node)
            recognised = await self._recognised(connection, sent.platform)
        try:
            proven = await self._proven(sent.token, crls, recognised, own, now)
        except CertificateRefused as problem:
            await self._learn(problem, recognised)
            raise await self._refused(sent.platform, problem) from problem
        except PlatformSignInRefused as problem:
            raise await self._refused(sent.platform, problem) from problem
        connection = await self._undertaking.begin()
        self._undertaking.moment = "platform-session"
        try:
            user = await self._user(connection, sent.platform, proven, now)
            ends_at = self._end_of(proven, now)
        except (PlatformSignInRefused, CertificateRefused, NotInDirectory) as problem:
            raise await self._refused(sent.platform, problem) from problem
        made = await started(
            connection,
            self._node,
            user,
            via=PLATFORM + sent.platform,
            expires_at=ends_at,
            within=scopes_of(proven.recognition),
            anchor_id=proven.recognition.anchor_id,
        )
        await SessionCertificates(connection).remember(
            made.id, proven.certificates, ends_at=ends_at, now=now
        )
        return made

    async def _recognised(self, connection: AsyncConnection, platform: str) -> Recognised:
        records = Records(connection)
        anchors = await records.recognitions(await records.chain_time(), platform=platform)

        async def kept() -> list[bytes]:
            async with self._node.database.reading() as later:
                return await RevocationLists(later).below([each.anchor_id for each in anchors])

        return Recognised(platform, tuple(anchors), kept)

    def _end_of(self, proven: Proven, now: datetime) -> datetime:
        """The first of all ends; proving may have taken until after it."""
        recognised_until = moment_of(proven.recognition.expires_at)
        ends = min(now + LONGEST, proven.valid_until, recognised_until)
        if ends <= self._node.clock():
            raise refused("time", "the credential, a list or the recognition ends at this moment")
        return ends

    async def _proven(
        self,
        token: str,
        crls: Sequence[bytes],
        recognised: Recognised,
        own: PartyState,
        now: datetime,
    ) -> Proven:
        audience = party_on_chain(self._node.chain.chain_id, own.index)
        proven = await proven_by(
            token, crls, recognised, self._node.issuers, audience=audience, at=now
        )
        _require_within(proven.recognition, own)
        if own.profile is None or proven.organisation not in own.profile.identifiers:
            raise refused("organisation", "the credential names no identifier of this party")
        return proven

    async def _user(
        self, connection: AsyncConnection, platform: str, proven: Proven, now: datetime
    ) -> User:
        await UsedTokens(connection).use_up(
            proven.token_digest, ends_at=proven.token_ends_at, now=now
        )
        for each in proven.lists:
            await self._keep(connection, proven.recognition, each)
        user = await Users(connection, self._node.clock).signing_in(
            issuer=PLATFORM + platform, subject=proven.subject
        )
        allowance = self._node.members.of(("signing-in", user.user_id))
        if not allowance.grant(now):
            seconds = math.ceil(allowance.rest(now).total_seconds())
            raise TooManySignIns("the sessions that were begun are still good", retryAfter=seconds)
        return user

    async def _learn(self, problem: CertificateRefused, recognised: Recognised) -> None:
        """The list that revokes is kept, though it lets nobody in: an older one hides it no more.
        Its commit stands by itself, whatever becomes of the refusal."""
        if problem.learnt is None or problem.learnt.used.der in await recognised.kept():
            return
        below = next(e for e in recognised.anchors if e.anchor == problem.learnt.authority)
        async with self._node.database.writing() as connection:
            await self._keep(connection, below, problem.learnt.used)

    async def _keep(self, connection: AsyncConnection, below: Recognition, used: UsedList) -> None:
        """What a new list names ends with it, at once."""
        if not await RevocationLists(connection).keep(below.anchor_id, used):
            return
        for session_id in await SessionCertificates(connection).revoked_by(used):
            await Sessions(connection, self._node.clock).end(session_id)
            await Trail(connection).append(SYSTEM, ENDED, session_id, {"rule": "revoked"})

    async def _refused(self, platform: str, problem: Problem) -> Exception:
        """The trail has it, as long as strangers may have something written there."""
        rule = problem.extra.get("rule")
        _log.warning("platform sign-in refused", problem=problem.slug, rule=rule)
        if not self._node.strangers.grant(self._node.clock()):
            return problem
        connection = await self._undertaking.begin()
        detail = {"problem": problem.slug, "rule": rule}
        await Trail(connection).append(SYSTEM, REFUSED, PLATFORM + platform, detail)
        return RecordedRefusal(problem)


def _require_within(recognition: Recognition, own: PartyState) -> None:
    own.standing.require_not_revoked("party")
    if not covers(recognition, own.standing):
        raise refused("roles", "the recognition does not reach parties of this role", "platform")


def _lists(sent: Sequence[str]) -> list[bytes]:
    try:
        return [binascii.a2b_base64(each, strict_mode=True) for each in sent]
    except ValueError as error:
        raise InvalidInput("each list is DER in base64", field="crls") from error
