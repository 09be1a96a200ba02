"""Every SQL statement on what signing in leaves behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.certificates.client import UsedList
from tidan_node.domain.certificates.refused import refused as certificate_refused
from tidan_node.domain.platforms import AnchorId
from tidan_node.domain.sign_in_tokens import refused
from tidan_node.recognition.tables import revocation_lists, session_certificates, used_tokens

MOST_KEPT: Final = 16
"""Lists kept below one anchor; whoever has more issuers sends their lists along each time."""
_LET_GO: Final = b""


class RevocationLists:
    """The newest list of each issuer that was seen below an anchor."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def below(self, anchors: Collection[AnchorId]) -> list[bytes]:
        """Those that vouch for what these anchors vouch for."""
        found = await self._connection.scalars(
            select(revocation_lists.c.list)
            .where(revocation_lists.c.anchor_id.in_(list(anchors)))
            .where(revocation_lists.c.list != _LET_GO)
            .distinct()
        )
        return list(found)

    async def keep(self, anchor: AnchorId, used: UsedList) -> bool:
        """This list stands now, unless a newer one has come since it was looked up in. Whether it
        is another than the one that was kept."""
        mine = (revocation_lists.c.anchor_id == anchor) & (revocation_lists.c.series == used.series)
        row = insert(revocation_lists).values(
            anchor_id=anchor, series=used.series, issued_at=used.issued_at, list=used.der
        )
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(row)
        except IntegrityError:
            if not await self._replaced(mine, used):
                return False
        await self._let_the_oldest_go(anchor)
        return True

    async def _replaced(self, mine: ColumnElement[bool], used: UsedList) -> bool:
        kept = (
            await self._connection.execute(
                select(revocation_lists.c.issued_at, revocation_lists.c.list)
                .where(mine)
                .with_for_update()
            )
        ).one()
        if used.issued_at < kept.issued_at:
            raise certificate_refused(
                "crl-older", "a newer list of this issuer was seen", field="crls"
            )
        if kept.list == used.der:
            return False
        await self._connection.execute(
            update(revocation_lists).where(mine).values(issued_at=used.issued_at, list=used.der)
        )
        return True

    async def _let_the_oldest_go(self, anchor: AnchorId) -> None:
        """An authority may divide its lists as it likes, and each of them is read at a sign-in.
        When one was made is remembered, so that none older comes in its place."""
        theirs = (revocation_lists.c.anchor_id == anchor) & (revocation_lists.c.list != _LET_GO)
        oldest = await self._connection.scalars(
            select(revocation_lists.c.series)
            .where(theirs)
            .order_by(revocation_lists.c.issued_at.desc(), revocation_lists.c.series)
            .offset(MOST_KEPT)
        )
        await self._connection.execute(
            update(revocation_lists)
            .where(theirs, revocation_lists.c.series.in_(list(oldest)))
            .values(list=_LET_GO)
        )


class UsedTokens:
    """The names of tokens, remembered until they have ended anyway."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def use_up(self, digest: str, *, ends_at: datetime, now: datetime) -> None:
        """From now on this token is good for nothing more."""
        await self._connection.execute(delete(used_tokens).where(used_tokens.c.ends_at <= now))
        row = insert(used_tokens).values(digest=digest, ends_at=ends_at)
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(row)
        except IntegrityError as error:
            raise refused("replayed", "the token was used before; make a new one") from error


class SessionCertificates:
    """By which certificates the sessions began that may still go on."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def remember(
        self,
        session_id: str,
        certificates: Iterable[tuple[str, int]],
        *,
        ends_at: datetime,
        now: datetime,
    ) -> None:
        """Until the session has ended anyway. Each certificate by its issuer's key and number."""
        ended = session_certificates.c.ends_at <= now
        await self._connection.execute(delete(session_certificates).where(ended))
        rows = [
            {
                "session_id": session_id,
                "issuer": issuer,
                "serial": f"{serial:x}",
                "ends_at": ends_at,
            }
            for issuer, serial in certificates
        ]
        if rows:
            await self._connection.execute(insert(session_certificates), rows)

    async def revoked_by(self, used: UsedList) -> list[str]:
        """The sessions that stand on a certificate which this list names."""
        found = await self._connection.execute(
            select(session_certificates.c.session_id, session_certificates.c.serial).where(
                session_certificates.c.issuer == used.issuer
            )
        )
        rows = [(row.session_id, int(row.serial, 16)) for row in found]
        named = used.revokes(*{serial for _, serial in rows})
        return sorted({session_id for session_id, serial in rows if serial in named})
